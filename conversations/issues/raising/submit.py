"""Confirming an issue, and the receipt: who reads it, when they answer, and where the answer will be."""

from collections.abc import Iterator
from datetime import timedelta

from conversations.consultations.respond.review import return_code_lines
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.themes import DATA, DATA_DAYS
from conversations.issues.effects import DropIssue, SendIssue
from conversations.issues.issue import Issue, filed_heading, kept_text, reply_days_of
from conversations.issues.raising.draft import MyIssues, OneIssue
from conversations.team.facts import TeamRules


def ask_look(_session: Session, facts: Facts) -> Say:
    _, draft = facts.words, facts[MyIssues].draft
    if draft is None or not draft.words or draft.theme is None:
        return _say_nothing_to_send(facts)
    lines = (
        _("About: {theme}", theme=filed_heading(draft, _)),
        _("You wrote: {words}", words=draft.words),
        "",
        _where_it_goes(draft, facts),
    )
    send: tuple[Row, ...] = ((Choice("send", _("Send it")),),) if draft.kept != "hidden" else ()
    rows: tuple[Row, ...] = (
        *send,
        (Choice("change", _("Change it")), Choice("later", _("Not now"))),
        (Choice("drop", _("Delete it"), aside=True),),
    )
    return Say("\n".join(lines), heading=_("Shall I send this?"), rows=rows, replaces=True)


def _where_it_goes(draft: Issue, facts: Facts) -> str:
    _ = facts.words
    if draft.kept == "hidden":
        return _("It went to the person who keeps young people safe. It doesn't go to the team as it is now.")
    if draft.kept:
        return kept_text(draft.kept, _)
    by = facts.today + timedelta(days=reply_days_of(draft.theme, facts[TeamRules]))
    return _(
        "It goes to {team}. They answer by {date}.", team=facts.rules.organisation, date=_.short_date(by)
    )


def take_look(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, draft = facts.words, facts[MyIssues].draft
    if draft is None or not draft.words or draft.theme is None:
        return None
    match event:
        case Chose(_visit, "send") if draft.kept != "hidden":
            return Turn(session.goto("raise.sent", issue=draft.id), effects=(SendIssue(),))
        case Chose(_visit, "change"):
            return Turn(session.goto("raise.words"))
        case Chose(_visit, "later"):
            return Turn(
                session.goto("home"),
                (
                    Say(
                        _(
                            "That's fine. It's kept for you, and nobody has seen it. /raise brings you back to it."
                        )
                    ),
                ),
            )
        case Chose(_visit, "drop"):
            return Turn(session.goto("home"), (Say(_("It's deleted. Nobody has seen it.")),), (DropIssue(),))
    return None


def ask_sent(_session: Session, facts: Facts) -> Say:
    _, issue = facts.words, facts[OneIssue].issue
    rows: tuple[Row, ...] = ((Choice("/raise", _("What I raised")),), (Choice("/home", _("Home")),))
    if issue is None:
        return Say(_("That one isn't here any more."), rows=rows, replaces=True)
    code = "\n".join(return_code_lines(facts)) if "return_code" in facts.fresh else ""
    text = "\n".join(next_lines(issue, facts))
    heading = _("I've kept it.") if issue.kept else _("The team has it.")
    return Say(text, heading=heading, shown_once=code, rows=rows, replaces=True)


def take_nothing(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    # All its buttons are commands.
    return None


def next_lines(issue: Issue, facts: Facts) -> Iterator[str]:
    """Who reads it, when they answer, and where the answer will be."""
    _, team = facts.words, facts.rules.organisation
    if issue.kept == "hidden":  # the case was closed before they sent it
        yield kept_text(issue.kept, _)
        return
    if issue.kept:
        yield kept_text(issue.kept, _)
    elif issue.reply_by:
        yield _(
            "Next: somebody in {team} reads it, and answers by {date}.",
            team=team,
            date=_.short_date(issue.reply_by),
        )
    if issue.theme == DATA:
        yield _(
            "Its number is {n}. The law gives them {days} days to write back.", n=issue.id, days=DATA_DAYS
        )
    if facts.person.stopped:
        yield _("You'll find the answer at /raise.")
    else:
        yield _("I'll tell you here. You can add something at /raise.")
    if issue.kept:
        yield _("If you need somebody before that, send /help.")


def _say_nothing_to_send(facts: Facts) -> Say:
    """The draft has been sent or deleted at another door meanwhile."""
    _ = facts.words
    rows: tuple[Row, ...] = (
        (Choice("/raise new", _("Raise something")),),
        (Choice("/raise", _("What I raised")),),
    )
    return Say(_("There is nothing to send here any more."), rows=rows, replaces=True)
