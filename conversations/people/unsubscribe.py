"""A plain "stop", in anybody's own words: Heard asks once whether all messages shall stop."""

from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.typed.plain_words import NO, YES, says_only
from conversations.people.leaving import open_stop

_STEP = "leaving.stop"
_NOTE = "unsubscribe."
# Where they were, whose notes stay among those of this step, and whether that question has a Stop of its own.
_BACK, _HERE = f"{_NOTE}back", f"{_NOTE}here"


def open_unsubscribe(session: Session, asked: Asked, facts: Facts) -> Turn:
    """Asks once. Who says stop again, or has stopped messages before, is not asked."""
    if facts.person.stopped or session.step == _STEP:
        return open_stop(session, asked, facts)
    notes: dict[str, Note] = {**session.notes, _BACK: session.step, _HERE: asked.argument == "here"}
    return Turn(session.goto(_STEP, **notes))


def ask_stop(session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("I won't send you anything more. What you told me stays.")
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, stop them")), Choice("no", _("No, go on"))),)
    if session.notes.get(_HERE):
        text = "\n".join((text, _("Or do you only want to stop these questions for now?")))
        both: Row = (Choice("yes", _("All messages")), Choice("here", _("Only these questions")))
        rows = (both, (Choice("no", _("Go on"), aside=True),))
    return Say(text, heading=_("Stop all messages?"), rows=rows, replaces=True)


def take_stop(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Said(text) if says_only(text, YES) or says_only(text, NO):
            return take_stop(session, Chose(session.visit, "yes" if says_only(text, YES) else "no"), facts)
        case Chose(_visit, "yes"):
            return open_stop(session, Asked("stop"), facts)
        case Chose(_visit, "here") if session.notes.get(_HERE):
            return Turn(session.goto("home"), (Say(_("That's fine.")),))
        case Chose(_visit, "no"):
            return Turn(_go_back(session))
    return None


def _go_back(session: Session) -> Session:
    rest = {name: note for name, note in session.notes.items() if not name.startswith(_NOTE)}
    return session.goto(str(session.notes.get(_BACK, "home")), **rest)


STEPS = (Step(_STEP, ask_stop, take_stop),)
COMMANDS = (Command("unsubscribe", open_unsubscribe, anytime=True),)
