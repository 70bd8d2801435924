"""The ways in which people want to be involved."""

from sqlalchemy import and_, delete, func, select

from conversations.core.messages import Session
from conversations.involvement.effects import ToggleWay
from conversations.involvement.facts import MyWays, WayCounts
from storage.core.dispatch import EffectHandler, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.tables import people, ways


def toggle_way(db: Db, door: Door, effect: ToggleWay) -> None:
    """Chooses a way, or removes it if it was chosen."""
    mine = (ways.c.person_id == door.person.id, ways.c.way == effect.way)
    if not db.run(delete(ways).where(*mine)).rowcount:
        db.run(ways.insert().values(person_id=door.person.id, way=effect.way))


def my_ways(db: Db, door: Door, _session: Session) -> MyWays:
    return MyWays(ways_of(db, door.person.id))


def ways_of(db: Db, person: int) -> frozenset[str]:
    return frozenset(db.run(select(ways.c.way).where(ways.c.person_id == person)).scalars())


def ways_chosen(db: Db, _door: Door, _session: Session) -> WayCounts:
    """How many people chose each way. Counts only those who agreed and let it be used, not staff who look at the menu."""
    joined = and_(people.c.agreed_at.is_not(None), people.c.unused_since.is_(None))
    theirs = ways.join(people, people.c.id == ways.c.person_id)
    counted = select(ways.c.way, func.count().label("n")).select_from(theirs).where(joined)
    return WayCounts({row.way: row.n for row in db.run(counted.group_by(ways.c.way))})


HANDLERS: Handlers = {ToggleWay: EffectHandler(toggle_way)}
FACTS: Loaders = {MyWays: my_ways, WayCounts: ways_chosen}
MY_DATA: MyDataFields = {"ways": ways_of}
