"""Message preferences: stop, start, and how often."""

from sqlalchemy import select

from conversations.core.messages import Session
from conversations.people.effects import SetFrequency, StartMessages, StopMessages
from conversations.people.facts import MyMessages
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import outbox
from storage.people import people
from storage.people.choices import store
from storage.security import lineage
from storage.tables import people as people_table


def stop(db: Db, door: Door, _effect: StopMessages) -> None:
    lineage.note(db, "stopped", people.addresses_of_person(db, door.person.id))
    store(db, door, stopped_at=db.now)
    outbox.drop_waiting(db, door.person.id)


def start(db: Db, door: Door, _effect: StartMessages) -> None:
    if door.person.stopped:
        lineage.note(db, "started", people.addresses_of_person(db, door.person.id))
    store(db, door, stopped_at=None)


def set_frequency(db: Db, door: Door, effect: SetFrequency) -> None:
    store(db, door, frequency=effect.frequency)
    if effect.frequency != "weekly":
        outbox.bring_forward(db, door.person.id)


def my_messages(db: Db, door: Door, _session: Session) -> MyMessages:
    query = select(people_table.c.frequency, people_table.c.return_hash).where(
        people_table.c.id == door.person.id
    )
    row = db.run(query).one()
    return MyMessages(row.frequency, row.return_hash is not None)


HANDLERS: Handlers = {
    StopMessages: EffectHandler(stop),
    StartMessages: EffectHandler(start),
    SetFrequency: EffectHandler(set_frequency),
}
FACTS: Loaders = {MyMessages: my_messages}
