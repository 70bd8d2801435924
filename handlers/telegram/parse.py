"""Reads a Telegram update: who knocks, and what they did. Anything else is nothing to us.

Taps and words are read as they come; all else by python-telegram-bot. Its objects of a tap alone cost a sixth of what the
loop does for a turn.
"""

from typing import Any

from telegram import Bot, Document, Message, PhotoSize, Update
from telegram.constants import ChatType

from conversations.core.channels import TELEGRAM
from conversations.core.events import Edited, Event, Said, Sent, Unreadable
from conversations.core.record import Record
from handlers.input import chosen, cleaned, command_or_words
from handlers.turns import Incoming

# What a message may hold beside words, in Telegram's names and in ours.
_KINDS: tuple[tuple[str, Unreadable], ...] = (
    ("voice", "voice"),
    ("audio", "voice"),
    ("video_note", "video"),
    ("video", "video"),
    ("animation", "video"),
    ("photo", "photo"),
    ("sticker", "sticker"),
    ("document", "file"),
    ("location", "location"),
    ("venue", "location"),
    ("contact", "contact"),
)


class Visit(Record):
    """One update that is somebody's own, in a private chat. `tap` is to be acknowledged after the turn; `file`
    may be a workbook, or a picture that was asked for.
    """

    incoming: Incoming
    event: Event
    tap: str | None = None
    file: Document | PhotoSize | None = None


class Arrived(Record):
    """An update, by its number: whose it is (0 where nobody's), and the visit that it is; `update` where it is none."""

    number: int
    person: int
    visit: Visit | None = None
    update: Update | None = None


def arrived(content: dict[str, Any], bot: Bot | None) -> Arrived:
    """An update from its JSON. Raises what the library raises of one that makes no sense."""
    return _read_at_once(content) or _read_by_the_library(Update.de_json(content, bot))


def _read_at_once(content: dict[str, Any]) -> Arrived | None:
    """A tap, or words, in a private chat."""
    tap = content.get("callback_query") or {}
    message = tap.get("message") or content.get("message") or {}
    sender = (tap or message).get("from")
    said = tap.get("data") if tap else message.get("text")
    chat = message.get("chat") or {}
    if sender is None or said is None or chat.get("type") != ChatType.PRIVATE:
        return None
    number, reference = content["update_id"], str(message["message_id"])
    incoming = _incoming(number, chat["id"], sender.get("language_code"), reference if tap else None)
    event = chosen(said) if tap else _words(said, reference)
    return Arrived(number, sender["id"], Visit(incoming, event, tap.get("id"))) if event else None


def _read_by_the_library(update: Update) -> Arrived:
    visit, user = _read(update), update.effective_user
    return Arrived(update.update_id, user.id if user else 0, visit, None if visit else update)


def _read(update: Update) -> Visit | None:
    """The visit that an update is; None for groups, channels, and what is not about a message."""
    message = update.message or update.edited_message
    if message is None or message.chat.type != ChatType.PRIVATE or message.from_user is None:
        return None
    event = _event(message) if update.message else _edit(message)
    if event is None:
        return None
    incoming = _incoming(update.update_id, message.chat.id, message.from_user.language_code)
    return Visit(incoming, event, file=_file(event, message))


def _incoming(number: int, chat: int, language: str | None, tapped: str | None = None) -> Incoming:
    return Incoming(TELEGRAM, str(chat), str(number), (language or "")[:2], tapped)


def group_joined(update: Update) -> int | None:
    """The group or channel that somebody put the bot into, or that says something to it."""
    if update.my_chat_member and update.my_chat_member.new_chat_member.status in {"left", "kicked"}:
        return None
    chat = update.effective_chat
    return chat.id if chat and chat.type != ChatType.PRIVATE else None


def blocked_by(update: Update) -> str | None:
    """The chat of somebody who has just blocked the bot."""
    changed = update.my_chat_member
    private = changed is not None and changed.chat.type == ChatType.PRIVATE
    if changed is None or not private or changed.new_chat_member.status != "kicked":
        return None
    return str(changed.chat.id)


def _words(text: str, reference: str) -> Event | None:
    """What somebody typed; None where nothing is left of it."""
    words = cleaned(text)
    said = command_or_words(words) if words else None
    return Said(said.text, message=reference) if isinstance(said, Said) else said


def _event(message: Message) -> Event:
    kind: Unreadable = next((ours for name, ours in _KINDS if getattr(message, name, None)), "other")
    return Sent(kind, _caption(message))


def _edit(message: Message) -> Edited | None:
    """A changed message; None where somebody who shares their way has only moved on."""
    words = cleaned(message.text or "") or _caption(message)
    return None if message.location and not words else Edited(words, str(message.message_id))


def _file(event: Event, message: Message) -> Document | PhotoSize | None:
    """A document (and no animation, which comes as both), or the largest size of a photo."""
    if not isinstance(event, Sent):
        return None
    if event.kind == "photo":
        return message.photo[-1]
    return message.document if event.kind == "file" else None


def _caption(message: Message) -> str:
    return cleaned(message.caption or "")
