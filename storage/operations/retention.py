"""How long things are kept: what is over is erased, and what was counted stays counted."""

from datetime import datetime, timedelta

from sqlalchemy import Column, and_, delete, select, tuple_, update

from conversations.issues.issue import WAITING
from storage.core.unit_of_work import Db
from storage.issues import deadlines as reply_deadlines
from storage.outbox import heartbeats, outbox
from storage.people import people, sessions
from storage.tables import answers, doors, invites, issue_entries, issues, judgements, revisit_answers
from storage.team import members as team

PIECE = 1000  # texts erased in one transaction: turns go on between two


def erase_words(db: Db, piece: int = PIECE) -> bool:
    """Erases what people wrote longer ago than the team keeps it; that they answered still counts. Whether
    there may be more.
    """
    before = db.now - timedelta(days=db.rules.retention_days)
    whens = (answers.c.at, revisit_answers.c.added_at, judgements.c.added_at)
    return any(_erased(db, when, before, piece) == piece for when in whens)


def _erased(db: Db, when: Column[datetime], before: datetime, most: int) -> int:
    """Of the table that the column is of. How many they were."""
    table = when.table
    key = table.primary_key.columns
    old = select(*key).where(table.c.sealed.is_not(None), when < before)
    these = tuple_(*key).in_(old.limit(most))
    return db.run(update(table).where(these).values(sealed=None)).rowcount


def erase_raised(db: Db, piece: int = PIECE) -> bool:
    """The same of what people raised, and of what was said about it. That it was raised still counts; whoever
    waited for an answer is told that none came in time. Whether there may be more.
    """
    before = db.now - timedelta(days=db.rules.retention_days)
    for number in _not_answered(db, before):
        reply_deadlines.lapse(db, number)
    gone = 0
    for table in (issues, issue_entries):
        old = select(table.c.id).where(table.c.sealed.is_not(None), table.c.at < before).limit(piece)
        gone += db.run(update(table).where(table.c.id.in_(old)).values(sealed=None)).rowcount
    return gone >= piece


def _not_answered(db: Db, before: datetime) -> list[int]:
    """What was raised so long ago and still waits: it does not wait any longer."""
    waits = and_(issues.c.state.in_(WAITING), issues.c.at < before)
    return list(db.run(update(issues).where(waits).values(state="lapsed").returning(issues.c.id)).scalars())


def forget_old_drafts(db: Db) -> int:
    """What somebody began to raise and never sent is erased after thirty days. How many they were."""
    before = db.now - timedelta(days=db.rules.shown_days)
    return db.run(delete(issues).where(issues.c.state == "draft", issues.c.at < before)).rowcount


def close_shared_doors(db: Db) -> int:
    """Signs out devices that several people use, a quarter of an hour after their last use; nothing of the
    conversation stays there. How many they were.
    """
    left = and_(doors.c.shared, doors.c.used_at < db.now - people.SHARED_FOR)
    closed = db.run(delete(doors).where(left)).rowcount
    if closed:
        people.find_other_doors(db)
    return closed


def forget_what_is_over(db: Db) -> None:
    """Strangers who did not agree, conversations and messages of thirty days ago, update ids, workers that are long gone,
    old invites.
    """
    people.forget_strangers(db)
    outbox.purge(db)
    outbox.blank_old_fresh(db)
    forget_old_drafts(db)
    sessions.forget_updates(db)
    heartbeats.forget_old(db)
    db.run(delete(invites).where(invites.c.expires_at < db.now - team.REMEMBERED))


def sign_out(db: Db) -> None:
    """What must not stay on a page: shared devices that nobody uses any more, one-time values of an hour ago."""
    close_shared_doors(db)
    outbox.blank_old_fresh(db)
