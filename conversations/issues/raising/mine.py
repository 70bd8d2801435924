"""A person's own issues: their state, their threads, and adding to them."""

from collections.abc import Iterator
from datetime import timedelta

from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import number_behind, numbered_rows, on_page, page_turned_to, typed_number
from conversations.core.record import replace
from conversations.core.themes import DATA
from conversations.issues.effects import AddToIssue, EndIssue
from conversations.issues.issue import (
    WORDS_MOST,
    Issue,
    filed_heading,
    page_of,
    reply_days_of,
    summary,
    thread,
)
from conversations.issues.raising.draft import MyIssues, OneIssue, about_data, start_or_resume, too_long_text
from conversations.issues.raising.standing import status_text
from conversations.issues.raising.write import unread_language_notice
from conversations.people.using import ask_off
from conversations.team.facts import TeamRules


def open_raise(session: Session, asked: Asked, facts: Facts) -> Turn:
    """/raise lists the person's issues, or starts one if there are none. "/raise new", "/raise 12" and "/raise more 12"
    come from buttons, as does "/raise data".
    """
    if not facts.person.agreed:
        return Turn(session, (Say(_staff_text(facts.words)),))
    for step, prefix in (("raise.one", ""), ("raise.more", "more ")):
        if (number := number_behind(asked.argument, prefix)) is not None:
            return Turn(session.goto(step, issue=number))
    mine = facts[MyIssues]
    if asked.argument == "data":
        return about_data(session, facts)
    return (
        Turn(session.goto("raise.list"))
        if mine.issues and asked.argument != "new"
        else start_or_resume(session, facts)
    )


# --- all of them ----------------------------------------------------------------------------------


def ask_list(session: Session, facts: Facts) -> Say:
    _, mine = facts.words, facts[MyIssues]
    page, issues = session.notes.get("page"), mine.issues
    lines = [
        f"{n + 1}. {summary(issues[n], _)}: {status_text(issues[n], facts)}"
        for n in on_page(page, len(issues))
    ]
    rows = numbered_rows([f"one:{issue.id}" for issue in issues], page, _)
    again = _("Go on where I was") if mine.draft else _("Raise something new")
    ways: tuple[Row, ...] = ((Choice("new", again),), (Choice("/home", _("Home"), aside=True),))
    return Say("\n".join(lines), heading=_("What you raised"), rows=(*rows, *ways), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    issues, page, number = facts[MyIssues].issues, page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if number and number <= len(issues):
        return Turn(session.goto("raise.one", issue=issues[number - 1].id))
    match event:
        case Chose(_, "new"):
            return start_or_resume(session, facts)
        case Chose(_, key) if (chosen := number_behind(key, "one:")) is not None:
            return Turn(session.goto("raise.one", issue=chosen))
    return None


# --- one of them ----------------------------------------------------------------------------------


def ask_one(session: Session, facts: Facts) -> Say:
    _, issue = facts.words, facts[OneIssue].issue
    if issue is None:
        return _say_gone(_)
    text, turning = page_of(thread(issue, facts, own=True), session.notes.get("page"), _)
    lines = "\n\n".join((status_text(issue, facts), text))
    return Say(
        lines,
        heading=filed_heading(issue, _),
        rows=(*turning, *_rows(issue, _), *_ways_out(_)),
        replaces=True,
    )


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, issue, page = facts.words, facts[OneIssue].issue, page_turned_to(event)
    if issue is None:
        return None
    if page is not None:
        return Turn(session.goto("raise.one", issue=issue.id, page=page))
    match event:
        case Chose(_visit, "more") if issue.can_continue:
            return Turn(session.goto("raise.more", issue=issue.id))
        case Chose(_visit, "back") if issue.state != "draft":
            return Turn(session.goto("takeback.sure", thing=f"issue:{issue.id}"))
        case Chose(_visit, "enough") if issue.waits_for_team:
            said = Say(_("That's fine. The team knows that you don't need an answer now."))
            return Turn(session.goto("raise.one", issue=issue.id), (said,), (EndIssue(issue.id),))
    return None


def _rows(issue: Issue, _: Words) -> Iterator[Row]:
    if issue.can_continue:
        yield (Choice("more", _("Answer") if issue.state == "asked" else _("Add something")),)
    if issue.waits_for_team:
        yield (Choice("enough", _("No answer needed")),)
    if issue.about and issue.about.state == "open":
        yield (Choice(f"/say {issue.about.id}", _("Have your say there")),)
    yield (Choice("back", _("Take this back")),)


# --- adding something -----------------------------------------------------------------------------


def ask_more(session: Session, facts: Facts) -> Say:
    _, issue = facts.words, facts[OneIssue].issue
    if issue is None or not issue.can_continue:
        return _say_gone(_)
    if not _is_read(issue, facts):
        return replace(ask_off(session, facts), rows=_ways_out(_))
    question = next((entry.words for entry in reversed(issue.entries) if entry.kind == "question"), None)
    if issue.state == "asked" and question:
        lines = [
            _("Somebody in the team asks: {question}", question=question),
            "",
            _("What would you like to tell them?"),
        ]
    elif issue.kept:
        lines = [_("What would you like to add? The person who keeps young people safe reads it first.")]
    else:
        lines = [_("What would you like to add? It goes to the team as soon as you send it.")]
    rows: tuple[Row, ...] = (
        (Choice("back", _("Back"), aside=True), Choice("/home", _("Not now"), aside=True)),
    )
    return Say(
        "\n".join((*lines, *unread_language_notice(_))),
        heading=filed_heading(issue, _),
        rows=rows,
        expects="text",
        replaces=True,
    )


def take_more(session: Session, event: Event, facts: Facts) -> Turn | None:
    issue = facts[OneIssue].issue
    if issue is None or not issue.can_continue or not _is_read(issue, facts):
        return None
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("raise.one", issue=issue.id))
        case Said(text) if text.strip():
            return _add_text(session, issue, text, facts)
    return None


def _is_read(issue: Issue, facts: Facts) -> bool:
    """Whether the team reads what is added. What is about the person's data it reads in any case."""
    return issue.theme == DATA or not facts.person.unused


def _add_text(session: Session, issue: Issue, text: str, facts: Facts) -> Turn:
    _ = facts.words
    if len(text) > WORDS_MOST:
        return Turn(session, (Say(too_long_text(text, WORDS_MOST, _)),))
    if issue.kept:
        said = _("It's kept with the rest. The person who keeps young people safe reads it first.")
    elif issue.is_waiting:
        said = _("It has gone to the team.")
    else:
        by = facts.today + timedelta(days=reply_days_of(issue.theme, facts[TeamRules]))
        said = _(
            "It has gone to the team. They look at it again, and answer by {date}.", date=_.short_date(by)
        )
    return Turn(
        session.goto("raise.one", issue=issue.id), (Say(said),), (AddToIssue(issue.id, text.strip()),)
    )


# --- ways out -------------------------------------------------------------------------------------


def _ways_out(_: Words) -> tuple[Row, ...]:
    return ((Choice("/raise", _("What I raised"), aside=True), Choice("/home", _("Home"), aside=True)),)


def _say_gone(_: Words) -> Say:
    return Say(_("That one isn't here any more."), rows=_ways_out(_), replaces=True)


def _staff_text(_: Words) -> str:
    return _("You're here as one of the team. /inbox shows what young people raise.")
