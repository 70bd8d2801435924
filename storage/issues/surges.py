"""Surges: when enough people raise one theme in one area, the team is told once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from conversations.core.messages import Session
from conversations.core.themes import DATA, OTHER
from conversations.issues.inbox.notices import OneSurge
from conversations.issues.messages import SURGE
from conversations.team.rights import Rights
from storage.core.dispatch import Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, Insert, prepared
from storage.issues.visible import SENT
from storage.outbox import outbox
from storage.tables import issues, waves
from storage.team import team_rules
from storage.team.rights import who_may

WITHIN = timedelta(days=30)


def _lock_statement(insert: Insert) -> Any:
    """Creates or locks the row of a theme in an area, so that of two who raise the same at once, the second counts the
    first.
    """
    new = insert(waves)
    kept = new.on_conflict_do_update(index_elements=["theme", "area"], set_={"theme": new.excluded.theme})
    return kept.returning(waves.c.id, waves.c.told_at)


_LOCK = prepared(_lock_statement)


def check(db: Db, theme: str, area: str) -> None:
    """After a new issue, tells the team if enough people raised its theme in its area; at most once in 30 days."""
    if theme in {OTHER, DATA}:
        return
    row = db.run(_LOCK, {"theme": theme, "area": area}).one()
    if row.told_at is not None and row.told_at > db.now - WITHIN:
        return
    if _people(db, theme, area, db.now) < team_rules.rules(db).alert_at:
        return
    db.run(update(waves).where(waves.c.id == row.id).values(told_at=db.now))
    once = f"wave:{row.id}:{int(db.now.timestamp())}"
    for person in db.run(who_may(Rights.HEAR_OF_SURGES)).scalars():
        outbox.announce(db, person, f"{once}:{person}", SURGE, row.id)


def one_wave(db: Db, _door: Door, session: Session) -> OneSurge:
    """The session's surge, with the present number of people."""
    row = db.run(select(waves).where(waves.c.id == session.number("wave"))).first()
    if row is None:
        return OneSurge(0, "", "", 0)
    return OneSurge(row.id, row.theme, row.area, _people(db, row.theme, row.area, db.now))


def tags_of(db: Db, number: int) -> tuple[str, str] | None:
    """The theme and area of a surge; None if there is none."""
    row = db.run(select(waves.c.theme, waves.c.area).where(waves.c.id == number)).first()
    return (row.theme, row.area) if row else None


def _people(db: Db, theme: str, area: str, now: datetime) -> int:
    same = (
        issues.c.theme == theme,
        issues.c.area == area,
        issues.c.at > now - WITHIN,
        SENT,
    )
    return int(db.run(select(func.count(issues.c.person_id.distinct())).where(*same)).scalar_one())


FACTS: Loaders = {OneSurge: one_wave}
