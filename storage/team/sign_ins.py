"""Where members are signed in, and how they come back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, exists, select, update

from conversations.core.channels import BY_NAME, Channel
from conversations.core.messages import Session
from conversations.team.effects import SignOutEverywhere
from conversations.team.facts import OwnDoor, SignInOptions
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.people import people
from storage.people.signed_in import signed_in
from storage.security import audit_log
from storage.tables import doors, passkeys, roles, team_names


def begin(db: Db, door: int, channel: Channel) -> None:
    """Signs a door in for as long as its channel does."""
    until = db.now + channel.sign_in if channel.sign_in else None
    db.run(update(doors).where(doors.c.id == door).values(signed_in_until=until))


def come_in(db: Db, channel: Channel, address: str, person: int, door: Door | None, how: str) -> bool:
    """Signs a member in on a page at a new address: on the page that this browser has, if it is theirs, else on a new one.
    False if the browser is somebody else's, or the member has left the team.
    """
    if not _has(db, roles, person) or (door and door.person.id != person and not _is_strangers(door)):
        return False
    if door and door.person.id == person:
        people.readdress(db, door, address)
        begin(db, door.id, door.channel)
    else:
        begin(db, people.add_door(db, person, channel, address).id, channel)
    audit_log.note(db, person, "signed in", how)
    return True


def _is_strangers(door: Door) -> bool:
    return not (door.person.agreed or door.person.roles or door.person.signed_out)


def back_in(db: Db, door: Door, _session: Session) -> SignInOptions:
    """How a member can sign in again on a page where their sign-in has ended."""
    person = door.person.id
    owners = set(db.run(select(roles.c.person_id).where(roles.c.role == "owner")).scalars())
    elsewhere = next((one.channel for one in own_doors(db, door) if not one.here), None)
    return SignInOptions(
        elsewhere, bool(owners - {person}), _has(db, team_names, person), _has(db, passkeys, person)
    )


def _has(db: Db, table: Table, person: int) -> bool:
    return bool(db.run(select(exists().where(table.c.person_id == person))).scalar())


def own_doors(db: Db, door: Door) -> tuple[OwnDoor, ...]:
    mine = select(doors).where(doors.c.person_id == door.person.id).order_by(doors.c.id)
    return tuple(
        OwnDoor(BY_NAME[row.kind], _until(BY_NAME[row.kind], row), here=row.id == door.id)
        for row in db.run(mine.where(signed_in(db.now)))
    )


def _until(channel: Channel, row: Row[Any]) -> datetime | None:
    """When a sign-in ends if nobody uses it again."""
    if row.signed_in_until is None and channel.rights_rest:
        return row.used_at + channel.rights_rest  # type: ignore[no-any-return]
    return row.signed_in_until  # type: ignore[no-any-return]


def sign_out_everywhere(db: Db, door: Door, _effect: SignOutEverywhere) -> None:
    """Ends all of a member's sign-ins now, so that pages do not show earlier messages any more."""
    end(db, door.person.id)
    audit_log.note(db, door.person.id, "signed out everywhere")


def end(db: Db, person: int) -> None:
    theirs = (doors.c.person_id == person) & signed_in(db.now)
    db.run(update(doors).where(theirs).values(signed_in_until=db.now))


HANDLERS: Handlers = {SignOutEverywhere: EffectHandler(sign_out_everywhere, right=Rights.SIGN_IN)}
FACTS: Loaders = {SignInOptions: back_in}
