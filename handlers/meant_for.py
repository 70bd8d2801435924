"""Whether typed words are meant for the current question, where a channel sends them in messages of their own.

A session notes which message asked its question first in this visit. Words that were sent before it, or that reply to an
older message of ours, were written for something else.
"""

from conversations.core.events import Elsewhere, Event, Said
from conversations.core.messages import Say, Session
from conversations.core.record import replace
from handlers.incoming import Incoming
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import questions

_NOTE = "asked"  # the `once` of the message that asked, and its visit


def look(db: Db, door: Door, session: Session, event: Event) -> Event:
    """The event, with the reason why it may be meant for something else."""
    noted = session.notes.get(_NOTE)
    if not isinstance(event, Said) or not event.message or event.elsewhere or not isinstance(noted, tuple):
        return event
    visit, once = noted
    asked = questions.asked(db, str(once)) if visit == session.visit else None
    return replace(event, elsewhere=_elsewhere(db, door, event, asked)) if asked else event


def _elsewhere(db: Db, door: Door, event: Said, asked: questions.AskedQuestion) -> Elsewhere | None:
    if asked.is_unseen or (asked.message and _is_before(event.message, asked.message)):
        return "early"
    if event.replies_to and questions.is_of_another_turn(db, door.id, event.replies_to, asked):
        return "reply"
    return None


def _is_before(one: str, other: str) -> bool:
    """Whether a message of a chat came before another. Telegram numbers them in order."""
    return one.isdecimal() and other.isdecimal() and int(one) < int(other)


def note_question(session: Session, before: Session, incoming: Incoming, says: tuple[Say, ...]) -> Session:
    """The session, with a note of the message that asks its question, if this turn asks it first."""
    if not incoming.channel.pushes:
        return session
    kept = before.notes.get(_NOTE)
    if session.visit == before.visit and kept is not None:
        return session.with_notes(**{_NOTE: kept})
    once = f"{incoming.channel.name}:{incoming.update}:{len(says) - 1}"
    return session.with_notes(**{_NOTE: (session.visit, once)})
