"""A case goes on to the next who can help while nobody has it, and its person reads what is true of that."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, or_, select, update

from conversations.core.config import quiet_end
from conversations.safeguarding.helplines import Informed
from conversations.safeguarding.messages import ALERT
from storage.core.unit_of_work import Db, Hooks
from storage.outbox.dispatching import MessagesLost
from storage.safeguarding import alerts, rota, telling
from storage.safeguarding.cases import tell_person
from storage.safeguarding.telling import WAITS
from storage.security import audit_log
from storage.tables import cases
from storage.tables import outbox as outbox_table


def run_due(db: Db) -> int:
    """Alerts the next people about cases that nobody has taken on. Returns how many cases.

    Deputies, whoever is on the rota, and owners are alerted when their time has come, and as soon as an alert reaches
    nobody of those before them; when all have been, everybody is again each morning when quiet hours end. While nobody can be reached, the
    first who can be is alerted.
    """
    _give_back(db)
    is_due = _is_due(db.now)
    if not db.run(select(exists().where(is_due))).scalar() or not telling.is_alone(db):
        return 0
    since = case((cases.c.waits_since > db.now, db.now), else_=cases.c.waits_since)
    due = update(cases).where(is_due).values(check_at=db.now + telling.TRY_AGAIN, waits_since=since)
    found = db.run(due.returning(*cases.c)).all()
    waiting = [row for row in found if row.acknowledged_at is None]
    untold = [row for row in waiting if row.alerted_at is None]
    now = {row.alert for row in waiting if row.alerted_at is not None} | _tell_of(db, untold)
    for alert in sorted(now):
        _pass_on(db, alert)
    for row in found:
        if row.acknowledged_at is not None:
            _pass_on_taken(db, row)
    return len(found)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a case is to be looked at. A time that is further away than any was stored before the clock was set back."""
    due = or_(cases.c.check_at <= now, cases.c.check_at > now + telling.BETWEEN)
    return and_(cases.c.closed_at.is_(None), due)


def _tell_of(db: Db, untold: Sequence[Row[Any]]) -> set[int]:
    """Alerts the team about cases of which it has not been told, unless that must wait. Returns the alert's number."""
    if not untold:
        return set()
    if later := telling.not_before(db):
        numbers = [row.id for row in untold]
        db.run(update(cases).where(cases.c.id.in_(numbers)).values(check_at=later))
        return set()
    alert = telling.tell_together(db, untold)
    if alert is None:
        _put_right(db, untold, "nobody")
        return set()
    return {alert}


def _pass_on(db: Db, alert: int) -> None:
    """Alerts those who are due about the cases of one alert, and tells their people if something else is true now."""
    of_it = (WAITS, cases.c.alert == alert, cases.c.alerted_at.is_not(None))
    rows = db.run(select(cases).where(*of_it).order_by(cases.c.id)).all()
    if not rows:
        return
    since = min(row.waits_since for row in rows)
    alerts.pass_on(db, alert, _latest_round(db, since), db.now - since, telling.about_whom(rows))
    informed = alerts.who_is_informed(db, alert)
    if informed != "nobody":
        db.run(update(cases).where(*of_it).values(check_at=_next_check(db, since)))
    _put_right(db, rows, informed)


def _pass_on_taken(db: Db, row: Row[Any]) -> None:
    """A further sign in a case that somebody has: the next are alerted as far as the alert does not reach whoever has it."""
    alerts.pass_on(db, row.id, row.alerted_at, alerts.NOBODYS_TIME, row.person_id, row.acknowledged_by)
    read = alerts.who_has_read(db, row.id, row.alerted_at)
    informed = alerts.who_is_reached(db, row.id) if read == "nobody" else read
    if informed != "nobody":
        later = db.now + alerts.ON_ITS_WAY if read == "nobody" else None
        db.run(update(cases).where(cases.c.id == row.id).values(check_at=later))
    _put_right(db, (row,), informed)


def _put_right(db: Db, rows: Sequence[Row[Any]], informed: Informed) -> None:
    """Tells people what has changed. That nobody knows is never said of a case that somebody had."""
    for row in rows:
        if informed != row.informed and not (informed == "nobody" and row.first_taken_at):
            tell_person(db, row, informed)


def _give_back(db: Db) -> None:
    """Gives back the cases of those who may not see cases any more: they left the team, or their hours on the rota are
    over. So such a case goes to the lead again, and on from there.
    """
    theirs = select(cases.c.id, cases.c.acknowledged_by).where(
        cases.c.acknowledged_at.is_not(None), cases.c.closed_at.is_(None)
    )
    taken = db.run(theirs).all()
    may = rota.all_who_see_cases(db) if taken else set()
    for row in taken:
        if row.acknowledged_by not in may:
            values = {
                "acknowledged_by": None,
                "acknowledged_at": None,
                "handed_to": None,
                "waits_since": db.now,
                "alerted_at": None,
                "check_at": db.now,
            }
            theirs_still = (cases.c.id == row.id, cases.c.acknowledged_by == row.acknowledged_by)
            if db.run(update(cases).where(*theirs_still).values(**values)).rowcount:
                audit_log.note(db, None, "case given back", f"case {row.id}")


def _latest_round(db: Db, since: datetime) -> datetime:
    """Since when everybody is to be alerted once: this morning, or since nobody has the case."""
    today = quiet_end(db.today, db.rules)
    latest = today if today <= db.now else quiet_end(db.today - timedelta(days=1), db.rules)
    return latest if latest > _times(db, since)[-1] else since


def _next_check(db: Db, since: datetime) -> datetime:
    """In a minute, because an alert may not have arrived by then, and somebody may come on or come back; sooner if the
    next people are due.
    """
    mornings = [quiet_end(db.today + timedelta(days=days), db.rules) for days in range(2)]
    coming = (*_times(db, since), *mornings, db.now + alerts.ON_ITS_WAY)
    return min(at for at in coming if at > db.now)


def _times(db: Db, since: datetime) -> list[datetime]:
    """When those are due who are not alerted at once."""
    return [since + timedelta(minutes=many) for many in db.rules.escalate_minutes]


def check_now(db: Db, lost: MessagesLost) -> None:
    """Checks cases at once whose alert was lost."""
    about = select(outbox_table.c.about).where(
        outbox_table.c.id.in_(lost.ids), outbox_table.c.kind == ALERT.name
    )
    watched = (cases.c.closed_at.is_(None), cases.c.check_at.is_not(None), cases.c.alert.in_(about))
    db.run(update(cases).where(*watched).values(check_at=db.now))


HOOKS: Hooks = {MessagesLost: check_now}
