"""A case goes from one helper to another: offered, then taken over, or kept."""

from sqlalchemy import func, select, update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.safeguarding.effects import AcknowledgeCase, HandOver, KeepCase
from conversations.safeguarding.facts import CaseHelpers
from conversations.safeguarding.messages import CASE_HANDED, CASE_TAKEN_OVER
from conversations.team.facts import Member
from conversations.team.rights import Rights
from storage.core.dispatch import NOT_YOURS, EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hooks
from storage.outbox import outbox
from storage.people.people import ErasingPeople
from storage.safeguarding import rota
from storage.safeguarding.cases import check_not_own, is_open, tell_person
from storage.security import audit_log
from storage.tables import cases
from storage.team import members
from storage.team.members import RemovingMember

TAKEN = N_("Somebody else in the team is on it, or it is closed.")


def take_on(db: Db, door: Door, effect: AcknowledgeCase) -> None:
    """Assigns a case to the first who takes it on, or to whoever it is handed to."""
    found = db.run(select(cases).where(is_open(effect.case)).with_for_update()).first()
    had = found.acknowledged_by if found else None
    if found is None or (found.acknowledged_at is not None and found.handed_to != door.person.id):
        raise Refused(TAKEN)
    check_not_own(db, door, effect.case)
    values = {
        "acknowledged_by": door.person.id,
        "acknowledged_at": db.now,
        "first_taken_at": func.coalesce(cases.c.first_taken_at, db.now),
        "handed_to": None,
        "check_at": None,
    }
    db.run(update(cases).where(cases.c.id == effect.case).values(**values))
    if found.informed == "nobody" and found.person_id != door.person.id:
        tell_person(db, found, "lead" if door.person.may(Rights.LEAD_SAFEGUARDING) else "team")
    audit_log.note(db, door.person.id, "case taken on", f"case {effect.case}")
    if had is not None:
        once = f"{CASE_TAKEN_OVER.name}:{effect.case}:{had}:{db.now.isoformat()}"
        outbox.announce(db, had, once, CASE_TAKEN_OVER, effect.case)


def hand_over(db: Db, door: Door, effect: HandOver) -> None:
    """Offers a case to somebody else who may see cases, and tells them."""
    _lock_own(db, door, effect.case)
    if effect.to not in {member.person for member in _helpers(db, door, effect.case)}:
        raise Refused(N_("They can't see cases any more. Choose somebody else."))
    db.run(update(cases).where(cases.c.id == effect.case).values(handed_to=effect.to))
    once = f"{CASE_HANDED.name}:{effect.case}:{effect.to}:{db.now.isoformat()}"
    outbox.announce(db, effect.to, once, CASE_HANDED, effect.case)
    audit_log.note(db, door.person.id, "case handed over", f"case {effect.case} to person {effect.to}")


def keep(db: Db, door: Door, effect: KeepCase) -> None:
    """Takes back an offer that nobody has taken up. Not for whoever it is made to."""
    _lock_own(db, door, effect.case)
    mine = (cases.c.id == effect.case, cases.c.handed_to.is_distinct_from(door.person.id))
    if db.run(update(cases).where(*mine).values(handed_to=None)).rowcount == 0:
        raise Refused(NOT_YOURS)
    audit_log.note(db, door.person.id, "case kept", f"case {effect.case}")


def _lock_own(db: Db, door: Door, case: int) -> None:
    """Locks a case. Raises Refused unless it is taken on, by them or, for a lead, by anybody."""
    taken = is_open(case) & cases.c.acknowledged_at.is_not(None)
    row = db.run(select(cases.c.acknowledged_by).where(taken).with_for_update()).first()
    if row is None or not (
        row.acknowledged_by == door.person.id or door.person.may(Rights.LEAD_SAFEGUARDING)
    ):
        raise Refused(NOT_YOURS)


def helpers(db: Db, door: Door, session: Session) -> CaseHelpers:
    return CaseHelpers(_helpers(db, door, session.number("case")))


def _helpers(db: Db, door: Door, case: int) -> tuple[Member, ...]:
    """Who may be given a case: all who may see cases now, but not whoever has it, and not its person."""
    row = db.run(select(cases.c.acknowledged_by, cases.c.person_id).where(is_open(case))).first()
    may = rota.all_who_see_cases(db) - (set(row) if row else set())
    found = members.team(db, door, Session("")).members
    first = {
        member.person: member for member in reversed(found) if member.person in may
    }  # by their first role
    return tuple(reversed(first.values()))


def forget_removed(db: Db, removing: RemovingMember) -> None:
    db.run(update(cases).where(cases.c.handed_to == removing.person).values(handed_to=None))


def forget_erased(db: Db, going: ErasingPeople) -> None:
    db.run(update(cases).where(cases.c.handed_to.in_(going.ids)).values(handed_to=None))


HANDLERS: Handlers = {
    AcknowledgeCase: EffectHandler(take_on, right=Rights.SEE_CASES),
    HandOver: EffectHandler(hand_over, right=Rights.SEE_CASES),
    KeepCase: EffectHandler(keep, right=Rights.SEE_CASES),
}
FACTS: Loaders = {CaseHelpers: helpers}
HOOKS: Hooks = {RemovingMember: forget_removed, ErasingPeople: forget_erased}
