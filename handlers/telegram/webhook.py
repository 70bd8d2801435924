"""The webhook. It answers 200 only after the turn was committed, and reads nothing without the right secret."""

import hmac
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from telegram import Bot

from handlers.telegram.client import LeanBot
from handlers.telegram.parse import ParsedUpdate, parse_update
from handlers.telegram.polling import ALLOWED
from storage.core import json_codec

log = structlog.get_logger()

PATH = "/telegram"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST = 1_000_000  # bytes; Telegram's updates are a few thousand


def webhook(bot: LeanBot, take: Callable[[ParsedUpdate], Awaitable[None]], secret: str) -> web.RouteDef:
    """The route that Telegram posts updates to. 401 without the secret; 413 or 400 if the body is not an
    update. An update of a shape that nothing can read is acknowledged, so that Telegram does not send it for ever.
    """

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, secret.encode()):
            return web.Response(status=401)
        update = _update(await _body(request), bot)
        if update is None:
            return web.Response(status=400)
        try:
            await take(update)
        except Exception as error:  # noqa: BLE001 - after any error it is not stored, so not acknowledged
            log.warning("update not stored", kind=type(error).__name__)
            return web.Response(status=500)
        return web.Response()

    return web.post(PATH, receive)


async def set_webhook(bot: Bot, public_url: str, secret: str) -> None:
    """Registers the webhook and its secret. Telegram also delivers the updates that are waiting."""
    await bot.set_webhook(f"{public_url}{PATH}", secret_token=secret, allowed_updates=list(ALLOWED))


async def _body(request: web.Request) -> bytes:
    """The body. Raises 413 if it is larger than LARGEST."""
    too_large = web.HTTPRequestEntityTooLarge(max_size=LARGEST, actual_size=request.content_length or LARGEST)
    if (request.content_length or 0) > LARGEST:
        raise too_large
    body = bytearray()
    async for chunk in request.content.iter_chunked(65_536):
        body += chunk
        if len(body) > LARGEST:
            raise too_large
    return bytes(body)


def _update(body: bytes, bot: LeanBot) -> ParsedUpdate | None:
    try:
        data = json_codec.loads(body)
        return parse_update(data, bot) if isinstance(data, dict) else None
    except Exception as error:  # noqa: BLE001 - anything without an id is not an update
        log.warning("not an update", kind=type(error).__name__)
        return None
