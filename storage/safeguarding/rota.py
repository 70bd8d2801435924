"""The rota: who may see cases in some hours only, and is told of them when nobody has taken one on."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, or_, select

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.person import STAFF
from conversations.safeguarding.effects import AddToRota, RemoveFromRota
from conversations.safeguarding.shifts import Hours, Rota, Shift
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hooks, prepared
from storage.people.people import ReadingRoles
from storage.security import audit_log
from storage.tables import roles, rota
from storage.team.members import RemovingMember
from storage.team.rights import who_may

_KEPT = timedelta(days=2)  # a line for one day, after that

_OF = prepared(select(rota).where(rota.c.person_id == bindparam("person")).order_by(rota.c.id))
_IN_TEAM = select(roles.c.person_id).where(roles.c.role.in_(sorted(STAFF)))


def on_duty(db: Db) -> frozenset[int]:
    """The team members whose hours on the rota last now."""
    lines = db.run(select(rota).where(rota.c.person_id.in_(_IN_TEAM))).all()
    return frozenset(row.person_id for row in lines if _lasts(db, row))


def all_who_see_cases(db: Db) -> set[int]:
    """The people who may see cases now: by their role, or because they are on the rota."""
    return {*db.run(who_may(Rights.SEE_CASES)).scalars(), *on_duty(db)}


def lend_rights(db: Db, reading: ReadingRoles) -> None:
    """Whoever is on the rota is a deputy while their hours last, and not a moment longer."""
    if not reading.roles & Rights.SEE_CASES.roles:
        lines = db.run(_OF, {"person": reading.person})
        if any(_lasts(db, row) for row in lines):
            reading.roles.update(Rights.DEPUTISE.roles)


def all_lines(db: Db, _door: Door, _session: Session) -> Rota:
    lines = select(rota).where(or_(rota.c.day.is_(None), rota.c.day >= db.today)).order_by(rota.c.id)
    return Rota(tuple(Shift(row.id, row.person_id, _hours(row)) for row in db.run(lines)))


def add(db: Db, door: Door, effect: AddToRota) -> None:
    """Adds a line, and deletes those whose day has long passed."""
    if db.run(_IN_TEAM.where(roles.c.person_id == effect.person)).first() is None:
        raise Refused(N_("They have left the team already."))
    hours = effect.hours
    weekdays = "".join(map(str, hours.weekdays))
    when = {"weekdays": weekdays, "day": hours.day, "starts": hours.starts, "ends": hours.ends}
    db.run(rota.insert().values(person_id=effect.person, **when))
    db.run(delete(rota).where(rota.c.day < db.day_of(db.now - _KEPT)))
    audit_log.note(db, door.person.id, "put on the rota", f"person {effect.person}")


def remove(db: Db, door: Door, effect: RemoveFromRota) -> None:
    line = delete(rota).where(rota.c.id == effect.shift).returning(rota.c.person_id)
    person = db.run(line).scalar()
    if person is None:
        raise Refused(N_("That is off the rota already."))
    audit_log.note(db, door.person.id, "taken off the rota", f"person {person}")


def remove_member(db: Db, removing: RemovingMember) -> None:
    db.run(delete(rota).where(rota.c.person_id == removing.person))


def _lasts(db: Db, row: Row[Any]) -> bool:
    return _hours(row).last_at(db.now, db.rules.zone)


def _hours(row: Row[Any]) -> Hours:
    return Hours(tuple(map(int, row.weekdays)), row.day, row.starts, row.ends)


HANDLERS: Handlers = {
    AddToRota: EffectHandler(add, right=Rights.KEEP_ROTA),
    RemoveFromRota: EffectHandler(remove, right=Rights.KEEP_ROTA),
}
FACTS: Loaders = {Rota: all_lines}
HOOKS: Hooks = {ReadingRoles: lend_rights, RemovingMember: remove_member}
