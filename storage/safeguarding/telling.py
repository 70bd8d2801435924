"""Telling the team of cases: of the first at once, of those that follow within minutes in one alert that counts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, and_, case, exists, func, literal, null, select, update

from conversations.safeguarding.helplines import Informed
from storage.core.unit_of_work import Db
from storage.safeguarding import alerts
from storage.tables import cases

BETWEEN = timedelta(minutes=2)  # from one alert about a new case or sign to the next about somebody else's
TOGETHER = timedelta(minutes=10)  # an alert that counts takes in the cases of so long, while nobody has them
TRY_AGAIN = timedelta(seconds=10)  # while no alert reaches anybody

WAITS = and_(cases.c.acknowledged_at.is_(None), cases.c.closed_at.is_(None))

_LOCK = 38  # PostgreSQL's number for "somebody tells the team now"


def tell(db: Db, number: int, sign: str) -> Informed:
    """Alerts the team about a new case, or about a further sign in one. If an alert about another went out just now, this
    one is left to the next, which counts. Returns who in the team knows of the case.
    """
    row = db.run(select(cases).where(cases.c.id == number)).one()
    taken = row.acknowledged_at is not None
    later = _when(db, row) if is_alone(db) else db.now + TRY_AGAIN
    if later and not taken:
        db.run(update(cases).where(cases.c.id == number).values(alerted_at=None, check_at=later))
        return cast("Informed", row.informed)
    alert = row.id if taken else row.alert or row.id
    informed, is_new = alerts.tell(db, alert, sign, row.person_id, row.acknowledged_by)
    at = db.now if is_new else row.alerted_at
    values = {"alert": alert, "alerted_at": at} | ({"check_at": db.now + alerts.ON_ITS_WAY} if taken else {})
    db.run(update(cases).where(cases.c.id == number).values(**values))
    note_informed(db, number, informed)
    return informed


def _when(db: Db, row: Row[Any]) -> datetime | None:
    """When the team may be alerted about a case; None for at once. Never ahead of others whose turn it is: the alert that
    counts tells of them all.
    """
    due = and_(WAITS, cases.c.alerted_at.is_(None), cases.c.check_at <= db.now, cases.c.id != row.id)
    return not_before(db, row.alert) or (db.now if db.run(select(exists().where(due))).scalar() else None)


def note_informed(db: Db, number: int, informed: Informed) -> None:
    """Notes who knows of a case, and since when. If it turns out that nobody does, somebody is still to be told."""
    if informed == "nobody":
        told_at: Any = case((cases.c.first_taken_at.is_not(None), cases.c.told_at), else_=null())
    else:
        told_at = func.coalesce(cases.c.told_at, db.now)
    db.run(update(cases).where(cases.c.id == number).values(informed=informed, told_at=told_at))


def tell_together(db: Db, untold: Sequence[Row[Any]]) -> int | None:
    """Alerts the team about cases, in one alert with those of the last minutes that nobody has. Returns its number; None
    if there is nobody to tell.
    """
    numbers = [row.id for row in untold]
    alert: int = max([row.id for row in untold if row.alert is None] or numbers)
    informed, is_new = alerts.tell(db, alert, f"count{db.now.timestamp():.0f}", about_whom(untold), None)
    if not is_new:
        return None
    # An alert that reaches nobody yet leaves those cases out: their own may have been read.
    lately = and_(
        cases.c.alerted_at.is_not(None),
        cases.c.waits_since > db.now - TOGETHER,
        literal(informed != "nobody"),
    )
    counted = and_(WAITS, lately | cases.c.id.in_(numbers))
    db.run(update(cases).where(counted).values(alert=alert, alerted_at=db.now))
    return alert


def about_whom(rows: Sequence[Row[Any]]) -> int | None:
    """The person of these cases, if they are all one person's. An alert about others leaves out a reader's own case."""
    people = {row.person_id for row in rows}
    return people.pop() if len(people) == 1 else None


def is_alone(db: Db) -> bool:
    """Whether no other worker tells the team now. It never waits for one: both might wait for each other's rows."""
    if db.connection.dialect.name == "sqlite":
        return True
    return bool(db.run(select(func.pg_try_advisory_xact_lock(_LOCK))).scalar())


def not_before(db: Db, alert: int | None = None) -> datetime | None:
    """When the team may be alerted again about others than those of this alert; None for at once."""
    others = () if alert is None else (cases.c.alert != alert,)
    lately = (cases.c.alerted_at > db.now - BETWEEN, cases.c.alerted_at <= db.now)
    at: datetime | None = db.run(select(func.max(cases.c.alerted_at)).where(*lately, *others)).scalar()
    return at + BETWEEN if at else None
