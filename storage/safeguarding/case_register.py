"""The register of cases: what stays of each, who may see it, and when it leaves."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, delete, select

from conversations.core.messages import Session
from conversations.safeguarding.casework.register import CaseRegister, RegisteredCase
from conversations.safeguarding.detector import DangerKind
from conversations.safeguarding.effects import ExportRegister
from conversations.team.facts import Colleague
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.security import audit_log
from storage.tables import cases
from storage.team import members, team_rules


def register(db: Db, door: Door, _session: Session) -> CaseRegister:
    """All cases for those who keep the register; none for others."""
    return every_case(db) if door.person.may(Rights.KEEP_CASE_REGISTER) else CaseRegister(())


def every_case(db: Db) -> CaseRegister:
    """All cases, the newest first."""
    rows = db.run(select(cases).order_by(cases.c.id.desc())).all()
    team = members.colleagues(
        db, {who for row in rows for who in (row.acknowledged_by, row.closed_by) if who}
    )
    return CaseRegister(tuple(_registered(row, team) for row in rows))


def _registered(row: Row[Any], team: dict[int, Colleague]) -> RegisteredCase:
    return RegisteredCase(
        row.id,
        cast(DangerKind, row.kind),
        row.signs,
        row.opened_at,
        told_at=row.told_at,
        taken_at=row.first_taken_at,
        taken_by=team.get(row.acknowledged_by),
        closed_at=row.closed_at,
        closed_by=team.get(row.closed_by),
        reason=row.reason,
    )


def note_export(db: Db, door: Door, _effect: ExportRegister) -> None:
    audit_log.note(db, door.person.id, "exported the case register")


def forget_old(db: Db) -> int:
    """Deletes cases that were closed longer ago than the team keeps them. Returns how many."""
    before = _years_before(db.now, team_rules.rules(db).case_years)
    return db.run(delete(cases).where(cases.c.closed_at < before)).rowcount


def _years_before(now: datetime, years: int) -> datetime:
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - years, day=day)


HANDLERS: Handlers = {ExportRegister: EffectHandler(note_export, right=Rights.KEEP_CASE_REGISTER)}
FACTS: Loaders = {CaseRegister: register}
