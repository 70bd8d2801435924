"""Puts into words what is built when it is sent, for the person and the door that it goes to."""

from dataclasses import replace

from sqlalchemy import Connection

from conversations.announce import ANNOUNCEMENTS
from conversations.facts import Facts
from conversations.speech import Say, Session
from handlers.desk import Desk
from storage import outbox, people, threads
from storage.book import load
from storage.db import Db
from storage.outbox import Letter
from storage.threads import Line


def build(desk: Desk, db: Db, letter: Letter) -> Say | None:
    """What a letter says, as things are now. None where there is nothing to say any more."""
    if letter.say is not None:
        return letter.say
    door = people.door_by_id(db, letter.door)
    if door is None or letter.about is None:
        return None
    announcement = ANNOUNCEMENTS[letter.kind]
    session = Session(letter.kind, 0, {announcement.note: letter.about})
    loaded = load(db, door, session, announcement.needs)
    facts = Facts(db.now, desk.rules, desk.library, door.person, door.kind, loaded)
    say = announcement.build(session, facts)
    return replace(say, language=facts.words.language) if say else None


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
