"""Home: what somebody can do here, one tap away from everything."""

from conversations.broadcasts.after_restore import HeldNow
from conversations.consultations.consultation import Waiting
from conversations.consultations.respond.choose import nothing_open
from conversations.core.engine import Opening, Step, Turn
from conversations.core.events import Asked, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.issues.facts import InboxNew
from conversations.safeguarding.facts import CasesOpen
from conversations.team.rights import Rights


def ask_home(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    if facts.person.is_staff:
        return Say(_("What would you like to do?"), rows=_staff_rows(facts), expects="words", replaces=True)
    waiting = facts[Waiting]
    if waiting.open:
        text = _.many(
            "You can have your say on {n} thing now.",
            "You can have your say on {n} things now.",
            waiting.open,
        )
    else:
        text = nothing_open(facts)
    return Say(text, rows=_rows(facts, waiting), expects="words", replaces=True)


def take_home(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    # Every button at home is a command, and commands are opened before a step is asked.
    return None


def open_home(session: Session, _asked: Asked, facts: Facts) -> Turn:
    """/home; once a year by way of the age question, for people grow."""
    return Turn(session.goto("join.age" if facts.person.age_is_due else "home"))


def _rows(facts: Facts, waiting: Waiting) -> tuple[Row, ...]:
    _ = facts.words
    say = _("Go on where I was") if waiting.begun else _("Have your say")
    others = waiting.begun and waiting.open > 1
    return (
        (Choice("/say", say),),
        *(((Choice("/say all", _("What else is open")),),) if others else ()),
        (Choice("/ways", _("Ways to be involved")),),
        (Choice("/raise", _("Raise something")),),
        (Choice("/changed", _("What changed")),),
        *(_reviewers_rows(_) if facts.person.may(Rights.COUNT_ISSUES) else ()),
        (Choice("/settings", _("Settings")), Choice("/help", _("Help"))),
    )


def _reviewers_rows(_: Words) -> tuple[Row, ...]:
    return (
        (Choice("/results", _("Results")), Choice("/inbox", _("What people raise"))),
        (Choice("/results ways", _("Ways they chose")),),
    )


def _staff_rows(facts: Facts) -> tuple[Row, ...]:
    _ = facts.words
    person = facts.person
    rows: list[Row] = []
    if person.may(Rights.WRITE_CONSULTATIONS):
        rows.append((Choice("/consult", _("Ask young people")), Choice("/news", _("Good news"))))
    if person.may(Rights.ANSWER_ISSUES):
        new = facts[InboxNew].n
        label = _.many("Inbox: {n} new", "Inbox: {n} new", new) if new else _("Inbox")
        rows.append((Choice("/inbox", label),))
        rows.append((Choice("/results", _("Results")), Choice("/outcome", _("You said, we did"))))
        rows.append(
            (Choice("/results ways", _("Ways they chose")), Choice("/happened", _("What stands open")))
        )
    if held := facts[HeldNow].n:
        rows.append((Choice("/sent", _.many("{n} message held", "{n} messages held", held)),))
    if person.may(Rights.SEE_CASES):
        open_now = facts[CasesOpen].n
        label = _.many("{n} case open", "{n} cases open", open_now) if open_now else _("Safeguarding cases")
        rows.append((Choice("/cases", label),))
    rows.append((Choice("/team", _("Team")), Choice("/help", _("Help"))))
    return tuple(rows)


STEPS = (Step("home", ask_home, take_home, needs=(Waiting, CasesOpen, HeldNow, InboxNew)),)
OPENINGS = (Opening("home", open_home),)
