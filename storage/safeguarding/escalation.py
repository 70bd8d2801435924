"""A case goes on to the next who can help while nobody has it, and its person reads what is true of that."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, select, update

from conversations.core.config import morning
from conversations.safeguarding.messages import ALERT
from storage.core.unit_of_work import Db, Hooks
from storage.outbox.dispatching import MessagesLost
from storage.safeguarding import alerts
from storage.safeguarding.cases import tell_person
from storage.tables import cases
from storage.tables import outbox as outbox_table

OWNERS_AFTER = timedelta(minutes=30)  # that nobody has taken a case on
TRY_AGAIN = timedelta(seconds=10)  # while no alert reaches anybody

_WAITS = and_(cases.c.acknowledged_at.is_(None), cases.c.closed_at.is_(None))


def run_due(db: Db) -> int:
    """Alerts the next people about cases that nobody has taken on. Returns how many cases.

    Owners are alerted as soon as an alert reaches no lead, and after half an hour in any case; then everybody each
    morning. While nobody can be reached, the first who can be is alerted.
    """
    due = update(cases).where(_WAITS, cases.c.check_at <= db.now).values(check_at=db.now + TRY_AGAIN)
    found = db.run(due.returning(*cases.c)).all()
    for row in found:
        _pass_on(db, row)
    return len(found)


def _pass_on(db: Db, row: Row[Any]) -> None:
    overdue = db.now >= row.opened_at + OWNERS_AFTER
    nobody = alerts.who_is_informed(db, row.id) == "nobody"
    if nobody or overdue:
        alerts.tell_everybody(db, row.id, row.person_id, again=not nobody)
    informed = alerts.who_is_informed(db, row.id)
    if informed != "nobody":
        again = _next_morning(db) if overdue else row.opened_at + OWNERS_AFTER
        db.run(update(cases).where(cases.c.id == row.id).values(check_at=again))
    if informed != row.informed:
        tell_person(db, row, informed)


def _next_morning(db: Db) -> datetime:
    today = morning(db.today, db.rules)
    return today if today > db.now else morning(db.today + timedelta(days=1), db.rules)


def check_now(db: Db, lost: MessagesLost) -> None:
    """Checks cases at once whose alerts were lost."""
    about = select(outbox_table.c.about).where(
        outbox_table.c.id.in_(lost.ids), outbox_table.c.kind == ALERT.name
    )
    db.run(update(cases).where(_WAITS, cases.c.id.in_(about)).values(check_at=db.now))


HOOKS: Hooks = {MessagesLost: check_now}
