"""The ways in which people want to be involved."""

from datetime import date, datetime

from sqlalchemy import and_, delete, func, select

from conversations.core.messages import Session
from conversations.involvement.effects import ToggleWay
from conversations.involvement.facts import MyWays, WayCounts
from conversations.results.visibility import sees_true
from storage.core.dispatch import EffectHandler, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.results import shown_counts
from storage.tables import people, ways

_NAME = "ways"


def toggle_way(db: Db, door: Door, effect: ToggleWay) -> None:
    """Chooses a way, or removes it if it was chosen."""
    mine = (ways.c.person_id == door.person.id, ways.c.way == effect.way)
    if not db.run(delete(ways).where(*mine)).rowcount:
        db.run(ways.insert().values(person_id=door.person.id, way=effect.way))


def my_ways(db: Db, door: Door, _session: Session) -> MyWays:
    return MyWays(ways_of(db, door.person.id))


def ways_of(db: Db, person: int) -> frozenset[str]:
    return frozenset(db.run(select(ways.c.way).where(ways.c.person_id == person)).scalars())


def ways_chosen(db: Db, door: Door, _session: Session) -> WayCounts:
    """How many people chose each way: now, or for those who don't see true counts as last shown."""
    if sees_true(door.person):
        return WayCounts(_counts(db))
    last = shown_counts.shown(db, _NAME)
    return WayCounts(last.counts if last else {})


def show_counts(db: Db) -> int:
    """Shows new counts once a month, and only if one of them has moved by the smallest number: nobody learns from two of
    them what a few people chose. Returns how many were shown.
    """
    now, last = _counts(db), shown_counts.shown(db, _NAME)
    if last and _month(db, last.at) == _month(db, db.now):
        return 0
    before = last.counts if last else {}
    moved = max((abs(now.get(way, 0) - before.get(way, 0)) for way in now.keys() | before.keys()), default=0)
    shown_counts.show(db, _NAME, 0, now if moved >= db.rules.small_number else before)
    return 1


def _month(db: Db, at: datetime) -> date:
    """The first day of a moment's month."""
    return at.astimezone(db.rules.zone).date().replace(day=1)


def _counts(db: Db) -> dict[str, int]:
    """How many people chose each way. Counts only those who agreed and let it be used, not staff who look at the menu."""
    joined = and_(people.c.agreed_at.is_not(None), people.c.unused_since.is_(None))
    theirs = ways.join(people, people.c.id == ways.c.person_id)
    counted = select(ways.c.way, func.count().label("n")).select_from(theirs).where(joined)
    return {row.way: row.n for row in db.run(counted.group_by(ways.c.way))}


HANDLERS: Handlers = {ToggleWay: EffectHandler(toggle_way)}
FACTS: Loaders = {MyWays: my_ways, WayCounts: ways_chosen}
MY_DATA: MyDataFields = {"ways": ways_of}
