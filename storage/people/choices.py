"""A person's own settings: language, reading version, age band, agreement."""

from sqlalchemy import bindparam, update

from conversations.people.effects import (
    Agree,
    Forget,
    SetBand,
    SetLanguage,
    SetVersion,
)
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db, prepared
from storage.people import people
from storage.people.people import Leaving
from storage.tables import people as people_table

# Every turn of joining runs this: see `prepared`.
_SET = prepared(update(people_table).where(people_table.c.id == bindparam("whose")))


def store(db: Db, door: Door, **values: object) -> None:
    """Stores settings of the person at this door."""
    db.run(_SET, {"whose": door.person.id, **values})


def set_language(db: Db, door: Door, effect: SetLanguage) -> None:
    """Keeps the reading version; a language that lacks it is read in its normal one."""
    store(db, door, language=effect.language)


def set_version(db: Db, door: Door, effect: SetVersion) -> None:
    store(db, door, version=effect.version)


def set_band(db: Db, door: Door, effect: SetBand) -> None:
    store(db, door, band=effect.band, band_asked_at=db.now)


def agree(db: Db, door: Door, _effect: Agree) -> None:
    store(db, door, agreed_at=db.now)


def forget(db: Db, door: Door, _effect: Forget) -> None:
    db.run_hooks(Leaving(door.person.id))
    people.forget(db, door.person.id)


HANDLERS: Handlers = {
    SetLanguage: EffectHandler(set_language),
    SetVersion: EffectHandler(set_version),
    SetBand: EffectHandler(set_band),
    Agree: EffectHandler(agree),
    Forget: EffectHandler(forget),
}
