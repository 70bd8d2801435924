"""Reply deadlines of raised issues: reminds the team, and tells the young person when a deadline is missed."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, func, literal, or_, select, update

from conversations.core.messages import Session
from conversations.core.themes import DATA
from conversations.issues.inbox.notices import DueCounts
from conversations.issues.issue import EntryKind, reply_days_of
from conversations.issues.messages import ANSWERS_DUE
from storage.consultations.consultations import DeletingConsultations
from storage.core.dispatch import Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hooks
from storage.issues import threads as issue_threads
from storage.issues.visible import WAITS
from storage.outbox import outbox
from storage.tables import issue_entries, issues
from storage.team import team_rules

BEFORE, WEEKLY = timedelta(days=3), timedelta(days=7)


def new_deadline(db: Db, theme: str | None = None) -> dict[str, object]:
    """The values of an issue that comes (back) to the team: unread, with a new deadline."""
    by = db.today + timedelta(days=reply_days_of(theme, team_rules.rules(db)))
    return {"reply_by": by, "remind_on": by - BEFORE, "missed": None, "unread": True}


def run_due(db: Db) -> int:
    """Reminds the team three days before a deadline, on the day and weekly after, and tells the young person once when it
    is missed. Returns how many issues. It claims what it finds, so that any number of workers may tick.
    """
    return _remind(db) + _tell_missed(db)


def _remind(db: Db) -> int:
    """Sends one reminder a day for all due issues together."""
    now = db.today
    again = case(
        (issues.c.reply_by > now, issues.c.reply_by), else_=literal(now + WEEKLY, issues.c.remind_on.type)
    )
    due = update(issues).where(WAITS, issues.c.remind_on <= now).values(remind_on=again)
    found = db.run(due.returning(issues.c.id)).all()
    if found:
        for person in issue_threads.answering_staff(db):
            outbox.announce(db, person, f"due:{now}:{person}", ANSWERS_DUE, now.toordinal())
    return len(found)


def _tell_missed(db: Db) -> int:
    untold = or_(issues.c.missed.is_(None), issues.c.missed != issues.c.reply_by)
    late = update(issues).where(WAITS, issues.c.reply_by < db.today, untold).values(missed=issues.c.reply_by)
    found = db.run(late.returning(issues.c.id, issues.c.reply_by)).all()
    for row in found:
        _add_and_tell(db, row.id, "late", row.reply_by)
    return len(found)


def unmerge(db: Db, those: ColumnElement[bool]) -> None:
    """Takes issues out of consultations that are about to be deleted, back to the team's inbox."""
    again = new_deadline(db)
    merged = update(issues).where(issues.c.state == "merged", those)
    found = db.run(
        merged.values(state="open", consultation_id=None, **again).returning(issues.c.id, issues.c.case_id)
    ).all()
    for row in found:
        of_it = and_(issue_entries.c.issue_id == row.id, issue_entries.c.kind == "merged")
        db.run(delete(issue_entries).where(of_it))
        by = again["reply_by"]
        assert isinstance(by, date)
        if row.case_id is None:
            _add_and_tell(db, row.id, "parted", by)


def tell_passed(db: Db, number: int) -> None:
    """Tells the young person that the team now has what a case kept from it, and by when it answers."""
    by = db.run(select(issues.c.reply_by).where(issues.c.id == number)).scalar_one()
    _add_and_tell(db, number, "passed", by if by and by >= db.today else None)


def lapse(db: Db, number: int) -> None:
    """Tells the young person that an issue was not answered before its text had to be erased."""
    _add_and_tell(db, number, "lapsed")


def _add_and_tell(db: Db, number: int, kind: EntryKind, day: date | None = None) -> None:
    issue_threads.tell_raiser(db, number, issue_threads.add(db, number, kind, day=day))


def inbox_due(db: Db, _door: Door, _session: Session) -> DueCounts:
    now, by = db.today, issues.c.reply_by
    soon = by.between(now + timedelta(days=1), now + BEFORE)
    query = select(
        func.count().filter(by < now).label("late"),
        func.count().filter(by == now).label("today"),
        func.count().filter(soon).label("soon"),
        func.count().filter(by <= now + BEFORE, issues.c.theme == DATA).label("data"),
    )
    row = db.run(query.select_from(issues).where(WAITS)).one()
    return DueCounts(row.late, row.today, row.soon, row.data)


FACTS: Loaders = {DueCounts: inbox_due}
HOOKS: Hooks = {DeletingConsultations: lambda db, going: unmerge(db, issues.c.consultation_id.in_(going.ids))}
