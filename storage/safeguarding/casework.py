"""What the team does with a case: reads it, and writes to its person."""

from typing import Any, cast

from sqlalchemy import Row, Select, func, select, update

from conversations.core.channels import BY_NAME
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.record import replace
from conversations.safeguarding.detector import DangerKind
from conversations.safeguarding.effects import WriteToThem
from conversations.safeguarding.facts import AlertedCases, Case, OneCase, OpenCaseCount, OpenCases
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import outbox
from storage.safeguarding import case_entries, kept_back, marks
from storage.safeguarding.cases import door_of, is_open
from storage.security import audit_log
from storage.tables import cases
from storage.tables import outbox as outbox_table
from storage.tables import people as people_table
from storage.team import members

CLOSED = N_("That case is closed.")


def write(db: Db, door: Door, effect: WriteToThem) -> None:
    """Sends a lead's message to the address of the case, even in quiet hours and after /stop."""
    row = db.run(select(cases).where(is_open(effect.case)).with_for_update()).first()
    if row is None:
        raise Refused(CLOSED)
    there = door_of(db, row)
    once = f"case:{row.id}:{door.id}:{db.now.isoformat()}"
    values = {
        "door_id": there.id,
        "door_kind": there.channel.name,
        "lane": "alert",
        "state": "waiting",
        "kind": "say",
    }
    sealed = outbox.seal(db, once, effect.say)
    db.run(outbox_table.insert().values(once=once, sealed=sealed, due=db.now, **values))
    case_entries.add(db, row.id, "message", effect.words, door.person.id)
    db.run(update(cases).where(cases.c.id == row.id).values(thread=row.thread or "open"))
    audit_log.note(db, door.person.id, "wrote about case", f"case {row.id}")


# --- what it reads --------------------------------------------------------------------------------


def open_cases(db: Db, door: Door, _session: Session) -> OpenCases:
    query = _with_language().where(cases.c.closed_at.is_(None))
    first = cases.c.acknowledged_at.is_not(None)
    return OpenCases(tuple(_case(db, row, door) for row in db.run(query.order_by(first, cases.c.id.desc()))))


def one_case(db: Db, door: Door, session: Session) -> OneCase:
    """The session's case. None also if the reader has no right (any more), because an alert may wait on a page that is
    signed out.
    """
    if not door.person.may(Rights.SEE_CASES):
        return OneCase(None)
    row = db.run(_with_language().where(is_open(session.number("case")))).first()
    if row is None:
        return OneCase(None)
    back, raised = kept_back.is_keeping(db, row.id), kept_back.is_keeping_raised(db, row.id)
    return OneCase(replace(_case(db, row, door), keeps_back=back, keeps_raised=raised))


def alerted_cases(db: Db, door: Door, session: Session) -> AlertedCases:
    """The cases of an alert; none for somebody without the right, as in `one_case`."""
    if not door.person.may(Rights.SEE_CASES):
        return AlertedCases(())
    of_it = (cases.c.alert == session.number("case"), cases.c.closed_at.is_(None))
    others = cases.c.person_id.is_distinct_from(door.person.id)
    rows = db.run(_with_language().where(*of_it, others).order_by(cases.c.id))
    return AlertedCases(tuple(_case(db, row, door) for row in rows.all()))


def count_open(db: Db, door: Door, _session: Session) -> OpenCaseCount:
    if not door.person.may(Rights.SEE_CASES):
        return OpenCaseCount(0)
    n = int(db.run(select(func.count()).where(cases.c.closed_at.is_(None))).scalar_one())
    return OpenCaseCount(n, marks.count_to_read(db, door))


def _with_language() -> Select[Any]:
    theirs = (
        func.coalesce(people_table.c[name], cases.c[name]).label(f"their_{name}")
        for name in ("language", "version")
    )
    return select(*cases.c, *theirs).outerjoin(people_table, people_table.c.id == cases.c.person_id)


def _case(db: Db, row: Row[Any], door: Door) -> Case:
    return Case(
        id=row.id,
        kind=cast(DangerKind, row.kind),
        channel=BY_NAME[row.door_kind],
        signs=row.signs,
        wants_call=row.wants_call,
        opened_at=row.opened_at,
        taken_at=row.acknowledged_at,
        taken_by_you=None if row.acknowledged_at is None else row.acknowledged_by == door.person.id,
        language=row.their_language,
        version=row.their_version,
        left=row.person_id is None,
        thread_stopped=row.thread == "stopped",
        offered_to=members.colleagues(db, (row.handed_to,))[row.handed_to] if row.handed_to else None,
        offered_to_you=row.handed_to == door.person.id,
    )


HANDLERS: Handlers = {
    WriteToThem: EffectHandler(write, right=Rights.SEE_CASES),
}
FACTS: Loaders = {
    OpenCases: open_cases,
    OneCase: one_case,
    AlertedCases: alerted_cases,
    OpenCaseCount: count_open,
}
