"""Telegram in the running process: opens the bot, receives updates, and retries while Telegram is unavailable."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from aiohttp import web
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.config.settings import Settings
from bot.startup_errors import CannotStart
from conversations.core.channels import TELEGRAM
from conversations.core.record import Record
from handlers.telegram.client import LeanBot, write_menu
from handlers.telegram.polling import poll
from handlers.telegram.receiver import TelegramReceiver
from handlers.telegram.webhook import set_webhook, webhook
from handlers.turns import Runtime

log = structlog.get_logger()

_FIRST = 5.0  # seconds that a start waits for Telegram; then the page starts alone, and retries continue
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0  # seconds between tries after that


class Telegram(Record):
    """Telegram, once it has answered."""

    bot: LeanBot
    receiver: TelegramReceiver


@contextlib.asynccontextmanager
async def open_bot(settings: Settings) -> AsyncIterator[LeanBot | None]:
    """The bot; None without a token. Raises CannotStart if Telegram rejects the token. If Telegram does not answer in
    time, the bot has no name yet: see `name_of`.
    """
    if settings.telegram_bot_token is None:
        yield None
        return
    bot = LeanBot(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url)
    try:
        await _first_try(bot)
        yield bot
    finally:
        await bot.shutdown()


async def _first_try(bot: LeanBot) -> None:
    try:
        async with asyncio.timeout(_FIRST):
            await bot.initialize()
    except InvalidToken:
        raise CannotStart("Telegram refuses TELEGRAM_BOT_TOKEN. Ask @BotFather for it again.") from None
    except (TelegramError, TimeoutError) as error:
        log.warning("Telegram does not answer yet", kind=type(error).__name__)


def name_of(bot: LeanBot | None) -> str | None:
    """The bot's name; None until Telegram has answered."""
    try:
        return bot.username if bot else None
    except RuntimeError:
        return None


def accounts(bot: LeanBot | None) -> dict[str, str]:
    """The bot's name by channel (see `Rules.account`)."""
    name = name_of(bot)
    return {TELEGRAM.name: name} if name else {}


def routes(settings: Settings, telegram: Telegram | None) -> tuple[web.RouteDef, ...]:
    """The web routes for Telegram: the webhook, in webhook mode."""
    secret = settings.telegram_webhook_secret
    if telegram is None or secret is None or settings.telegram_mode != "webhook":
        return ()
    return (webhook(telegram.bot, telegram.receiver.take, secret.get_secret_value()),)


async def take_updates(
    settings: Settings, runtime: Runtime, telegram: Telegram, stopping: asyncio.Event
) -> None:
    """Receives updates: polls until `stopping` is set, or only registers the webhook."""
    bot, secret = telegram.bot, settings.telegram_webhook_secret
    if settings.telegram_mode == "webhook" and secret:
        await retry_until_accepted(
            lambda: set_webhook(bot, settings.web_address, secret.get_secret_value()), stopping
        )
        await write_menu(bot, runtime.flows.commands.values(), runtime.library, runtime.rules.languages)
    elif await retry_until_accepted(bot.delete_webhook, stopping):
        await write_menu(bot, runtime.flows.commands.values(), runtime.library, runtime.rules.languages)
        await poll(bot, telegram.receiver.take, stopping)


async def retry_until_accepted(call: Callable[[], Awaitable[object]], stopping: asyncio.Event) -> bool:
    """Repeats a call until Telegram accepts it. False if `stopping` is set first, or if Telegram rejects the token."""
    pause = _FIRST_PAUSE
    while not stopping.is_set():
        try:
            await call()
        except InvalidToken:
            log.critical("Telegram rejected the bot token; the Telegram bot is off, the web page stays up")
            return False
        except BadRequest as error:
            log.error("Telegram rejected a request", says=error.message)
        except TelegramError as error:
            log.warning("Telegram does not answer yet", kind=type(error).__name__)
        else:
            return True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await stopping.wait()
        pause = min(pause * 2, _LONGEST_PAUSE)
    return False
