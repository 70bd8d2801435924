"""Retention: erases texts after the team's time and deletes what has expired. Counts stay."""

from datetime import datetime, timedelta

from sqlalchemy import Column, and_, delete, select, tuple_, update

from conversations.issues.issue import WAITING
from storage.core.unit_of_work import Db
from storage.corrections import edits
from storage.issues import deadlines as reply_deadlines
from storage.outbox import heartbeats, outbox
from storage.people import people, sessions, signed_in, strangers
from storage.safeguarding import case_register, marks
from storage.tables import answers, doors, invites, issue_entries, issues, judgements, revisit_answers
from storage.team import members as team

PIECE = 1000  # texts erased in one transaction; turns run between two


def erase_words(db: Db, piece: int = PIECE) -> bool:
    """Erases up to `piece` texts per table that are older than `retention_days`; the answers still count. True if there
    may be more.
    """
    before = db.now - timedelta(days=db.rules.retention_days)
    whens = (answers.c.at, revisit_answers.c.added_at, judgements.c.added_at)
    return any(_erase(db, when, before, piece) == piece for when in whens)


def _erase(db: Db, when: Column[datetime], before: datetime, most: int) -> int:
    """Erases texts in the column's table. Returns how many."""
    table = when.table
    key = table.primary_key.columns
    old = select(*key).where(table.c.sealed.is_not(None), when < before)
    these = tuple_(*key).in_(old.limit(most))
    return db.run(update(table).where(these).values(sealed=None)).rowcount


def erase_issues(db: Db, piece: int = PIECE) -> bool:
    """Erases the texts of old issues and their threads; the issues still count. Issues that still wait lapse, and their
    raisers are told. True if there may be more.
    """
    before = db.now - timedelta(days=db.rules.retention_days)
    for number in _lapse_unanswered(db, before):
        reply_deadlines.lapse(db, number)
    gone = 0
    for table in (issues, issue_entries):
        old = select(table.c.id).where(table.c.sealed.is_not(None), table.c.at < before).limit(piece)
        gone += db.run(update(table).where(table.c.id.in_(old)).values(sealed=None)).rowcount
    return gone >= piece


def _lapse_unanswered(db: Db, before: datetime) -> list[int]:
    """Marks issues from before that time that still wait as lapsed. Returns the ids of those that the team had."""
    waits = and_(issues.c.state.in_(WAITING), issues.c.at < before)
    lapsed = update(issues).where(waits).values(state="lapsed")
    rows = db.run(lapsed.returning(issues.c.id, issues.c.case_id)).all()
    return [row.id for row in rows if row.case_id is None]


def forget_old_drafts(db: Db) -> int:
    """Deletes issue drafts older than `shown_days`. Returns how many."""
    before = db.now - timedelta(days=db.rules.shown_days)
    return db.run(delete(issues).where(issues.c.state == "draft", issues.c.at < before)).rowcount


def close_unused_pages(db: Db) -> int:
    """Deletes pages that nobody used for too long, on shared devices for 15 minutes, with their threads. Returns how many."""
    closed = db.run(delete(doors).where(signed_in.over(db.now))).rowcount
    if closed:
        people.find_other_doors(db)
    return closed


def delete_expired(db: Db) -> None:
    """Deletes strangers who did not agree, old messages, drafts, marks, old cases, update ids, heartbeats and invites."""
    strangers.forget_strangers(db)
    outbox.purge(db, kept=edits.can_be_corrected())
    outbox.blank_old_fresh(db)
    forget_old_drafts(db)
    case_register.forget_old(db)
    marks.forget_gone(db)
    sessions.forget_updates(db)
    heartbeats.forget_old(db)
    db.run(delete(invites).where(invites.c.expires_at < db.now - team.REMEMBERED))


def sign_out(db: Db) -> None:
    """Clears pages and rows of words: closes idle shared devices, blanks one-time values older than an hour, and erases
    the words of rows that are over.
    """
    close_unused_pages(db)
    sessions.forget_words(db)
    outbox.blank_old_fresh(db)
