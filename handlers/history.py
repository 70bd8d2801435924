"""Updates the stored thread after a turn, for channels that show their history from it: what the person did, and the
question.
"""

from conversations.consultations.effects import SaveAnswer
from conversations.core import engine
from conversations.core.engine import Turn
from conversations.core.events import Event, Said
from conversations.core.messages import Say, Session, quote_of
from conversations.core.record import Record
from conversations.core.text import shorten
from conversations.safeguarding.effects import MarkText, RaiseAlert
from conversations.safeguarding.guard import SUPPORT
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import outbox, own_actions, threads

# Fields for typed answers. Text that is not accepted goes back into them.
FIELDS = frozenset({"text", "number"})
_UNANSWERED_MOST = 300  # letters that the thread keeps of a text which answered nothing


class OwnAction(Record):
    """What somebody did, in words. `quotes` names the answer that it gives or repeats, if any (see `quote_of`)."""

    words: str = ""
    quotes: str = ""


def describe_action(
    db: Db, door: Door, event: Event, line: str | None, before: Session, turn: Turn
) -> OwnAction:
    """Describes an event in words. Call it before the effects are applied, because they may delete the message with the
    button. `line` is that message, if the page names it.
    """
    if not door.channel.keeps_history:
        return OwnAction()
    words, quotes = own_actions.event_text(db, door.id, event, line)
    saved = (effect for effect in turn.effects if isinstance(effect, SaveAnswer))
    if isinstance(event, Said) and len(words) > _UNANSWERED_MOST and not _is_answer(before, turn):
        words = shorten(words, _UNANSWERED_MOST)
    return OwnAction(
        words, next((quote_of(effect.consultation, effect.question) for effect in saved), quotes)
    )


def _is_answer(before: Session, turn: Turn) -> bool:
    """Whether a turn took what was typed: it stored something, or went on. Help after a sign of danger does neither."""
    if any(not isinstance(effect, RaiseAlert | MarkText) for effect in turn.effects):
        return True
    return turn.session.visit != before.visit and turn.session.step != SUPPORT


def update_thread(db: Db, door: Door, update: str, left: str, done: OwnAction, *, asked_again: bool) -> None:
    """Adds what somebody did to the thread, once they have agreed that it is kept. Before that, the page shows only the
    current question. A repeated question is shown once. `left` is the step that they were in.
    """
    outbox.blank_fresh(db, door.id)
    kept = engine.at_home(door.person)
    if not kept and left != SUPPORT:  # the helplines stay in the thread, to be found again
        threads.clear(db, door.id)
    elif asked_again:
        threads.drop_question(db, door.id)
    if kept and done.words:
        threads.own_words(db, door, f"{update}:own", done.words, done.quotes)


def is_shown(event: Event, says: tuple[Say, ...], *, asked_again: bool) -> bool:
    """Whether an action is shown in the thread. A tick is not, nor is text that went back into its field."""
    given_back = says[-1].expects in FIELDS and any(say.is_validation for say in says)
    return not asked_again or (isinstance(event, Said) and not given_back)
