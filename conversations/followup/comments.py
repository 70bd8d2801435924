"""Adding a comment in one's own words to a verdict on an outcome, or on a promise."""

from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Say, Session
from conversations.followup.effects import AddToOutcome, AddToRevisit

ADD_MOST = 1000  # letters


def ask_more(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("What would you like to add? The team reads it, without your name. Leave out names of others.")
    return Say(text, rows=((Choice("later", _("Not now"), aside=True),),), expects="text", replaces=True)


def take_more(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, "later"):
            return Turn(session.goto("home"), (Say(_("That's fine.")),))
        case Said(text) if len(text) > ADD_MOST:
            told = _("That's more than I can keep here. Say it in {most} letters.", most=ADD_MOST)
            return Turn(session, (Say(told),))
        case Said(text) if words := text.strip():
            effect = (
                AddToRevisit(session.number("revisit"), words)
                if "revisit" in session.notes
                else AddToOutcome(session.number("outcome"), words)
            )
            return Turn(
                session.goto("home"),
                (Say(_("I've kept that. You can see or delete it: /mydata.")),),
                (effect,),
            )
    return None


STEPS = (Step("after.more", ask_more, take_more),)
