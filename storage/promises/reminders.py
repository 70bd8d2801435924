"""Reminds deciders of a promised reply before its day, on it, and weekly after."""

from datetime import date, timedelta

from sqlalchemy import and_, select, update

from conversations.promises.messages import PROMISE_REMINDER
from conversations.promises.promise import latest_reminder, next_reminder
from conversations.team.rights import Rights
from storage.consultations.lifecycle import ConsultationClosed, ConsultationOpened
from storage.core.unit_of_work import Db, Hooks
from storage.outbox import broadcasts, outbox
from storage.outcomes import history as outcome_history
from storage.promises.promises import OWED
from storage.promises.recipients import STATUS_RECIPIENTS
from storage.tables import consultations
from storage.team import team_rules
from storage.team.rights import who_may


def start(db: Db, number: int) -> None:
    """Schedules the reminders of a consultation that opened or whose day moved, if it has a day."""
    by = db.run(select(consultations.c.reply_by).where(consultations.c.id == number)).scalar()
    if by is not None:
        _set_day(db, number, by)


def promise_reply(db: Db, number: int) -> None:
    """Promises a reply to a closed consultation, by the team's `reply_days` if it has no day, and tells participants."""
    query = select(consultations.c.reply_by).where(consultations.c.id == number)
    by = db.run(query).scalar()
    if by is None:
        today = db.today
        by = today + timedelta(days=team_rules.rules(db).reply_days)
    _set_day(db, number, by)
    change = outcome_history.add_change(db, "", consultation_id=number, was="open", now="closed")
    broadcasts.begin(db, STATUS_RECIPIENTS, change, db.now, None)


def run_due(db: Db) -> int:
    """Sends the reminders that are due, one for each promise. Returns how many promises.

    The update claims a reminder by its old `remind_at`, so that any number of workers may tick.
    """
    due = and_(OWED, consultations.c.remind_at <= db.now)
    rows = db.run(
        select(consultations.c.id, consultations.c.reply_by, consultations.c.remind_at).where(due)
    ).all()
    return sum(_remind(db, row.id, row.reply_by, row.remind_at) for row in rows)


def _remind(db: Db, number: int, by: date, seen: object) -> bool:
    """Sends one reminder. False if another worker was quicker, or the promise was kept or moved meanwhile."""
    as_seen = and_(consultations.c.id == number, OWED, consultations.c.remind_at == seen)
    again = {"remind_at": next_reminder(by, db.now, db.rules)}
    if db.run(update(consultations).where(as_seen).values(**again)).rowcount == 0:
        return False
    which = latest_reminder(by, db.now, db.rules)
    for person in db.run(who_may(Rights.HEAR_OF_PROMISES)).scalars() if which else ():
        once = f"promise:{number}:{by}:{which}:{person}"
        outbox.announce(db, person, once, PROMISE_REMINDER, number)
    return True


def _set_day(db: Db, number: int, by: date) -> None:
    values = {"reply_by": by, "remind_at": next_reminder(by, db.now, db.rules)}
    db.run(update(consultations).where(consultations.c.id == number).values(**values))


HOOKS: Hooks = {
    ConsultationOpened: lambda db, opened: start(db, opened.number),
    ConsultationClosed: lambda db, over: promise_reply(db, over.number),
}
