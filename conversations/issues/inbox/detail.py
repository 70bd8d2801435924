"""One issue: its thread, its promised day, and the actions open to the team."""

from collections.abc import Iterator

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words, language_name
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import page_turned_to
from conversations.core.themes import DATA, DATA_DAYS
from conversations.issues.facts import InboxIssue
from conversations.issues.inbox.list import back_to_list, due_sentences
from conversations.issues.issue import Issue, filed_heading, page_of, thread
from conversations.people.names import band_names
from conversations.team.rights import Rights

# The steps open to the team for a waiting issue, and the states in which it can write again.
_WAITING = ("answer", "question", "merge", "day", "close")
_AGAIN = ("answered", "closed")


def ask_one(session: Session, facts: Facts) -> Say:
    _, issue = facts.words, facts[InboxIssue].issue
    if issue is None:
        return say_gone(_)
    text, turning = page_of(thread(issue, facts, own=False, them=_("They")), session.notes.get("page"), _)
    text = "\n".join((*(f"· {line}" for line in _detail_lines(issue, facts)), "", text))
    return Say(
        text,
        heading=filed_heading(issue, _),
        rows=(*turning, *_rows(issue, facts), _ways_out(_)),
        replaces=True,
        ephemeral=True,
    )


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    issue, page = facts[InboxIssue].issue, page_turned_to(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    match event:
        case Chose(_, "list"):
            return back_to_list(session)
        case Chose(_, "answer") if issue and issue.state in _AGAIN:
            return Turn(goto_step(session, "answer"))
        case Chose(_, step) if issue and issue.is_waiting and step in _WAITING:
            return Turn(goto_step(session, step))
    return None


def goto_step(session: Session, step: str, **notes: str | int) -> Session:
    """Goes to another step about the same issue."""
    return session.goto(f"inbox.{step}", issue=session.number("issue"), **notes)


def say_gone(_: Words) -> Say:
    """The young person has deleted the issue."""
    return Say(_("The young person deleted this one."), rows=(_ways_out(_),), replaces=True)


def _detail_lines(issue: Issue, facts: Facts) -> Iterator[str]:
    _ = facts.words
    yield _("Raised on {date}.", date=_.long_date(issue.at))
    band = band_names(_)[issue.band] if issue.band else _("not known")
    yield _("Age: {band}", band=band)
    if issue.language and issue.language != _.language:
        yield _("They read this language: {language}", language=language_name(issue.language, _.language))
    if issue.theme == DATA:
        yield _(
            "It is about their own data, number {n}. The law gives {days} days to write back. Show it to your data protection officer.",
            n=issue.id,
            days=DATA_DAYS,
        )
    yield " ".join(due_sentences(issue, facts.today, _))


def _rows(issue: Issue, facts: Facts) -> Iterator[Row]:
    """The actions. Once the issue is late, the team can no longer ask back, because the person has waited enough."""
    _ = facts.words
    if issue.state in _AGAIN:
        yield (Choice("answer", _("Write again")),)
    if not issue.is_waiting:
        return
    late = issue.is_late(facts.today)
    yield (Choice("answer", _("Answer")), *(() if late else (Choice("question", _("Ask them")),)))
    if facts.person.may(Rights.PUBLISH_OUTCOMES) and issue.theme != DATA:
        yield (Choice(f"/outcome issue {issue.id}", _("Give it an outcome")),)
    yield (Choice("day", _("Give a new day") if late else _("Answer later")),)
    close = Choice("close", _("Close with a reason"))
    yield (close,) if issue.theme == DATA else (Choice("merge", _("Part of a consultation")), close)


def _ways_out(_: Words) -> Row:
    return (Choice("list", _("Back to the inbox"), aside=True), Choice("/home", _("Home"), aside=True))
