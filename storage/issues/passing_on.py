"""What young people raise comes (back) to the team: when they add to it, or when a case lets the team read it."""

from typing import Any

from sqlalchemy import Row, select, update

from conversations.issues.issue import CAN_CONTINUE, WAITING
from storage.core.unit_of_work import Db, Hooks
from storage.issues import deadlines as reply_deadlines
from storage.issues import surges
from storage.issues import threads as issue_threads
from storage.issues.visible import SENT
from storage.safeguarding import kept_back
from storage.tables import issue_entries, issues


def back_to_team(db: Db, row: Row[Any]) -> None:
    """Lets an issue with a new entry wait for the team again, with a new deadline if it did not wait."""
    values = {"state": "open", "unread": True} | (
        {} if row.state in WAITING else reply_deadlines.new_deadline(db, row.theme)
    )
    db.run(update(issues).where(issues.c.id == row.id).values(**values))
    issue_threads.tell_last_answerer(db, row.id)


def release(db: Db, released: kept_back.TextsReleased) -> None:
    """Gives the team issues and entries that a case kept from it, as if they had just come, and tells their writers."""
    issue = update(issues).where(issues.c.case_id == released.case).values(case_id=None, unread=True)
    came = {row.id: row for row in db.run(issue.returning(*issues.c)).all() if row.state in WAITING}
    for row in came.values():
        db.run(
            update(issues).where(issues.c.id == row.id).values(**reply_deadlines.new_deadline(db, row.theme))
        )
        surges.check(db, row.theme, row.area)
    entry = update(issue_entries).where(issue_entries.c.case_id == released.case).values(case_id=None)
    about = set(db.run(entry.returning(issue_entries.c.issue_id)).scalars())
    again = select(issues).where(issues.c.id.in_(about), issues.c.state.in_(CAN_CONTINUE), SENT)
    for row in db.run(again.order_by(issues.c.id)).all():
        back_to_team(db, row)
        came[row.id] = row
    for number in sorted(came):
        reply_deadlines.tell_passed(db, number)


HOOKS: Hooks = {kept_back.TextsReleased: release}
