"""Whether what somebody said may be used. Who doesn't want that keeps it, and the team reads and counts as if it were not there."""

from sqlalchemy import ColumnElement, select

from conversations.core.record import Record
from conversations.people.effects import StartUsing, StopUsing
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.people.choices import store
from storage.people.people import TakingAway, addresses_of_person
from storage.security import lineage
from storage.tables import people

_anybody = people.alias()  # so that a query about people does not bind it to its own rows
UNUSED = select(_anybody.c.id).where(_anybody.c.unused_since.is_not(None))


class UseChanged(Record):
    """Event: what this person said is used no more, or again. Counts that are kept are made anew."""

    person: int


def is_used(person: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether what this person said may be read and counted, for queries of all that others read."""
    return person.not_in(UNUSED)


def stop(db: Db, door: Door, _effect: StopUsing) -> None:
    db.run_hooks(TakingAway())
    store(db, door, unused_since=db.now)
    lineage.note(db, "unused", addresses_of_person(db, door.person.id))
    db.run_hooks(UseChanged(door.person.id))


def start(db: Db, door: Door, _effect: StartUsing) -> None:
    db.run_hooks(TakingAway())
    store(db, door, unused_since=None)
    lineage.note(db, "used", addresses_of_person(db, door.person.id))
    db.run_hooks(UseChanged(door.person.id))


HANDLERS: Handlers = {StopUsing: EffectHandler(stop), StartUsing: EffectHandler(start)}
