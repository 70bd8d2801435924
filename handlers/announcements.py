"""Builds the text of messages that are written when sent, for the recipient and their channel."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from conversations.broadcasts.messages import MESSAGE_KINDS
from conversations.core.message_kind import MessageKind
from conversations.core.messages import Say, Session
from conversations.core.record import replace
from handlers.turns import Runtime
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import outbox, threads
from storage.outbox.outbox import OutboxMessage
from storage.outbox.threads import ThreadLine
from storage.people import people
from storage.registry import load_batch


def build(runtime: Runtime, db: Db, message: OutboxMessage) -> Say | None:
    """Builds a message's text from the current state. None if there is nothing left to say."""
    built = build_all(runtime, db, (message,))[message.id]
    if isinstance(built, Exception):
        raise built
    return built


def build_all(
    runtime: Runtime, db: Db, messages: Sequence[OutboxMessage]
) -> dict[int, Say | Exception | None]:
    """Builds the texts of many messages, by id. Facts that several messages need are read once. A message that cannot
    be built gets its exception as the value, and does not affect the others.
    """
    built: dict[int, Say | Exception | None] = {message.id: message.say for message in messages}
    doors = people.doors_by_id(db, {message.door for message in messages if message.say is None})
    unbuilt = [one for one in messages if one.say is None and one.about is not None and one.door in doors]
    unbuilt.sort(key=_subject)
    for (name, about), those in groupby(unbuilt, key=_subject):
        built |= _build_for_subject(
            runtime, db, MESSAGE_KINDS[name], about, {message: doors[message.door] for message in those}
        )
    return built


def _subject(message: OutboxMessage) -> tuple[str, int]:
    return message.kind, message.about or 0


def _build_for_subject(
    runtime: Runtime, db: Db, kind: MessageKind, about: int, messages: Mapping[OutboxMessage, Door]
) -> dict[int, Say | Exception | None]:
    session = Session(kind.name, 0, {kind.note: about})
    loaded = load_batch(db, list(messages.values()), session, kind.needs)
    built: dict[int, Say | Exception | None] = {}
    for message, door in messages.items():
        facts = runtime.facts(db.now, door.person, door.channel, loaded[door.id])
        try:
            say = kind.build(session, facts)
        except Exception as error:  # noqa: BLE001 - one message must not affect the others
            built[message.id] = error
        else:
            built[message.id] = replace(say, language=say.language or facts.words.language) if say else None
    return built


def show(runtime: Runtime, db: Db, door: int, has: int = 0) -> tuple[ThreadLine, ...]:
    """The thread of a page's door with the messages that waited for it. `has`: see `threads.thread`."""
    rebuilt = threads.messages_to_rebuild(db, door)
    for message in rebuilt:
        threads.replace_words(db, message, build(runtime, db, message))
    shown = {
        message.id: message for message in outbox.show(db, door, lambda message: build(runtime, db, message))
    }
    changed = {*shown, *(message.id for message in rebuilt)}
    lines = [replace(line, new=line.id in shown) for line in threads.thread(db, door, has, changed=changed)]
    kept = {line.id for line in lines}
    going_on = [
        ThreadLine(message.id, message.say, alone=True)
        for message in shown.values()
        if message.lane == "progress" and message.say and message.id not in kept
    ]
    return tuple(sorted((*lines, *going_on), key=lambda line: line.id))
