"""People and their doors. Answers belong to the person, not to an address."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from conversations.core.channels import BY_NAME, Channel
from conversations.core.person import STAFF, Band, Person, Role
from conversations.core.record import Record, replace
from storage.core.dispatch import MyDataFields
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, Prepared, prepared
from storage.people.signed_in import has_rested, is_over, is_signed_in
from storage.security import lineage
from storage.tables import doors, people, roles, team_days

AGE_HOLDS = timedelta(days=365)
USED_EVERY = timedelta(minutes=1)  # the precision of `used_at`
QUIET_AFTER = timedelta(days=1)

# A door with its person; every turn runs these: see `prepared`.
_ROLES = select(func.aggregate_strings(roles.c.role, ",")).where(roles.c.person_id == people.c.id)
_KNOWN = select(
    doors.c.id, doors.c.kind, doors.c.shared, doors.c.used_at, doors.c.reachable, doors.c.signed_in_until,
    people.c.id.label("person_id"), people.c.language, people.c.version, people.c.band, people.c.band_asked_at,
    people.c.agreed_at, people.c.stopped_at, people.c.unused_since, people.c.main_door, _ROLES.scalar_subquery().label("held"),
).join(people, people.c.id == doors.c.person_id)  # fmt: skip
_KNOWN_AT = _KNOWN.where(doors.c.kind == bindparam("kind"), doors.c.address_hash == bindparam("hash"))
_KNOWN_AT_ANY = _KNOWN.where(
    doors.c.kind == bindparam("kind"), doors.c.address_hash.in_(bindparam("hashes", expanding=True))
)
_AT_ADDRESS = prepared(_KNOWN_AT), _KNOWN_AT_ANY
# Another turn at the same door waits for this one, so that each sees what the one before did.
_LOCKED_AT_ADDRESS = (
    prepared(_KNOWN_AT.with_for_update(key_share=True)),
    _KNOWN_AT_ANY.with_for_update(key_share=True),
)
_BY_ID = prepared(_KNOWN.where(doors.c.id == bindparam("door")))
_BY_IDS = _KNOWN.where(doors.c.id.in_(bindparam("doors", expanding=True)))
_ADDRESSES = select(doors.c.id, doors.c.kind, doors.c.address_hash, doors.c.address).where(
    doors.c.id.in_(bindparam("doors", expanding=True))
)
_USED = prepared(
    update(doors).where(doors.c.id == bindparam("door")).values(used_at=bindparam("now"), reachable=True)
)
_MAIN = prepared(update(people).where(people.c.id == bindparam("person")).values(main_door=bindparam("door")))
_HERE_TODAY = prepared(lambda insert: insert(team_days).on_conflict_do_nothing())
_NEW_PERSON = prepared(people.insert().returning(people.c.id))
_NEW_DOOR = prepared(doors.insert().returning(doors.c.id))


class ErasingPeople(Record):
    """Event: people are about to be erased. `ids` selects them."""

    ids: Select[tuple[int]]


class TakingAway(Record):
    """Event: something that people said is about to be taken out of counts, or put back."""


class Leaving(Record):
    """Event: somebody deletes everything. A hook may refuse it."""

    person: int


class ReadingRoles(Record):
    """Event: a team member's roles are read. A hook may add `roles` that they hold for some hours only."""

    person: int
    roles: set[Role]


def door_at(db: Db, channel: Channel, address: str) -> Door | None:
    """The door with this address; None if there is none."""
    return _find_door(db, channel, address, *_AT_ADDRESS)


def lock_door_at(db: Db, channel: Channel, address: str) -> Door | None:
    """The door with this address, locked until this transaction ends; None if there is none."""
    return _find_door(db, channel, address, *_LOCKED_AT_ADDRESS)


def door_by_id(db: Db, door: int) -> Door | None:
    return _door_or_none(db, db.run(_BY_ID, {"door": door}).first())


def doors_by_id(db: Db, doors_wanted: Collection[int]) -> dict[int, Door]:
    """The doors with these ids, by id; missing ones are left out."""
    return {row.id: _door(db, row) for row in db.run(_BY_IDS, {"doors": list(doors_wanted)}).all()}


def find_or_create_door(
    db: Db, channel: Channel, address: str, language: str | None = None, version: str | None = None
) -> Door:
    """The door with this address, locked; made with a new person if there is none. `language` is the phone's."""
    found = lock_door_at(db, channel, address)
    if found:
        return found
    try:
        with db.savepoint():
            return _add_newcomer(db, channel, address, language, version)
    except IntegrityError:  # two first messages at once: the other was quicker
        found = lock_door_at(db, channel, address)
        assert found is not None
        return found


def _add_newcomer(db: Db, channel: Channel, address: str, language: str | None, version: str | None) -> Door:
    spoken = language if language in db.rules.languages else None
    new = db.run(_NEW_PERSON, {"language": spoken, "version": version, "created_at": db.now})
    return add_door(db, new.scalar_one(), channel, address)


def recreate_stranger(db: Db, door: Door, address: str) -> Door:
    """Makes a stranger's door for a person who was just erased, so that a goodbye reaches them in their language. A
    shared device stays shared.
    """
    stranger = find_or_create_door(db, door.channel, address, door.person.language, door.person.version)
    if door.shared:
        mark_shared(db, stranger.id)
    return replace(stranger, shared=door.shared)


def add_door(db: Db, person: int, channel: Channel, address: str, *, shared: bool = False) -> Door:
    """Adds a door to a person and makes it their main door."""
    hashed = db.vault.keyed_hash(address)
    sealed = db.vault.seal(address, sealing_context(channel.name, hashed))
    values = {"kind": channel.name, "address_hash": hashed, "address": sealed}
    door = db.run(
        _NEW_DOOR, {"person_id": person, "shared": shared, "used_at": db.now, **values}
    ).scalar_one()
    db.run(_MAIN, {"person": person, "door": door})
    found = door_by_id(db, door)
    assert found is not None
    return found


def mark_shared(db: Db, door: int) -> None:
    """Marks a page's door as on a shared device. It closes 15 minutes after its last use."""
    db.run(update(doors).where(doors.c.id == door).values(shared=True))


def readdress(db: Db, door: Door, address: str) -> None:
    """Gives a door a new address; the old one leads nowhere any more."""
    hashed = db.vault.keyed_hash(address)
    sealed = db.vault.seal(address, sealing_context(door.channel.name, hashed))
    db.run(update(doors).where(doors.c.id == door.id).values(address_hash=hashed, address=sealed))


def mark_used(db: Db, door: Door) -> None:
    """Marks a door as used now: it is reachable, and the person's main door. Rights that ended there stay so."""
    if door.in_use:
        return
    if door.person.signed_out:
        db.run(update(doors).where(doors.c.id == door.id).values(signed_in_until=db.now))
    db.run(_USED, {"door": door.id, "now": db.now})
    db.run(_MAIN, {"person": door.person.id, "door": door.id})
    if door.person.is_staff:
        db.run(_HERE_TODAY, {"person_id": door.person.id, "day": db.today})


def last_door_of(db: Db, person: int) -> Door | None:
    """The door that a person used last; for staff, the last one where they are signed in."""
    last = select(doors.c.id).where(doors.c.person_id == person).order_by(doors.c.used_at.desc())
    found = [door for number in db.run(last).scalars() if (door := door_by_id(db, number))]
    return next((door for door in found if door.person.roles), found[0] if found else None)


def address_of(db: Db, door: int) -> str | None:
    """A door's address, such as a chat's id; None if the door is gone."""
    return addresses_of(db, (door,)).get(door)


def addresses_of(db: Db, doors_wanted: Collection[int]) -> dict[int, str]:
    """The addresses of these doors, by id; missing doors are left out."""
    rows = db.run(_ADDRESSES, {"doors": list(doors_wanted)})
    return {row.id: db.vault.open(row.address, sealing_context(row.kind, row.address_hash)) for row in rows}


def addresses_of_person(db: Db, person: int) -> tuple[str, ...]:
    """The addresses of all of a person's doors."""
    theirs = select(doors.c.id).where(doors.c.person_id == person)
    return tuple(addresses_of(db, db.run(theirs).scalars().all()).values())


def joined_at(db: Db, person: int) -> datetime:
    since: datetime = db.run(select(people.c.created_at).where(people.c.id == person)).scalar_one()
    return since


def channels_of(db: Db, person: int) -> tuple[Channel, ...]:
    """The channels of a person's doors."""
    theirs = select(doors.c.kind).where(doors.c.person_id == person)
    return tuple(BY_NAME[kind] for kind in db.run(theirs.distinct().order_by(doors.c.kind)).scalars())


def mark_unreachable(db: Db, door: int) -> None:
    """Marks a door as unreachable: blocked, or the chat is gone. Its next use undoes that."""
    db.run(update(doors).where(doors.c.id == door).values(reachable=False))


def find_other_doors(db: Db, person: int | None = None) -> None:
    """Moves the main door of people whose main door is gone to the door that they used last, if any, and notes that they
    left. Without `person` it checks everybody.
    """
    gone = and_(people.c.main_door.is_not(None), ~exists().where(doors.c.id == people.c.main_door))
    if person is not None:
        gone = and_(gone, people.c.id == person)
    theirs = select(doors.c.id).where(doors.c.person_id == people.c.id)
    last = theirs.order_by(doors.c.used_at.desc()).limit(1).scalar_subquery()
    db.run(update(people).where(gone).values(main_door=last, left_at=db.now))


def forget(db: Db, person: int) -> None:
    """Erases a person and everything about them, queued messages too. The erasure log keeps a restore from bringing them
    back.
    """
    lineage.note(db, "forgot", addresses_of_person(db, person))
    erase(db, people.c.id == person)


def erase(db: Db, whose: ColumnElement[bool]) -> int:
    """Deletes people; foreign keys delete the rows about them. Returns how many."""
    db.run_hooks(TakingAway())
    db.run_hooks(ErasingPeople(select(people.c.id).where(whose)))
    return db.run(delete(people).where(whose)).rowcount


def _find_door(db: Db, channel: Channel, address: str, one: Prepared, several: Select[Any]) -> Door | None:
    """While keys rotate, an address may be hashed under any of them. One statement looks for all: between two, the door
    could be rehashed and missed.
    """
    hashes = db.vault.hashes(address)
    if len(hashes) == 1:
        row = db.run(one, {"kind": channel.name, "hash": hashes[0]}).first()
    else:
        row = db.run(several, {"kind": channel.name, "hashes": hashes}).first()
    return _door_or_none(db, row, acting=True)


def _door_or_none(db: Db, row: Row[Any] | None, *, acting: bool = False) -> Door | None:
    return _door(db, row, acting=acting) if row else None


def _door(db: Db, row: Row[Any], *, acting: bool = False) -> Door:
    held = _held(db, row)
    channel = BY_NAME[row.kind]
    # After a sign-in has ended, the browser has no staff roles.
    signed_in = is_signed_in(channel, row.signed_in_until, db.now)
    # What a member is told still arrives; but whoever writes after so long has no rights.
    if acting and has_rested(channel, row.used_at, db.now):
        signed_in = False
    person = Person(
        id=row.person_id,
        language=row.language,
        version=row.version,
        band=cast("Band | None", row.band) if _asked_this_year(db, row) else None,
        agreed=row.agreed_at is not None,
        stopped=row.stopped_at is not None,
        unused=row.unused_since is not None,
        roles=held if signed_in else held - STAFF,
        signed_out=bool(held & STAFF) and not signed_in,
    )
    used_lately = row.used_at > db.now - USED_EVERY
    return Door(
        id=row.id,
        channel=channel,
        person=person,
        shared=row.shared,
        idle=is_over(channel, row.used_at, db.now, shared=row.shared),
        in_use=used_lately and row.reachable and row.main_door == row.id,
        quiet=row.used_at < db.now - QUIET_AFTER,
    )


def _held(db: Db, row: Row[Any]) -> frozenset[Role]:
    held = cast("set[Role]", set(row.held.split(",")) if row.held else set())
    if held & STAFF:
        db.run_hooks(ReadingRoles(row.person_id, held))
    return frozenset(held)


def _asked_this_year(db: Db, row: Row[Any]) -> bool:
    return row.band_asked_at is not None and row.band_asked_at > db.now - AGE_HOLDS


def sealing_context(kind: str, hashed: bytes) -> str:
    return f"doors:address:{kind}:{hashed.hex()}"


SEALED: SealedColumns = (
    SealedColumn(
        doors.c.address, lambda row: sealing_context(row["kind"], row["address_hash"]), doors.c.address_hash
    ),
)
MY_DATA: MyDataFields = {"since": joined_at, "channels": channels_of}
