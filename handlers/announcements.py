"""Puts into words what is built when it is sent, for the person and the door that it goes to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from sqlalchemy import Connection

from conversations.broadcasts.messages import MESSAGE_KINDS
from conversations.core.message_kind import MessageKind
from conversations.core.messages import Say, Session
from handlers.turns import Desk
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import outbox, threads
from storage.outbox.outbox import Letter
from storage.outbox.threads import Line
from storage.people import people
from storage.registry import load_for_many


def build(desk: Desk, db: Db, letter: Letter) -> Say | None:
    """What a letter says, as things are now. None where there is nothing to say any more."""
    built = build_all(desk, db, (letter,))[letter.id]
    if isinstance(built, Exception):
        raise built
    return built


def build_all(desk: Desk, db: Db, letters: Sequence[Letter]) -> dict[int, Say | Exception | None]:
    """The same for many letters, by their id: what those about one thing need alike is read once. One person's
    message that cannot be built is an exception in its place, and keeps nobody else from theirs.
    """
    built: dict[int, Say | Exception | None] = {letter.id: letter.say for letter in letters}
    doors = people.doors_by_id(db, {letter.door for letter in letters if letter.say is None})
    unbuilt = [one for one in letters if one.say is None and one.about is not None and one.door in doors]
    unbuilt.sort(key=_subject)
    for (name, about), those in groupby(unbuilt, key=_subject):
        built |= _about_one(
            desk, db, MESSAGE_KINDS[name], about, {letter: doors[letter.door] for letter in those}
        )
    return built


def _subject(letter: Letter) -> tuple[str, int]:
    return letter.kind, letter.about or 0


def _about_one(
    desk: Desk, db: Db, kind: MessageKind, about: int, letters: Mapping[Letter, Door]
) -> dict[int, Say | Exception | None]:
    session = Session(kind.name, 0, {kind.note: about})
    loaded = load_for_many(db, list(letters.values()), session, kind.needs)
    built: dict[int, Say | Exception | None] = {}
    for letter, door in letters.items():
        facts = desk.facts(db.now, door.person, door.channel, loaded[door.id])
        try:
            say = kind.build(session, facts)
        except Exception as error:  # noqa: BLE001 - as said above
            built[letter.id] = error
        else:
            built[letter.id] = replace(say, language=say.language or facts.words.language) if say else None
    return built


async def show(desk: Desk, door: int) -> tuple[Line, ...]:
    """The conversation at a page's door, with all that waited for it."""
    waits, lines = await desk.database.read(lambda connection: _as_it_is(desk, connection, door))
    if not waits:
        return lines
    return await desk.database.write(lambda connection: _with_news(desk, connection, door))


def _as_it_is(desk: Desk, connection: Connection, door: int) -> tuple[bool, tuple[Line, ...]]:
    db = desk.db(connection)
    waits = bool(threads.with_news(db, (door,)) or threads.unsaid(db, door))
    return waits, threads.thread(db, door)


def _with_news(desk: Desk, connection: Connection, door: int) -> tuple[Line, ...]:
    db = desk.db(connection)
    for letter in threads.unsaid(db, door):
        threads.say_again(db, letter, build(desk, db, letter))
    shown = {letter.id: letter for letter in outbox.show(db, door, lambda letter: build(desk, db, letter))}
    lines = [replace(line, new=line.id in shown) for line in threads.thread(db, door)]
    kept = {line.id for line in lines}
    going_on = [
        Line(letter.id, letter.say, alone=True)
        for letter in shown.values()
        if letter.lane == "progress" and letter.say and letter.id not in kept
    ]
    return tuple(sorted((*lines, *going_on), key=lambda line: line.id))
