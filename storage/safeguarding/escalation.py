"""A case goes on to the next who can help while nobody has it, and its person reads what is true of that."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, select, update

from conversations.core.config import morning
from conversations.safeguarding.messages import ALERT
from conversations.team.rights import Rights
from storage.core.unit_of_work import Db, Hooks
from storage.outbox.dispatching import MessagesLost
from storage.safeguarding import alerts, rota
from storage.safeguarding.cases import tell_person
from storage.security import audit_log
from storage.tables import cases
from storage.tables import outbox as outbox_table
from storage.team.rights import who_may

TRY_AGAIN = timedelta(seconds=10)  # while no alert reaches anybody

_WAITS = and_(cases.c.acknowledged_at.is_(None), cases.c.closed_at.is_(None))


def run_due(db: Db) -> int:
    """Alerts the next people about cases that nobody has taken on. Returns how many cases.

    Deputies, then owners, are alerted when their time has come, and as soon as an alert reaches nobody of those before
    them; when all have been, everybody is again each morning. While nobody can be reached, the first who can be is
    alerted.
    """
    _give_back(db)
    due = update(cases).where(_WAITS, cases.c.check_at <= db.now).values(check_at=db.now + TRY_AGAIN)
    found = db.run(due.returning(*cases.c)).all()
    for row in found:
        _pass_on(db, row)
    return len(found)


def _pass_on(db: Db, row: Row[Any]) -> None:
    since = row.waits_since
    alerts.pass_on(db, row.id, _latest_round(db, since), db.now - since, row.person_id)
    informed = alerts.who_is_informed(db, row.id)
    if informed != "nobody":
        db.run(update(cases).where(cases.c.id == row.id).values(check_at=_next_check(db, row)))
    if informed != row.informed:
        tell_person(db, row, informed)


def _give_back(db: Db) -> None:
    """Gives back the cases of those who may not see cases any more: they left the team, or their hours on the rota are
    over. So such a case goes to the lead again, and on from there.
    """
    theirs = select(cases.c.id, cases.c.acknowledged_by).where(
        cases.c.acknowledged_at.is_not(None), cases.c.closed_at.is_(None)
    )
    taken = db.run(theirs).all()
    may = {*db.run(who_may(Rights.SEE_CASES)).scalars(), *rota.on_duty(db)} if taken else set()
    for row in taken:
        if row.acknowledged_by not in may:
            values = {
                "acknowledged_by": None,
                "acknowledged_at": None,
                "waits_since": db.now,
                "check_at": db.now,
            }
            db.run(update(cases).where(cases.c.id == row.id).values(**values))
            audit_log.note(db, None, "case given back", f"case {row.id}")


def _latest_round(db: Db, since: datetime) -> datetime:
    """Since when everybody is to be alerted once: this morning, or since nobody has the case."""
    today = morning(db.today, db.rules)
    latest = today if today <= db.now else morning(db.today - timedelta(days=1), db.rules)
    return latest if latest > _times(db, since)[-1] else since


def _next_check(db: Db, row: Row[Any]) -> datetime:
    """When the next people are due, or it shows whether an alert that is on its way has arrived."""
    times = _times(db, row.waits_since)
    mornings = [morning(db.today + timedelta(days=days), db.rules) for days in range(3)]
    coming = [*times, *(at for at in mornings if at > times[-1])]
    if alerts.is_on_its_way(db, row.id):
        coming.append(db.now + alerts.ON_ITS_WAY)
    return min(at for at in coming if at > db.now)


def _times(db: Db, since: datetime) -> list[datetime]:
    """When those are due who are not alerted at once."""
    return [since + timedelta(minutes=many) for many in db.rules.escalate_minutes]


def check_now(db: Db, lost: MessagesLost) -> None:
    """Checks cases at once whose alerts were lost."""
    about = select(outbox_table.c.about).where(
        outbox_table.c.id.in_(lost.ids), outbox_table.c.kind == ALERT.name
    )
    db.run(update(cases).where(_WAITS, cases.c.id.in_(about)).values(check_at=db.now))


HOOKS: Hooks = {MessagesLost: check_now}
