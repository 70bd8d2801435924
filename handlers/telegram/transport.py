"""Sends messages to Telegram: one try each, with a reliable result."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from html import unescape

import structlog
from telegram import InputFile, Message
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.error import RetryAfter as TelegramRetryAfter

from conversations.core.channels import TELEGRAM
from conversations.core.i18n import Library
from conversations.core.messages import Attachment, Say
from conversations.core.record import replace
from handlers import transport
from handlers.files.render import RenderedFile
from handlers.telegram.client import LeanBot
from handlers.telegram.http import RequestFateUnknown, RequestNotSent
from handlers.telegram.render import Payload, caption_and_messages, messages, without_links
from storage.core.errors import Unavailable

log = structlog.get_logger()

DrawFile = Callable[[Attachment], Awaitable[RenderedFile]]

# Telegram's errors for a message that cannot be edited: then a new one is sent.
_CANNOT_REPLACE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message",
)
_SEVERAL = ":"  # between the ids of a message with a picture: the picture's and the last part's
_UNCHANGED = "message is not modified"
_UNKNOWN_FILE = "file identifier"
_PICTURES_KNOWN = 100
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid")


class TelegramTransport:
    """The transport of Telegram. `draw` makes an attachment's file when the message is sent."""

    channel = TELEGRAM

    def __init__(self, bot: LeanBot, library: Library, draw: DrawFile) -> None:
        self._bot, self._library, self._draw = bot, library, draw
        self._pictures: dict[bytes, str] = {}  # Telegram's file ids of pictures, by content hash

    async def send(self, address: str, say: Say, replaces: str | None, *, plain: bool = False) -> str:
        """See `Transport.send`."""
        counted = self._library.words(say.language, None)("{n} of {total}")
        chat = int(address)
        try:
            if replaces and _SEVERAL in replaces:
                await self._take_back(chat, [int(one) for one in replaces.split(_SEVERAL)])
            if say.attachment:
                return await self._send_attachment(chat, say, say.attachment, counted, plain=plain)
            payloads = _choose_markup(messages(say, counted), plain=plain)
            if replaces and len(payloads) == 1 and _SEVERAL not in replaces:
                return await self._edit_or_send(chat, int(replaces), payloads[0])
            return await self._one_by_one(chat, payloads)
        except TelegramError as error:
            raise _fate(error) from None

    async def ping(self) -> None:
        """See `Transport.ping`."""
        try:
            await self._bot.get_me()
        except TelegramError as error:
            raise _fate(error) from None

    async def _one_by_one(self, chat: int, payloads: list[Payload], reference: str = "") -> str:
        """Sends payloads in order. `reference` is the id of an earlier part of the same message, if one was sent."""
        for payload in payloads:
            try:
                reference = await self._bot.send_payload(chat, payload)
            except TelegramError as error:
                # A retry of the whole message would deliver the earlier parts twice.
                raise (RequestFateUnknown("a later part was not sent") if reference else error) from None
        return reference

    async def _edit_or_send(self, chat: int, message: int, payload: Payload) -> str:
        try:
            await self._bot.edit_payload(chat, message, payload)
        except BadRequest as error:
            words = error.message.lower()
            if _UNCHANGED in words:
                return str(message)
            if any(known in words for known in _CANNOT_REPLACE):
                return await self._one_by_one(chat, [payload])
            raise
        return str(message)

    async def _send_attachment(
        self, chat: int, say: Say, attachment: Attachment, counted: str, *, plain: bool
    ) -> str:
        drawn = await self._draw_attachment(attachment)
        if drawn.key:
            say = replace(
                say,
                attachment=replace(
                    attachment, described="\n\n".join(filter(None, (attachment.described, drawn.key)))
                ),
            )
        caption, after = caption_and_messages(say, counted)
        [caption] = _choose_markup((caption,), plain=plain)
        if drawn.is_picture:
            sent = await self._photo(chat, drawn, caption)
        else:
            sent = await self._bot.send_document(chat, _file(drawn), **caption)
        last = await self._one_by_one(chat, _choose_markup(after, plain=plain), str(sent.message_id))
        return f"{sent.message_id}{_SEVERAL}{last}"

    async def _take_back(self, chat: int, parts: list[int]) -> None:
        """Deletes the parts of a message with a picture, which no edit replaces. After two days Telegram deletes nothing: then
        only the words go.
        """
        for part in dict.fromkeys(parts):
            try:
                await self._bot.delete_message(chat, part)
            except BadRequest:
                await self._blank(chat, part)

    async def _blank(self, chat: int, part: int) -> None:
        for edit in (
            partial(self._bot.edit_message_caption, chat, part, caption=""),
            partial(self._bot.edit_payload, chat, part, {"text": "…"}),
        ):
            with suppress(BadRequest):
                await edit()
                return

    async def _photo(self, chat: int, drawn: RenderedFile, caption: Payload) -> Message:
        """Sends a picture. Each is uploaded once; after that, Telegram's file id is used."""
        digest = sha256(drawn.content).digest()
        known = self._pictures.get(digest)
        if known:
            try:
                return await self._bot.send_photo(chat, known, **caption)
            except BadRequest as error:
                if _UNKNOWN_FILE not in error.message.lower():
                    raise
        sent = await self._bot.send_photo(chat, _file(drawn), **caption)
        if len(self._pictures) >= _PICTURES_KNOWN:
            self._pictures.clear()
        self._pictures[digest] = sent.photo[-1].file_id
        return sent

    async def _draw_attachment(self, attachment: Attachment) -> RenderedFile:
        try:
            return await self._draw(attachment)
        except Unavailable:
            raise transport.NotSent from None
        except Exception as error:  # noqa: BLE001 - one bad attachment; nothing was sent
            log.error("attachment not drawn", attachment=attachment.name, kind=type(error).__name__)
            raise transport.MessageRejected from None


def _file(drawn: RenderedFile) -> InputFile:
    return InputFile(drawn.content, filename=drawn.name)


def _choose_markup(payloads: tuple[Payload, ...], *, plain: bool) -> list[Payload]:
    return [_without_markup(payload) for payload in payloads] if plain else list(payloads)


def _without_markup(payload: Payload) -> Payload:
    """The payload as plain text without links, for a message that was rejected for its formatting or an address."""
    bare: Payload = {name: _strip_tags(payload[name]) for name in ("text", "caption") if name in payload}
    if "reply_markup" in payload:
        bare["reply_markup"] = without_links(payload["reply_markup"])
    return {key: value for key, value in payload.items() if key != "parse_mode"} | bare


def _strip_tags(text: str) -> str:
    return unescape(text.replace("<b>", "").replace("</b>", ""))


def _fate(error: TelegramError) -> Exception:
    """The exception of `handlers.transport` for a Telegram error."""
    match error:
        case TelegramRetryAfter():
            wait = error.retry_after
            return transport.RetryAfter(wait if isinstance(wait, int | float) else wait.total_seconds())
        case Forbidden():
            return transport.Blocked()
        case InvalidToken():
            return transport.TokenRevoked()
        case BadRequest():
            gone = any(known in error.message.lower() for known in _GONE)
            return transport.Blocked() if gone else transport.MessageRejected()
        case RequestNotSent():
            return transport.NotSent()
        case NetworkError():
            return transport.FateUnknown()
    return transport.MessageRejected()
