"""Parses a Telegram update: who it is from, and what they did.

Taps and text are parsed directly from JSON, everything else with python-telegram-bot. Its objects for a tap alone would
take a sixth of the event loop's time for a turn.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import structlog
from telegram import Bot, ChecklistTask, Contact, Document, Message, PhotoSize, Update
from telegram.constants import ChatType

from conversations.core.channels import TELEGRAM
from conversations.core.events import Edited, Event, Said, Sent, Unreadable
from conversations.core.record import Record, replace
from handlers.incoming import Incoming
from handlers.input import clean_text, command_or_words, parse_button

log = structlog.get_logger()

# What a message may contain besides text: Telegram's name, and ours.
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


# What happens in a chat without anybody saying something: a pinned message, a new background.
_HAPPENS = (
    *("boost_added", "chat_background_set", "connected_website", "message_auto_delete_timer_changed"),
    *(
        "pinned_message",
        "proximity_alert_triggered",
        "successful_payment",
        "refunded_payment",
        "write_access_allowed",
    ),
)
_NO_NAME = 4  # words: so many in a contact's name are a message; a real name goes no further than here


class PrivateUpdate(Record):
    """An update in a private chat. `tap` is the callback query to acknowledge after the turn; `file` may be an expected
    workbook or picture.
    """

    incoming: Incoming
    event: Event
    tap: str | None = None
    file: Document | PhotoSize | None = None


class ParsedUpdate(Record):
    """An update. `number` is its id; `person` is the Telegram user id, 0 if there is none. It is either `private`, or
    an `update` of another kind, or neither if nothing can read it.
    """

    number: int
    person: int
    private: PrivateUpdate | None = None
    update: Update | None = None


def parse_update(content: dict[str, Any], bot: Bot | None) -> ParsedUpdate:
    """Parses an update's JSON. Raises only if it has no id.

    An update of a shape that nothing can read counts as taken: it would come again for ever, and hold up all others.
    """
    number = content["update_id"]
    if not isinstance(number, int):
        raise TypeError("an update without an id")
    try:
        return _parse_directly(content) or _parse_with_library(Update.de_json(content, bot))
    except Exception as error:  # noqa: BLE001 - Telegram may send any shape tomorrow
        log.warning("update let go: nothing can read it", kind=type(error).__name__)
        return ParsedUpdate(number, 0)


def _parse_directly(content: dict[str, Any]) -> ParsedUpdate | None:
    """Parses a tap or text in a private chat; None for anything else."""
    tap = content.get("callback_query") or {}
    message = tap.get("message") or content.get("message") or {}
    sender = (tap or message).get("from")
    said = tap.get("data") if tap else message.get("text")
    chat = message.get("chat") or {}
    if sender is None or said is None or chat.get("type") != ChatType.PRIVATE:
        return None
    number, reference = content["update_id"], str(message["message_id"])
    incoming = _incoming(number, chat["id"], sender.get("language_code"), reference if tap else None)
    event = parse_button(said) if tap else _words(said, reference, message)
    return (
        ParsedUpdate(number, sender["id"], PrivateUpdate(incoming, event, tap.get("id"))) if event else None
    )


def _parse_with_library(update: Update) -> ParsedUpdate:
    private, user = _private_update(update), update.effective_user
    return ParsedUpdate(update.update_id, user.id if user else 0, private, None if private else update)


def _private_update(update: Update) -> PrivateUpdate | None:
    """The update if it is a message in a private chat; else None."""
    message = update.message or update.edited_message
    if message is None or message.chat.type != ChatType.PRIVATE or message.from_user is None:
        return None
    event = _event(message) if update.message else _edit(message)
    if event is None:
        return None
    incoming = _incoming(update.update_id, message.chat.id, message.from_user.language_code)
    return PrivateUpdate(incoming, event, file=_file(event, message))


def _incoming(number: int, chat: int, language: str | None, tapped: str | None = None) -> Incoming:
    return Incoming(TELEGRAM, str(chat), str(number), (language or "")[:2], tapped)


def group_to_leave(update: Update) -> int | None:
    """The id of the group or channel that the bot is in; None for a private chat, or if it has already left."""
    if update.my_chat_member and update.my_chat_member.new_chat_member.status in {"left", "kicked"}:
        return None
    chat = update.effective_chat
    return chat.id if chat and chat.type != ChatType.PRIVATE else None


def blocked_by(update: Update) -> str | None:
    """The chat id of somebody who has just blocked the bot; else None."""
    changed = update.my_chat_member
    private = changed is not None and changed.chat.type == ChatType.PRIVATE
    if changed is None or not private or changed.new_chat_member.status != "kicked":
        return None
    return str(changed.chat.id)


def _words(text: str, reference: str, message: dict[str, Any]) -> Event | None:
    """The event for typed text; None if nothing is left after cleaning. A forwarded command is not run."""
    words, forwarded = clean_text(text), _is_forwarded(message)
    said = Said(words) if forwarded else command_or_words(words)
    if not words or not isinstance(said, Said):
        return said if words else None
    return replace(
        said,
        message=reference,
        quoted=_quoted(message),
        replies_to=_replies_to(message),
        elsewhere="forwarded" if forwarded else None,
    )


def _quoted(message: dict[str, Any]) -> str:
    """What a message quotes. What it quotes of us nobody wrote to us."""
    return "" if _replies_to(message) else clean_text((message.get("quote") or {}).get("text") or "")


def _replies_to(message: dict[str, Any]) -> str:
    """The number of our message that it replies to; empty if there is none."""
    replied = message.get("reply_to_message") or {}
    of_ours = (replied.get("from") or {}).get("is_bot")
    return str(replied["message_id"]) if of_ours else ""


def _is_forwarded(message: dict[str, Any]) -> bool:
    """Whether somebody passes on what another wrote. Their own words, forwarded, stay their own."""
    origin = message.get("forward_origin")
    if not origin:
        return False
    return (origin.get("sender_user") or {}).get("id") != (message.get("from") or {}).get("id")


def _event(message: Message) -> Event | None:
    """The event for anything but text; None for what only happens in a chat."""
    if any(getattr(message, name) is not None for name in _HAPPENS):
        return None
    kind: Unreadable = next((ours for name, ours in _KINDS if getattr(message, name, None)), "other")
    words = "\n".join(filter(None, (_caption(message), *_other_words(message))))
    return Sent(kind, words, name=_file_name(message))


def _other_words(message: Message) -> Iterator[str]:
    """The words of what is no text, such as a poll or a place. A quote of somebody else's words is one of them."""
    quoted = message.quote if not (replied := message.reply_to_message) or not _is_bots(replied) else None
    texts = (
        *((poll.question, poll.description, poll.explanation) if (poll := message.poll) else ()),
        *((option.text for option in message.poll.options) if message.poll else ()),
        *((checklist.title, *_tasks(checklist.tasks)) if (checklist := message.checklist) else ()),
        *(_tasks(added.tasks) if (added := message.checklist_tasks_added) else ()),
        *((venue.title, venue.address) if (venue := message.venue) else ()),
        *((audio.title, audio.performer) if (audio := message.audio) else ()),
        *((game.title, game.description, game.text) if (game := message.game) else ()),
        *((invoice.title, invoice.description) if (invoice := message.invoice) else ()),
        *((gift.text,) if (gift := message.gift) else ()),
        *((page.data,) if (page := message.web_app_data) else ()),
        *((quoted.text,) if quoted else ()),
        *(_long_name(contact) if (contact := message.contact) else ()),
    )
    return (clean_text(text) for text in texts if text)


def _tasks(tasks: Iterable[ChecklistTask]) -> Iterator[str]:
    return (task.text for task in tasks)


def _long_name(contact: Contact) -> Iterator[str]:
    name = " ".join(filter(None, (contact.first_name, contact.last_name)))
    if len(name.split()) >= _NO_NAME:
        yield name


def _is_bots(message: Message) -> bool:
    return message.from_user is not None and message.from_user.is_bot


def _edit(message: Message) -> Edited | None:
    """An edited message; None if it is only an update of a live location."""
    words = clean_text(message.text or "") or _caption(message)
    return None if message.location and not words else Edited(words, str(message.message_id))


def _file(event: Event, message: Message) -> Document | PhotoSize | None:
    """A document, or the largest size of a photo. An animation, which arrives as both, has none."""
    if not isinstance(event, Sent):
        return None
    if event.kind == "photo":
        return message.photo[-1]
    return message.document if event.kind == "file" else None


def _file_name(message: Message) -> str:
    """The name of a file, which somebody may have written. Music and films have one too."""
    file = message.document or message.audio or message.video
    return clean_text((file.file_name if file else None) or "")


def _caption(message: Message) -> str:
    return clean_text(message.caption or "")
