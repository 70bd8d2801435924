"""What a page shows of one door: its thread and its current question, read in the transaction at hand."""

from typing import Literal

from conversations.core.channels import WEB
from conversations.core.messages import Say
from conversations.core.record import Record
from conversations.people.effects import Forget
from conversations.people.turned_away import UNTIL
from handlers import announcements
from handlers.turn_result import TurnResult
from handlers.turns import Runtime, present_question
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import threads
from storage.outbox.threads import ThreadLine
from storage.people import people, sessions
from storage.safeguarding.thread_owner import has_open_case
from storage.tables import people as people_table

Ending = Literal["gone", "for a day", "reachable"]


class PageState(Record):
    """The thread is oldest first. Lines that the page already has may come without their text."""

    door: Door
    lines: tuple[ThreadLine, ...]
    question: Say


async def load(runtime: Runtime, address: str) -> PageState | None:
    """The page at this address; None if there is none, or it is on a shared device that was idle for too long.

    It is one read, unless something has to be written: messages that waited for it are shown now.
    """
    if not address:
        return None
    is_current, found = await runtime.database.read(lambda c: _look(runtime, runtime.db(c), address))
    if is_current:
        return found
    return await runtime.database.write(lambda c: _bring_up_to_date(runtime, runtime.db(c), address))


def after_turn(runtime: Runtime, db: Db, address: str, taken: TurnResult, has: int = 0) -> PageState | None:
    """The page after a turn, in the turn's own transaction. `has` is the newest line that the page already shows."""
    door = taken.door or people.door_at(db, WEB, address)
    return _show(runtime, db, door, has, taken.question) if door else None


def forgot(taken: TurnResult) -> bool:
    """Whether somebody deleted everything in this turn, or does not join."""
    return any(isinstance(effect, Forget) for effect in taken.effects)


def end(db: Db, taken: TurnResult) -> Ending:
    """Erases the page of somebody who is gone: the reply is the last thing that it shows. It stays with an open case, as the
    way to reach them; and for a day if they were too young, so that no other age is offered.
    """
    if taken.door is None or has_open_case(db, taken.door):
        return "reachable"
    if UNTIL in sessions.session_at(db, taken.door.id).notes:
        return "for a day"
    people.erase(db, people_table.c.id == taken.door.person.id)
    return "gone"


def open_door(db: Db, address: str) -> Door | None:
    """The door of the page at this address; None if there is none. One that was idle for too long is closed."""
    door = people.door_at(db, WEB, address)
    if door and door.idle:
        threads.close(db, door)
        return None
    return door


def _look(runtime: Runtime, db: Db, address: str) -> tuple[bool, PageState | None]:
    """Whether the page needs nothing written, and if so, the page."""
    door = people.door_at(db, WEB, address)
    if door is None:
        return True, None
    if door.idle or door.quiet or threads.has_waiting(db, door.id):
        return False, None
    return True, PageState(door, threads.thread(db, door.id), present_question(runtime, db, door))


def _bring_up_to_date(runtime: Runtime, db: Db, address: str) -> PageState | None:
    door = open_door(db, address)
    if door and door.quiet:  # looking is using: a page that nobody uses is closed some day
        people.mark_used(db, door)
    return _show(runtime, db, door) if door else None


def _show(runtime: Runtime, db: Db, door: Door, has: int = 0, question: Say | None = None) -> PageState:
    waits = threads.has_waiting(db, door.id)
    lines = announcements.show(runtime, db, door.id, has) if waits else threads.thread(db, door.id, has)
    return PageState(door, lines, question or present_question(runtime, db, door))
