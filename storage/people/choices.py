"""What somebody chose for themselves: language, version, age band, agreement, messages or none."""

from sqlalchemy import bindparam, select, update

from conversations.core.messages import Session
from conversations.people.effects import (
    Agree,
    Forget,
    SetBand,
    SetFrequency,
    SetLanguage,
    SetVersion,
    StartMessages,
    StopMessages,
)
from conversations.people.settings import MyMessages
from storage.core.dispatch import Deed, Deeds, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, prepared
from storage.outbox import outbox
from storage.people import people
from storage.security import lineage as keeping
from storage.tables import people as people_table

# Joining carries it out in every turn: see `prepared`.
_SET = prepared(update(people_table).where(people_table.c.id == bindparam("whose")))


def _set(db: Db, door: Door, **values: object) -> None:
    db.run(_SET, {"whose": door.person.id, **values})


def set_language(db: Db, door: Door, effect: SetLanguage) -> None:
    """The reading version stays: where a language lacks it, it is read in its normal one."""
    _set(db, door, language=effect.language)


def set_version(db: Db, door: Door, effect: SetVersion) -> None:
    _set(db, door, version=effect.version)


def set_band(db: Db, door: Door, effect: SetBand) -> None:
    _set(db, door, band=effect.band, band_asked_at=db.now)


def agree(db: Db, door: Door, _effect: Agree) -> None:
    _set(db, door, agreed_at=db.now)


def stop(db: Db, door: Door, _effect: StopMessages) -> None:
    keeping.note(db, "stopped", people.addresses_of_person(db, door.person.id))
    _set(db, door, stopped_at=db.now)
    outbox.drop_waiting(db, door.person.id)


def start(db: Db, door: Door, _effect: StartMessages) -> None:
    if door.person.stopped:
        keeping.note(db, "started", people.addresses_of_person(db, door.person.id))
    _set(db, door, stopped_at=None)


def forget(db: Db, door: Door, _effect: Forget) -> None:
    people.forget(db, door.person.id)


def set_frequency(db: Db, door: Door, effect: SetFrequency) -> None:
    _set(db, door, frequency=effect.frequency)
    if effect.frequency != "weekly":
        outbox.bring_forward(db, door.person.id)


def my_messages(db: Db, door: Door, _session: Session) -> MyMessages:
    query = select(people_table.c.frequency, people_table.c.return_hash).where(
        people_table.c.id == door.person.id
    )
    row = db.run(query).one()
    return MyMessages(row.frequency, row.return_hash is not None)


DEEDS: Deeds = {
    SetLanguage: Deed(set_language),
    SetVersion: Deed(set_version),
    SetBand: Deed(set_band),
    Agree: Deed(agree),
    StopMessages: Deed(stop),
    StartMessages: Deed(start),
    Forget: Deed(forget),
    SetFrequency: Deed(set_frequency),
}
FACTS: Loaders = {MyMessages: my_messages}
