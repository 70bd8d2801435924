"""Postpones the answer to an issue: asks for the day and the reason. The young person gets both."""

from datetime import date, timedelta

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Say, Session
from conversations.core.pagination import back_row
from conversations.core.typed.dates import day_in
from conversations.issues.effects import MoveIssue
from conversations.issues.facts import InboxIssue
from conversations.issues.inbox.detail import goto_step, say_gone
from conversations.issues.inbox.reply import delivery_lines, take_text
from conversations.issues.issue import ThreadEntry, entry_text, filed_heading

_AFTER = (7, 14, 28)  # days


def ask_day(_session: Session, facts: Facts) -> Say:
    _, issue = facts.words, facts[InboxIssue].issue
    if issue is None:
        return say_gone(_)
    days = [facts.today + timedelta(days=n) for n in _AFTER]
    rows = tuple((Choice(day.isoformat(), _.short_date(day)),) for day in days)
    text = _("Choose the day by which you will answer, or write one: 20 December.")
    return Say(
        text, heading=filed_heading(issue, _), rows=(*rows, back_row(_)), expects="text", replaces=True
    )


def take_day(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "one"))
        case Chose(_, text) | Said(text):
            day = day_in(text, facts.now, facts.words)
            if not isinstance(day, str):
                return Turn(goto_step(session, "why", day=day.isoformat()))
            return Turn(session, (Say(facts.words(day)),)) if isinstance(event, Said) else None
    return None


def ask_why(session: Session, facts: Facts) -> Say:
    _, issue = facts.words, facts[InboxIssue].issue
    if issue is None:
        return say_gone(_)
    asked = _("New day: {day}. Why does it take longer?", day=_.short_date(_noted_day(session)))
    text = "\n".join((asked, *delivery_lines(issue, facts)))
    return Say(text, heading=filed_heading(issue, _), rows=(back_row(_),), expects="text", replaces=True)


def take_why(session: Session, event: Event, facts: Facts) -> Turn | None:
    day = _noted_day(session)
    return take_text(session, event, facts, lambda issue, words: MoveIssue(issue.id, day, words))


def preview_move(session: Session, facts: Facts, reason: str) -> str:
    """What they get, in the worker's own language."""
    issue = facts[InboxIssue].issue
    if issue is None:
        return ""
    moved = ThreadEntry("moved", facts.now, reason.strip(), day=_noted_day(session))
    return entry_text(moved, issue, facts)


def _noted_day(session: Session) -> date:
    return date.fromisoformat(str(session.notes["day"]))
