"""Changes the status of a promise: asks for the reason of a *can't*, and shows a preview before it goes out."""

from typing import cast

from conversations.core.effects import Effect
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.outcomes.history import Change
from conversations.outcomes.outcome import Decision
from conversations.outcomes.wording import title_of
from conversations.promises.effects import ChangeStatus, SayLooking
from conversations.promises.manage.detail import (
    ask_reason,
    goto_step,
    promise_lines,
    say_gone,
    take_reason,
)
from conversations.promises.manage.facts import OneChange, OnePromise
from conversations.promises.manage.notices import status_text
from conversations.promises.promise import Promise


def ask_sure(session: Session, facts: Facts) -> Say:
    """A preview of the message, in the worker's own language."""
    _, promise = facts.words, facts[OnePromise].promise
    if promise is None:
        return say_gone(_)
    if promise.part and promise.part.stands != session.notes["was"]:
        return _say_outdated(promise, facts)
    change = Change("", str(session.notes["now"]), facts.now)
    told = OneChange(change, promise.about, promise.due, promise.outcome, promise.part)
    text = "\n".join((_("This is what they get:"), status_text(told, facts.words, facts)))
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, tell them")), Choice("back", _("No, go back"))),)
    return Say(text, heading=title_of(promise.about, _), rows=rows, replaces=True)


def take_sure(session: Session, event: Event, facts: Facts) -> Turn | None:
    promise = facts[OnePromise].promise
    if promise is None:
        return Turn(session)
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "one", promise.of))
        case Chose(_, "yes"):
            said = Say(facts.words("They are told, each when they want their messages."))
            return Turn(goto_step(session, "one", promise.of), (said,), (_effect(promise, session),))
    return None


def ask_because(session: Session, facts: Facts) -> Say:
    _, promise = facts.words, facts[OnePromise].promise
    if promise is None:
        return say_gone(_)
    if promise.part and promise.part.stands != session.notes["was"]:
        return _say_outdated(promise, facts)
    return ask_reason(promise, _("Why can't it be done after all? A “can't” needs its because."), facts)


def take_because(session: Session, event: Event, facts: Facts) -> Turn | None:
    promise = facts[OnePromise].promise
    if promise is None or promise.part is None:
        return Turn(session)
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "one", promise.of))
        case Said(text):
            cannot = ChangeStatus(promise.of.id, _decision(session, "was"), "cant", text)
            return take_reason(session, promise, text, cannot, facts)
    return None


def preview_because(_session: Session, facts: Facts, because: str) -> str:
    """What they get, in the worker's own language."""
    promise = facts[OnePromise].promise
    if promise is None or promise.part is None:
        return ""
    change = Change("", "cant", facts.now, " ".join(because.split()), promise.language)
    told = OneChange(change, promise.about, promise.due, promise.outcome, promise.part)
    return status_text(told, facts.words, facts)


def _effect(promise: Promise, session: Session) -> Effect:
    if promise.part is None:
        return SayLooking(promise.of.id)
    return ChangeStatus(promise.of.id, _decision(session, "was"), _decision(session, "now"))


def _decision(session: Session, name: str) -> Decision:
    return cast(Decision, session.notes[name])


def _say_outdated(promise: Promise, facts: Facts) -> Say:
    """Shows the current status when a colleague has changed it meanwhile."""
    _ = facts.words
    lines = (_("A colleague was quicker. This is how it stands now:"), *promise_lines(promise, facts))
    return Say("\n".join(lines), heading=title_of(promise.about, _), rows=(back_row(_),), replaces=True)
