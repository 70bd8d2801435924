"""The team: roles, invites and names."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, select, update

from conversations.core.channels import BY_NAME, Channel
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.person import ROLES, Role
from conversations.core.record import Record
from conversations.team.effects import (
    Invite,
    InviteOwnDoor,
    RedeemInvite,
    RemoveRoles,
    SetTeamName,
)
from conversations.team.facts import Colleague, Invitation, Member, Team
from conversations.team.rights import Rights
from storage.core.dispatch import NOT_YOURS, EffectHandler, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db
from storage.people.people import addresses_of_person
from storage.security import audit_log, lineage
from storage.tables import doors, invites, people, roles, team_days, team_names
from storage.team import last_ones, rights, sign_ins

GOOD_FOR = timedelta(hours=24)
REMEMBERED = timedelta(days=30)  # how long used and expired invites are told from unknown ones
_TOKEN_BYTES = 16
_TOGETHER = timedelta(minutes=1)  # workers that start within this time print one owner link


class RemovingMember(Record):
    """Event: a member leaves the team. What they scheduled becomes a draft again, because they may not send it any more.
    What they had begun goes to the member `to`, if somebody takes over who has the right to it.
    """

    person: int
    to: int | None = None


# --- links ----------------------------------------------------------------------------------------


def owner_link(db: Db) -> str | None:
    """Makes a token for the first owner and deletes earlier ones. None if there is an owner, or if a worker that started
    together with this one has just made a token.
    """
    if db.run(select(exists().where(roles.c.role == "owner"))).scalar():
        return None
    if db.connection.dialect.name == "postgresql" and _has_fresh_owner_link(db):
        return None
    db.run(delete(invites).where(invites.c.role == "owner", invites.c.used_at.is_(None)))
    return invite(db, "owner")


def _has_fresh_owner_link(db: Db) -> bool:
    good = and_(invites.c.role == "owner", invites.c.used_at.is_(None))
    return bool(
        db.run(select(exists().where(good, invites.c.expires_at > db.now + GOOD_FOR - _TOGETHER))).scalar()
    )


def invite(db: Db, role: Role, made_by: int | None = None) -> str:
    """Makes a token that gives one person a role, once, within 24 hours."""
    audit_log.note(db, made_by, "invite made", role)
    return _new_token(db, role=role, made_by=made_by)


def invitation(db: Db, token: str) -> Invitation | None:
    """The invitation with this token, without using it; None if it is not valid."""
    row = db.run(
        select(invites.c.role, invites.c.own_door_of).where(_has_token(db, token), _is_good(db))
    ).first()
    return Invitation(row.role) if row else None


def redeem(db: Db, door: Door, effect: RedeemInvite) -> None:
    """Redeems a token: of all who try, exactly one succeeds. Gives them its role, or makes this door the inviter's own."""
    use = update(invites).where(_has_token(db, effect.token), _is_good(db)).values(used_at=db.now)
    row = db.run(use.returning(invites.c.role, invites.c.own_door_of, invites.c.made_by)).first()
    if row is None:
        raise Refused(_why_not(db, effect.token))
    if row.own_door_of is not None:
        _move(db, door, row.own_door_of)
    else:
        _give(db, door, row.role, row.made_by)
    sign_ins.begin(db, door.id, door.channel)


def make_invite(db: Db, door: Door, effect: Invite) -> dict[str, str]:
    return {"token": invite(db, effect.role, door.person.id)}


def invite_own_door(db: Db, door: Door, _effect: InviteOwnDoor) -> dict[str, str]:
    audit_log.note(db, door.person.id, "own door link made")
    return {"token": _new_token(db, own_door_of=door.person.id, made_by=door.person.id)}


def _new_token(db: Db, **values: object) -> str:
    db.run(delete(invites).where(invites.c.expires_at < db.now - REMEMBERED))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    hashed = db.vault.keyed_hash(_hash_input(token))
    db.run(invites.insert().values(token_hash=hashed, expires_at=db.now + GOOD_FOR, **values))
    return token


def _hash_input(token: str) -> str:
    # The prefix keeps an invite's hash from equalling an address's.
    return f"invite:{token}"


def _has_token(db: Db, token: str) -> ColumnElement[bool]:
    return invites.c.token_hash.in_(db.vault.hashes_ever(_hash_input(token)))


def _is_good(db: Db) -> ColumnElement[bool]:
    return invites.c.used_at.is_(None) & (invites.c.expires_at > db.now)


def _why_not(db: Db, token: str) -> str:
    row = db.run(select(invites.c.used_at).where(_has_token(db, token))).first()
    if row is None:
        return N_("I don't know that link. Check that all of it was copied, or ask for a new one.")
    if row.used_at is not None:
        return N_("That link was used already, and each works only once. Ask for a new one.")
    return N_("That link has run out: each works for 24 hours. Ask for a new one.")


def _give(db: Db, door: Door, role: Role, given_by: int | None) -> None:
    if role in door.person.roles:
        raise Refused(N_("You have that role already. The link still works: you can pass it on."))
    values = {"person_id": door.person.id, "role": role, "given_by": given_by, "at": db.now}
    db.run(db.insert(roles).values(**values).on_conflict_do_nothing())
    audit_log.note(db, door.person.id, "joined the team", role)


def _move(db: Db, door: Door, owner: int) -> None:
    """Moves a stranger's door to a member. The member's own door, after a sign-in has ended, stays theirs."""
    left = door.person.id
    if left == owner:
        return
    if door.person.agreed:
        raise Refused(
            N_(
                "This account already belongs to a young person. Open the link in another app or browser, or /delete that first."
            )
        )
    if db.run(select(exists().where(roles.c.person_id == left))).scalar():
        raise Refused(N_("This is another team member's already. Open the link somewhere else."))
    db.run(update(doors).where(doors.c.id == door.id).values(person_id=owner))
    others = exists().where(doors.c.person_id == people.c.id)
    db.run(delete(people).where(people.c.id == left, ~others))
    audit_log.note(db, owner, "own door added", door.channel.name)


# --- members --------------------------------------------------------------------------------------


def team(db: Db, door: Door, _session: Session) -> Team:
    """All members by role, the longest-serving first, and the reader's own doors."""
    held = db.run(_HELD).all()
    theirs = select(doors.c.person_id, doors.c.kind).where(doors.c.person_id.in_(select(roles.c.person_id)))
    used: dict[int, set[Channel]] = {}
    for row in db.run(theirs):
        used.setdefault(row.person_id, set()).add(BY_NAME[row.kind])
    names = names_of(db, {row.person_id for row in held})
    members = []
    for role, number, row in _in_roles(held):
        where = frozenset(used.get(row.person_id, ()))
        you = row.person_id == door.person.id
        name = names.get(row.person_id, "")
        members.append(Member(row.person_id, role, number, where, row.at, you, name))
    return Team(tuple(members), sign_ins.own_doors(db, door))


_HELD = select(roles).order_by(roles.c.at, roles.c.person_id)


def _in_roles(held: Sequence[Row[Any]]) -> Iterator[tuple[Role, int, Row[Any]]]:
    """Rows of roles, each with its place in its role."""
    for role in ROLES:
        for number, row in enumerate((row for row in held if row.role == role), 1):
            yield role, number, row


def names_of(db: Db, members: Collection[int]) -> dict[int, str]:
    """The names of those of these members who gave one, by person."""
    rows = db.run(select(team_names).where(team_names.c.person_id.in_(members)))
    return {row.person_id: db.vault.open(row.sealed, sealing_context(row.person_id)) for row in rows}


def colleagues(db: Db, wanted: Collection[int]) -> dict[int, Colleague]:
    """How the team calls each of these, by person, also those who have left. See `member_name`."""
    if not wanted:
        return {}
    names, found = names_of(db, wanted), {person: Colleague(person) for person in wanted}
    for role, number, row in reversed([*_in_roles(db.run(_HELD).all())]):
        if row.person_id in found:
            name = names.get(row.person_id, "")
            found[row.person_id] = Colleague(row.person_id, role, number, name)
    return found


def own_name(db: Db, person: int) -> str:
    """A member's name; empty if they gave none."""
    return names_of(db, (person,)).get(person, "")


def set_name(db: Db, door: Door, effect: SetTeamName) -> None:
    person = door.person.id
    db.run(delete(team_names).where(team_names.c.person_id == person))
    if effect.name:
        sealed = db.vault.seal(effect.name, sealing_context(person))
        db.run(team_names.insert().values(person_id=person, sealed=sealed))


def sealing_context(person: int) -> str:
    return f"team_names:sealed:{person}"


def remove(db: Db, door: Door, effect: RemoveRoles) -> None:
    """Takes all roles from a member and deletes their unused invites. The last owner and the last lead stay."""
    owners = select(roles.c.person_id).where(roles.c.role == "owner")
    if door.person.id not in set(db.run(owners.with_for_update()).scalars()):
        raise Refused(NOT_YOURS)
    if effect.to is not None and (
        effect.to == effect.person or not rights.may(db, effect.to, Rights.PUBLISH_OUTCOMES)
    ):
        raise Refused(NOT_YOURS)
    last_ones.check_removal(db, effect.person)
    db.run(delete(roles).where(roles.c.person_id == effect.person))
    for table in (team_names, team_days):
        db.run(delete(table).where(table.c.person_id == effect.person))
    db.run(delete(invites).where(invites.c.made_by == effect.person, invites.c.used_at.is_(None)))
    db.run_hooks(RemovingMember(effect.person, effect.to))
    sign_ins.end(db, effect.person)
    lineage.note(db, "left", addresses_of_person(db, effect.person))
    about = f"person {effect.person}" + (f", person {effect.to} takes over" if effect.to else "")
    audit_log.note(db, door.person.id, "removed from the team", about)


SEALED: SealedColumns = (SealedColumn(team_names.c.sealed, lambda row: sealing_context(row["person_id"])),)
HANDLERS: Handlers = {
    RedeemInvite: EffectHandler(redeem),
    Invite: EffectHandler(make_invite, right=Rights.MANAGE_TEAM),
    InviteOwnDoor: EffectHandler(invite_own_door, right=Rights.SIGN_IN),
    RemoveRoles: EffectHandler(remove, right=Rights.MANAGE_TEAM),
    SetTeamName: EffectHandler(set_name, right=Rights.SEE_TEAM),
}
FACTS: Loaders = {Team: team}
MY_DATA: MyDataFields = {"called": own_name}
