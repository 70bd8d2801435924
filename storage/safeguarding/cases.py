"""Safeguarding cases: opened in the turn that saw the sign, reported to those who can help, closed by a person."""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select, update

from conversations.core.channels import BY_NAME, STAYING_SIGNED_IN, Channel
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Say, Session
from conversations.people.facts import OwnCases
from conversations.safeguarding.detector import KINDS, DangerKind
from conversations.safeguarding.effects import (
    AcknowledgeCase,
    AskForCall,
    CloseCase,
    RaiseAlert,
    WriteToThem,
)
from conversations.safeguarding.facts import Case, LeadReachable, OneCase, OpenCaseCount, OpenCases
from conversations.safeguarding.messages import ALERT
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, Hooks, new_id, prepared
from storage.outbox import heartbeats, outbox
from storage.people import people
from storage.security import audit_log
from storage.tables import cases, doors, roles
from storage.tables import outbox as outbox_table
from storage.tables import people as people_table
from storage.team.rights import gives

ONE_CASE = timedelta(hours=1)
ALERT_EVERY = timedelta(minutes=10)

# A closed page alerts nobody. So a lead who has only the page counts as reached only if they used it just now; the alert
# waits on their page in any case. To tell a child "I've told someone" when nobody looks before morning would be the worst
# mistake that Heard can make.
AT_THE_PAGE = timedelta(minutes=15)
ANSWERED = 100.0  # seconds since a channel last worked; the courier checks it twice in that time
ON_ITS_WAY = timedelta(minutes=1)  # an alert that waits for longer counts as not arriving

CLOSED = N_("That case is closed.")

# Every turn of joining runs this: see `prepared`.
_OWN = prepared(
    select(cases.c.id)
    .where(cases.c.person_id == bindparam("person"), cases.c.closed_at.is_(None))
    .order_by(cases.c.id)
)


# --- a sign ---------------------------------------------------------------------------------------


def raise_alert(db: Db, door: Door, effect: RaiseAlert) -> None:
    """Opens a case, or adds a sign to the person's open case of the last hour, and alerts those who can help."""
    found = _open_case(db, door.person.id, cases.c.opened_at > db.now - ONE_CASE)
    number = _add_sign(db, found, effect) if found else _open_new(db, door, effect)
    _tell(db, number, effect.kind, door.person.id)


def ask_for_call(db: Db, door: Door, _effect: AskForCall) -> None:
    """Records that the person wants to be contacted. Raises Refused if the alert would reach nobody now."""
    found = _open_case(db, door.person.id)
    number = found.id if found else _open_new(db, door, RaiseAlert("request_for_help", "support.choose"))
    db.run(update(cases).where(cases.c.id == number).values(wants_call=True))
    if not _tell(db, number, "call", door.person.id):
        raise Refused(
            N_(
                "I can't reach anybody in the team just now. Use one of these numbers: they are there for you."
            )
        )


def _open_case(db: Db, person: int, *more: ColumnElement[bool]) -> Row[Any] | None:
    theirs = select(cases).where(cases.c.person_id == person, cases.c.closed_at.is_(None), *more)
    return db.run(theirs.order_by(cases.c.id.desc()).limit(1)).first()


def _open_new(db: Db, door: Door, sign: RaiseAlert) -> int:
    values = {
        "person_id": door.person.id,
        "door_kind": door.channel.name,
        "kind": sign.kind,
        "step": sign.step,
    }
    number = new_id(db.run(cases.insert().values(**values, address=b"", opened_at=db.now)))
    address = people.address_of(db, door.id)
    assert address is not None
    sealed = db.vault.seal(address, sealing_context(number))
    db.run(update(cases).where(cases.c.id == number).values(address=sealed))
    return number


def _add_sign(db: Db, case: Row[Any], sign: RaiseAlert) -> int:
    gravest = min(case.kind, sign.kind, key=KINDS.index)
    db.run(update(cases).where(cases.c.id == case.id).values(signs=case.signs + 1, kind=gravest))
    return int(case.id)


# --- alerts ---------------------------------------------------------------------------------------


def _tell(db: Db, case: int, sign: str, about: int) -> bool:
    """Queues an alert to every lead who can be reached, and to owners too if it would reach no lead now; at most one per
    kind of sign in ten minutes. True if it will reach anybody now.
    """
    staff = db.run(_staff_doors(db).where(doors.c.person_id != about)).all()
    leads = [row for row in staff if row.role in Rights.LEAD_SAFEGUARDING.roles]
    chosen = leads if any(_is_reached_now(db, row) for row in leads) else staff
    rows = [_alert(db, case, sign, row.id, row.kind) for row in {row.id: row for row in chosen}.values()]
    if rows:
        db.run(db.insert(outbox_table).on_conflict_do_nothing(), rows)
    return any(_is_reached_now(db, row) for row in chosen)


def _staff_doors(db: Db) -> Select[Any]:
    """Selects the reachable doors where leads and owners are signed in."""
    signed_in = or_(doors.c.kind.in_(STAYING_SIGNED_IN), doors.c.signed_in_until > db.now)
    columns = (doors.c.id, doors.c.kind, doors.c.used_at, roles.c.role)
    return (
        select(*columns)
        .join(roles, roles.c.person_id == doors.c.person_id)
        .where(gives(Rights.SEE_CASES), doors.c.reachable, signed_in)
    )


def _is_reached_now(db: Db, row: Row[Any]) -> bool:
    channel = BY_NAME[row.kind]
    if channel.pushes:
        return db.rules.account(channel) is not None and _channel_works(db, channel)
    return bool(row.used_at > db.now - AT_THE_PAGE)


def _channel_works(db: Db, channel: Channel) -> bool:
    """Whether a channel worked just now; otherwise an alert there reaches nobody."""
    ago = heartbeats.seconds_since(db, channel.name)
    return ago is not None and ago < ANSWERED


def _alert(db: Db, case: int, sign: str, door: int, kind: str) -> dict[str, object]:
    values = {"door_id": door, "door_kind": kind, "lane": ALERT.lane, "state": "waiting", "kind": ALERT.name}
    lately = int(db.now.timestamp() // ALERT_EVERY.total_seconds())
    return {"once": f"alert:{case}:{sign}:{door}:{lately}", "about": case, "due": db.now, **values}


def lead_reachable(db: Db, door: Door, _session: Session) -> LeadReachable:
    """Who gets the alerts about this person's case. Alerts that failed or wait too long do not count."""
    case = _open_case(db, door.person.id)
    if case is None:
        return LeadReachable("nobody")
    lately = outbox_table.c.due > db.now - ON_ITS_WAY
    there = outbox_table.c.state.in_(("sent", "shown"))
    arriving = or_(there, and_(outbox_table.c.state.in_(outbox.UNDERWAY), lately))
    alerts = (
        _staff_doors(db)
        .join(outbox_table, outbox_table.c.door_id == doors.c.id)
        .where(outbox_table.c.kind == ALERT.name, outbox_table.c.about == case.id, arriving)
    )
    told = {row.role for row in db.run(alerts) if _is_reached_now(db, row)}
    return LeadReachable("lead" if told & Rights.LEAD_SAFEGUARDING.roles else "team" if told else "nobody")


# --- what a lead does -----------------------------------------------------------------------------


def acknowledge(db: Db, door: Door, effect: AcknowledgeCase) -> None:
    """Assigns a case to the first who takes it on."""
    values = {"acknowledged_by": door.person.id, "acknowledged_at": db.now}
    free = _is_open(effect.case) & cases.c.acknowledged_at.is_(None)
    if db.run(update(cases).where(free).values(**values)).rowcount == 0:
        raise Refused(N_("Somebody else in the team is on it, or it is closed."))
    audit_log.note(db, door.person.id, "case taken on", f"case {effect.case}")


def write(db: Db, door: Door, effect: WriteToThem) -> None:
    """Sends a lead's message to the address of the case, even in quiet hours and after /stop."""
    row = db.run(select(cases).where(_is_open(effect.case))).first()
    if row is None:
        raise Refused(CLOSED)
    there = people.find_or_create_door(
        db, BY_NAME[row.door_kind], db.vault.open(row.address, sealing_context(row.id))
    )
    once = f"case:{row.id}:{door.id}:{db.now.isoformat()}"
    values = {
        "door_id": there.id,
        "door_kind": there.channel.name,
        "lane": "alert",
        "state": "waiting",
        "kind": "say",
    }
    sealed = outbox.seal(db, once, Say(effect.text, heading=effect.heading))
    db.run(outbox_table.insert().values(once=once, sealed=sealed, due=db.now, **values))
    audit_log.note(db, door.person.id, "wrote about case", f"case {row.id}")


def close(db: Db, door: Door, effect: CloseCase) -> None:
    """Closes a case, keeping only its number, kind, dates and who closed it."""
    values = {"closed_by": door.person.id, "closed_at": db.now, "address": b"", "person_id": None}
    if db.run(update(cases).where(_is_open(effect.case)).values(**values)).rowcount == 0:
        raise Refused(CLOSED)
    audit_log.note(db, door.person.id, "case closed", f"case {effect.case}")


def detach_erased(db: Db, going: people.ErasingPeople) -> None:
    """Detaches open cases from people who are erased. A case keeps its sealed address until it is closed."""
    db.run(update(cases).where(cases.c.person_id.in_(going.ids)).values(person_id=None))


def open_cases(db: Db, door: Door, _session: Session) -> OpenCases:
    query = _with_language().where(cases.c.closed_at.is_(None))
    first = cases.c.acknowledged_at.is_not(None)
    return OpenCases(tuple(_case(row, door) for row in db.run(query.order_by(first, cases.c.id.desc()))))


def one_case(db: Db, door: Door, session: Session) -> OneCase:
    """The session's case. None also if the reader has no right (any more), because an alert may wait on a page that is
    signed out.
    """
    if not door.person.may(Rights.SEE_CASES):
        return OneCase(None)
    row = db.run(_with_language().where(_is_open(session.number("case")))).first()
    return OneCase(_case(row, door) if row else None)


def own_cases(db: Db, door: Door, _session: Session) -> OwnCases:
    return OwnCases(open_case_numbers(db, door.person.id))


def open_case_numbers(db: Db, person: int) -> tuple[int, ...]:
    """The numbers of a person's open cases."""
    return tuple(db.run(_OWN, {"person": person}).scalars())


def count_open(db: Db, door: Door, _session: Session) -> OpenCaseCount:
    if not door.person.may(Rights.SEE_CASES):
        return OpenCaseCount(0)
    return OpenCaseCount(int(db.run(select(func.count()).where(cases.c.closed_at.is_(None))).scalar_one()))


def _with_language() -> Select[Any]:
    columns = (*cases.c, people_table.c.language, people_table.c.version)
    return select(*columns).outerjoin(people_table, people_table.c.id == cases.c.person_id)


def _is_open(case: int) -> ColumnElement[bool]:
    return (cases.c.id == case) & cases.c.closed_at.is_(None)


def _case(row: Row[Any], door: Door) -> Case:
    return Case(
        id=row.id,
        kind=cast(DangerKind, row.kind),
        channel=BY_NAME[row.door_kind],
        signs=row.signs,
        wants_call=row.wants_call,
        opened_at=row.opened_at,
        taken_at=row.acknowledged_at,
        taken_by_you=None if row.acknowledged_at is None else row.acknowledged_by == door.person.id,
        language=row.language,
        version=row.version,
        left=row.person_id is None,
    )


def sealing_context(case: int) -> str:
    return f"cases:address:{case}"


SEALED: SealedColumns = (SealedColumn(cases.c.address, lambda row: sealing_context(row["id"])),)
HANDLERS: Handlers = {
    RaiseAlert: EffectHandler(raise_alert),
    AskForCall: EffectHandler(ask_for_call),
    AcknowledgeCase: EffectHandler(acknowledge, right=Rights.SEE_CASES),
    WriteToThem: EffectHandler(write, right=Rights.SEE_CASES),
    CloseCase: EffectHandler(close, right=Rights.SEE_CASES),
}
FACTS: Loaders = {
    LeadReachable: lead_reachable,
    OpenCases: open_cases,
    OneCase: one_case,
    OpenCaseCount: count_open,
    OwnCases: own_cases,
}
MY_DATA: MyDataFields = {"cases": open_case_numbers}
HOOKS: Hooks = {people.ErasingPeople: detach_erased}
