"""/cases: somebody who works on a case lets the team read what it keeps back."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.safeguarding.cases import say_closed
from conversations.safeguarding.effects import ReleaseTexts
from conversations.safeguarding.facts import OneCase


def ask_release(_session: Session, facts: Facts) -> Say:
    _, case = facts.words, facts[OneCase].case
    if case is None:
        return say_closed(_)
    text = _("Then it counts and is read like any other text, and nothing says that it was with you.")
    rows: tuple[Row, ...] = ((Choice("yes", _("The team may read it")), Choice("back", _("Not yet"))),)
    return Say(text, heading=_("May the team read what they wrote?"), rows=rows, replaces=True)


def take_release(session: Session, event: Event, facts: Facts) -> Turn | None:
    number = session.number("case")
    match event:
        case Chose(_, "yes"):
            told = Say(facts.words("The team may read it now."))
            return Turn(session.goto("cases.one", case=number), (told,), (ReleaseTexts(number),))
        case Chose(_, "back"):
            return Turn(session.goto("cases.one", case=number))
    return None
