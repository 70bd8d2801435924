"""The step after a sign of danger: it offers help at once, lets people choose what comes next, and never probes."""

from conversations.core.engine import Step, Turn, at_home
from conversations.core.events import Chose, Event, Said, Sent
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.safeguarding.casework.entries import OwnThread
from conversations.safeguarding.detector import KINDS, DangerKind
from conversations.safeguarding.effects import AskForCall
from conversations.safeguarding.facts import CaseInformed, LeadReachable
from conversations.safeguarding.guard import SUPPORT, SUPPORTING
from conversations.safeguarding.help.ways import (
    Helplines,
    helpline_lines,
    helplines_for,
    say_with_help,
)
from conversations.safeguarding.helplines import Informed, support_text, who_was_told_text

_CALL_ASKED = f"{SUPPORTING}asked"


def ask_choose(session: Session, facts: Facts) -> Say:
    _, informed = facts.words, facts[LeadReachable].informed
    asked = session.notes.get(_CALL_ASKED) is True
    onward = (Choice("on", _("I'm OK, go on"), aside=True), Choice("stop", _("Stop here"), aside=True))
    theirs: tuple[Row, ...] = ()
    if asked:
        theirs = ((Choice("/reply", _("Write to them now")),),)
    elif facts[OwnThread].case is not None:  # somebody helps them already, and nobody needs to be asked
        theirs = ((Choice("/reply", _("Write to whoever helps you")),),)
    elif informed != "nobody":
        theirs = ((Choice("talk", _("Talk to them")),),)
    text = _asked_text(facts) if asked else _text(session, facts)
    return say_with_help(text, facts, *theirs, onward)


def take_choose(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, "talk"):
            return Turn(
                session.goto(SUPPORT, **{**session.notes, _CALL_ASKED: True}), effects=(AskForCall(),)
            )
        case Chose(_visit, "on"):
            return Turn(_go_back(session))
        case Chose(_visit, "stop"):
            return Turn(session.goto("home" if at_home(facts.person) else "join.elsewhere"))
        case Said() | Sent():
            text = _(
                "I'm a bot, so I can't talk this through with you the way a person can. These people can, at any time:"
            )
            return Turn(session, (Say(text),))
    return None


def _text(session: Session, facts: Facts) -> str:
    return support_text(
        facts.words,
        kind=_kind(session),
        helplines=helplines_for(facts),
        age_band=facts.person.band,
        informed=_still_to_say(facts[LeadReachable]),
        team_line=facts.rules.contact,
        whose="other" if session.notes.get(f"{SUPPORTING}whose") == "other" else "own",
        denied=session.notes.get(f"{SUPPORTING}denied") is True,
    )


def _still_to_say(reached: LeadReachable) -> Informed | None:
    """Who knows, unless a message says it just above."""
    return None if reached.put_right and reached.informed != "nobody" else reached.informed


def say_who_was_told(_session: Session, facts: Facts) -> Say | None:
    """Puts right what the person read about who in the team was told of their case."""
    informed = facts[CaseInformed].informed
    if informed is None:
        return None
    _ = facts.words
    text = who_was_told_text(_, informed, helplines_for(facts))
    if informed == "nobody":
        return say_with_help(text, facts)
    return Say(text, rows=((Choice("/reply talk", _("Talk to them")),),))


def say_read_by_lead(_session: Session, facts: Facts) -> Say:
    """Tells somebody that the team read their words and opened a case, and who can help until somebody writes."""
    _ = facts.words
    read = _(
        "Somebody in our team has read what you wrote, and wants you to be safe. They may write to you here. You don't have to wait for them:"
    )
    return say_with_help("\n".join((read, *helpline_lines(facts))), facts)


def _asked_text(facts: Facts) -> str:
    """The text after "Talk to them": what happens next, what can't be promised, and who can help until then."""
    _ = facts.words
    lines = (
        _(
            "I've asked them to write to you here. I don't know how soon they can. You don't have to wait for them:"
        ),
        *helpline_lines(facts),
    )
    return "\n".join(lines)


def _go_back(session: Session) -> Session:
    rest = {name: note for name, note in session.notes.items() if not name.startswith(SUPPORTING)}
    return session.goto(str(session.notes.get(f"{SUPPORTING}back", "home")), **rest)


def _kind(session: Session) -> DangerKind:
    return next(
        (kind for kind in KINDS if kind == session.notes.get(f"{SUPPORTING}danger")), "request_for_help"
    )


STEPS = (Step(SUPPORT, ask_choose, take_choose, needs=(LeadReachable, OwnThread, Helplines)),)
