"""The team's inbox of issues: list, read, answer, ask back, move, merge, close."""

from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, func, select, update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.pagination import on_page
from conversations.core.person import Band
from conversations.core.themes import DATA
from conversations.issues.effects import AnswerIssue, AskBack, CloseIssue, MergeIssue, MoveIssue, ReadIssue
from conversations.issues.facts import MERGEABLE, Filters, Inbox, InboxIssue, NewIssueCount
from conversations.issues.issue import WAITING, WORDS_MOST, EntryKind, Issue
from conversations.team.rights import Rights
from storage.consultations.consultations import consultation
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.issues import surges
from storage.issues import threads as issue_threads
from storage.issues.deadlines import BEFORE
from storage.issues.issues import issue
from storage.issues.visible import FINISHED, SENT, WAITS
from storage.security import audit_log
from storage.tables import consultations, issues, people

GONE = N_("The young person deleted this one.")
OVER = N_("Somebody has answered or closed it meanwhile. Here is how it stands.")
LATE = N_("The promised day has passed. Give them a new day first, or answer.")
NOT_A_NEW_DAY = N_("The new day has to be later than today, and within a year.")
NOT_THERE = N_("It can't be made part of that one any more.")
TOO_LONG = N_("That is too long to send. Make it shorter.")
_YEAR = timedelta(days=366)


# --- the list -------------------------------------------------------------------------------------


def inbox(db: Db, _door: Door, session: Session) -> Inbox:
    """Waiting issues, unread first, then by deadline; or finished ones, the newest first."""
    theme, area, over = _filter(db, session)
    which: list[ColumnElement[bool]] = [FINISHED if over else WAITS]
    which += [issues.c.theme == theme] if theme is not None else []
    which += [issues.c.area == area] if area is not None else []
    order = (issues.c.id.desc(),) if over else (issues.c.unread.desc(), issues.c.reply_by, issues.c.id)
    ids = tuple(db.run(select(issues.c.id).where(*which).order_by(*order)).scalars())
    shown = [ids[place] for place in on_page(session.notes.get("page"), len(ids))]
    rows = {row.id: row for row in db.run(select(issues).where(issues.c.id.in_(shown)))}
    db.opened.update(row.person_id for row in rows.values())
    page = tuple(issue(db, rows[number]) for number in shown)
    return Inbox(ids, page, theme, area, over, issue_threads.answered_among(db, shown))


def filters(db: Db, _door: Door, _session: Session) -> Filters:
    return Filters(_waiting_by(db, issues.c.theme), _waiting_by(db, issues.c.area))


def count_new(db: Db, door: Door, _session: Session) -> NewIssueCount:
    if not door.person.may(Rights.ANSWER_ISSUES):
        return NewIssueCount(0)
    new = and_(WAITS, issues.c.unread)
    return NewIssueCount(int(db.run(select(func.count()).select_from(issues).where(new)).scalar_one()))


def inbox_issue(db: Db, door: Door, session: Session) -> InboxIssue:
    """The session's issue with its thread. None also if the reader has no right (any more), because a message about it may
    wait on a page that is signed out.
    """
    if not door.person.may(Rights.ANSWER_ISSUES):
        return InboxIssue(None)
    who = (people.c.band, people.c.language)
    query = select(issues, *who).join(people, people.c.id == issues.c.person_id)
    row = db.run(query.where(issues.c.id == session.number("issue"), SENT)).first()
    return InboxIssue(_with_reader(db, row, door) if row else None)


def _with_reader(db: Db, row: Row[Any], door: Door) -> Issue:
    db.opened.add(row.person_id)
    band = cast("Band | None", row.band)
    return issue(db, row, thread=True, reader=door.person.id, band=band, language=row.language)


def _filter(db: Db, session: Session) -> tuple[str | None, str | None, bool]:
    """The list's theme and area, from the session's notes or their surge, and whether it shows finished issues."""
    theme, area, wave = (session.notes.get(name) for name in ("theme", "area", "wave"))
    found = surges.tags_of(db, wave) if isinstance(wave, int) else None
    if found:
        theme, area = found
    over = session.notes.get("over") is True
    return theme if isinstance(theme, str) else None, area if isinstance(area, str) else None, over


def _waiting_by(db: Db, column: ColumnElement[Any]) -> dict[str, int]:
    counted = select(column.label("key"), func.count().label("n")).where(WAITS)
    return {row.key: row.n for row in db.run(counted.group_by(column).order_by(func.count().desc(), column))}


# --- what the team does ---------------------------------------------------------------------------


def mark_read(db: Db, door: Door, effect: ReadIssue) -> None:
    """Marks an issue as read, with an audit line; does nothing if it was deleted."""
    opened = update(issues).where(issues.c.id == effect.issue, SENT).values(unread=False)
    if db.run(opened).rowcount:
        audit_log.note(db, door.person.id, "read an issue", f"issue {effect.issue}")


def answer(db: Db, door: Door, effect: AnswerIssue) -> None:
    row = _lock(db, effect.issue, *WAITING, "answered", "closed")
    _add_and_tell(db, door, row, "answer", effect.words, state="answered")
    audit_log.note(db, door.person.id, "answered an issue", f"issue {row.id}")


def ask_back(db: Db, door: Door, effect: AskBack) -> None:
    row = _lock(db, effect.issue, *WAITING)
    if row.reply_by < db.today:
        raise Refused(LATE)
    _add_and_tell(db, door, row, "question", effect.words, state="asked")
    audit_log.note(db, door.person.id, "asked about an issue", f"issue {row.id}")


def close(db: Db, door: Door, effect: CloseIssue) -> None:
    row = _lock(db, effect.issue, *WAITING)
    _add_and_tell(db, door, row, "closed", effect.reason, state="closed")
    audit_log.note(db, door.person.id, "closed an issue", f"issue {row.id}")


def move(db: Db, door: Door, effect: MoveIssue) -> None:
    row, now = _lock(db, effect.issue, *WAITING), db.today
    if not now < effect.day <= now + _YEAR:
        raise Refused(NOT_A_NEW_DAY)
    values = {"reply_by": effect.day, "remind_on": max(effect.day - BEFORE, now + timedelta(days=1))}
    _add_and_tell(db, door, row, "moved", effect.reason, day=effect.day, **values)
    audit_log.note(db, door.person.id, "gave an issue a new day", f"issue {row.id}")


def merge(db: Db, door: Door, effect: MergeIssue) -> None:
    """Merges an issue into a consultation, whose outcome then reaches the raiser as if they had taken part."""
    row = _lock(db, effect.issue, *WAITING)
    there = select(consultations.c.id).where(consultations.c.id == effect.consultation)
    db.run(there.with_for_update())  # a concurrent delete waits, and then finds this issue in it
    about = consultation(db, effect.consultation)
    if about is None or about.state not in MERGEABLE or row.theme == DATA:
        raise Refused(NOT_THERE)
    _add_and_tell(db, door, row, "merged", "", state="merged", consultation_id=about.id)
    audit_log.note(db, door.person.id, "merged an issue", f"issue {row.id} into {about.id}")


def _add_and_tell(
    db: Db, door: Door, row: Row[Any], kind: EntryKind, words: str, day: date | None = None, **values: object
) -> None:
    """Adds an entry by the team, updates the issue, and tells the young person."""
    if len(words) > WORDS_MOST:
        raise Refused(TOO_LONG)
    number = issue_threads.add(db, row.id, kind, words, by=door.person.id, day=day)
    db.run(update(issues).where(issues.c.id == row.id).values(unread=False, **values))
    issue_threads.tell_raiser(db, row.id, number)


def _lock(db: Db, number: int, *states: str) -> Row[Any]:
    """Locks an issue and returns it. Raises Refused if it was deleted, or is in another state."""
    row = db.run(select(issues).where(issues.c.id == number, SENT).with_for_update()).first()
    if row is None:
        raise Refused(GONE)
    if row.state not in states:
        raise Refused(OVER)
    return row


HANDLERS: Handlers = {
    ReadIssue: EffectHandler(mark_read, right=Rights.ANSWER_ISSUES),
    AnswerIssue: EffectHandler(answer, right=Rights.ANSWER_ISSUES),
    AskBack: EffectHandler(ask_back, right=Rights.ANSWER_ISSUES),
    CloseIssue: EffectHandler(close, right=Rights.ANSWER_ISSUES),
    MoveIssue: EffectHandler(move, right=Rights.ANSWER_ISSUES),
    MergeIssue: EffectHandler(merge, right=Rights.ANSWER_ISSUES),
}
FACTS: Loaders = {Inbox: inbox, Filters: filters, NewIssueCount: count_new, InboxIssue: inbox_issue}
