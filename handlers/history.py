"""What a turn leaves in a conversation that we show ourselves: what somebody did, and which question stands there."""

from collections.abc import Iterable

from conversations.consultations.effects import SaveAnswer
from conversations.core import engine
from conversations.core.effects import Effect
from conversations.core.events import Event, Said
from conversations.core.messages import Say, quote_of
from conversations.core.record import Record
from conversations.safeguarding.guard import SUPPORT
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import outbox, threads

# Where words are the answer: there, what will not do is given back into the field.
FIELDS = frozenset({"text", "number"})


class Done(Record):
    """What somebody did, in words, and the answer that it was or repeats, if any (see `quote_of`)."""

    words: str = ""
    quotes: str = ""


def done_by(db: Db, door: Door, event: Event, line: str | None, effects: Iterable[Effect]) -> Done:
    """What an event is in words, read before its effects are carried out: they may take away the message that the
    button was under. `line` is that message, where the page says so.
    """
    if not door.channel.keeps_history:
        return Done()
    words, quotes = threads.event_text(db, door.id, event, line)
    saved = (effect for effect in effects if isinstance(effect, SaveAnswer))
    return Done(words, next((quote_of(effect.consultation, effect.question) for effect in saved), quotes))


def keep(db: Db, door: Door, update: str, left: str, done: Done, *, asked_again: bool) -> None:
    """A page shows what somebody did once they agreed that it is kept; before that, the present question alone. A
    question asked again stands once. `left` is the step that they were in.
    """
    outbox.blank_fresh(db, door.id)
    kept = engine.at_home(door.person)
    if not kept and left != SUPPORT:  # the helplines stay where they can be found again
        threads.clear(db, door.id)
    elif asked_again:
        threads.drop_question(db, door.id)
    if kept and done.words:
        threads.own_words(db, door, f"{update}:own", done.words, done.quotes)


def is_told(event: Event, says: tuple[Say, ...], *, asked_again: bool) -> bool:
    """Whether what somebody did stands in their thread: not a tick, and not words that are back in their field."""
    given_back = says[-1].expects in FIELDS and any(say.is_validation for say in says)
    return not asked_again or (isinstance(event, Said) and not given_back)
