"""Letters out to Telegram: one message, tried once, and the truth about what became of it."""

from collections.abc import Awaitable, Callable
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
from handlers.files.render import Drawn
from handlers.telegram.client import LeanBot
from handlers.telegram.http import RequestFateUnknown, RequestNotSent
from handlers.telegram.render import Payload, captioned, messages
from storage.core.errors import Unavailable

log = structlog.get_logger()

DrawFile = Callable[[Attachment], Awaitable[Drawn]]

# What Telegram says where a message cannot take another's place: then a new one is sent.
_CANNOT_REPLACE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message",
)
_UNCHANGED = "message is not modified"
_UNKNOWN_FILE = "file identifier"
_PICTURES_KNOWN = 100
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid")


class TelegramTransport:
    """The Post of Telegram (see `handlers.transport`). `draw` makes a paper when the message is sent."""

    channel = TELEGRAM

    def __init__(self, bot: LeanBot, library: Library, draw: DrawFile) -> None:
        self._bot, self._library, self._draw = bot, library, draw
        self._pictures: dict[bytes, str] = {}  # Telegram's names for pictures, by what is in them

    async def send(self, address: str, say: Say, replaces: str | None, *, plain: bool = False) -> str:
        """See `Post.send`."""
        counted = self._library.words(say.language, None)("{n} of {total}")
        chat = int(address)
        try:
            if say.attachment:
                return await self._with_paper(chat, say, say.attachment, counted, plain=plain)
            payloads = _marked(messages(say, counted), plain=plain)
            if replaces and len(payloads) == 1:
                return await self._replaced(chat, int(replaces), payloads[0])
            return await self._one_by_one(chat, payloads)
        except TelegramError as error:
            raise _fate(error) from None

    async def ping(self) -> None:
        """See `Post.ping`."""
        try:
            await self._bot.get_me()
        except TelegramError as error:
            raise _fate(error) from None

    async def _one_by_one(self, chat: int, payloads: list[Payload], reference: str = "") -> str:
        """`reference` is there where a part of the same message arrived before these."""
        for payload in payloads:
            try:
                reference = await self._bot.say(chat, payload)
            except TelegramError as error:
                # Sent again as a whole, the parts that arrived would arrive twice.
                raise (RequestFateUnknown("a later part did not leave") if reference else error) from None
        return reference

    async def _replaced(self, chat: int, message: int, payload: Payload) -> str:
        try:
            await self._bot.write_anew(chat, message, payload)
        except BadRequest as error:
            words = error.message.lower()
            if _UNCHANGED in words:
                return str(message)
            if any(known in words for known in _CANNOT_REPLACE):
                return await self._one_by_one(chat, [payload])
            raise
        return str(message)

    async def _with_paper(
        self, chat: int, say: Say, attachment: Attachment, counted: str, *, plain: bool
    ) -> str:
        drawn = await self._drawn(attachment)
        if drawn.key:
            say = replace(
                say,
                attachment=replace(
                    attachment, described="\n\n".join(filter(None, (attachment.described, drawn.key)))
                ),
            )
        caption, after = captioned(say, counted)
        [caption] = _marked((caption,), plain=plain)
        if drawn.is_picture:
            sent = await self._photo(chat, drawn, caption)
        else:
            sent = await self._bot.send_document(chat, _file(drawn), **caption)
        return await self._one_by_one(chat, _marked(after, plain=plain), str(sent.message_id))

    async def _photo(self, chat: int, drawn: Drawn, caption: Payload) -> Message:
        """One picture that goes to many is handed over once: Telegram knows it by its name for it after that."""
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

    async def _drawn(self, attachment: Attachment) -> Drawn:
        try:
            return await self._draw(attachment)
        except Unavailable:
            raise transport.NotSent from None
        except Exception as error:  # noqa: BLE001 - one paper's mistake; nothing of it has left
            log.error("paper not drawn", attachment=attachment.name, kind=type(error).__name__)
            raise transport.MessageRejected from None


def _file(drawn: Drawn) -> InputFile:
    return InputFile(drawn.content, filename=drawn.name)


def _marked(payloads: tuple[Payload, ...], *, plain: bool) -> list[Payload]:
    return [_plain(payload) for payload in payloads] if plain else list(payloads)


def _plain(payload: Payload) -> Payload:
    """The same words with no marking: for a message whose marking was refused."""
    bare = {name: _bare(payload[name]) for name in ("text", "caption") if name in payload}
    return {key: value for key, value in payload.items() if key != "parse_mode"} | bare


def _bare(text: str) -> str:
    return unescape(text.replace("<b>", "").replace("</b>", ""))


def _fate(error: TelegramError) -> Exception:
    """What a failure means for the message; see `handlers.transport`."""
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
