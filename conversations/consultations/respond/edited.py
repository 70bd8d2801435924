"""Handles a message that was edited after it was sent."""

from conversations.consultations.effects import NO_ANSWER_TO_EDIT, EditAnswer
from conversations.core.engine import Turn
from conversations.core.events import Edited
from conversations.core.facts import Facts
from conversations.core.messages import Say, Session


def take_edit(session: Session, event: Edited, facts: Facts) -> Turn:
    """Updates the answer that came with the message, at whatever step somebody is. A command in it is not run."""
    _ = facts.words
    if not event.text.strip() or event.text.startswith("/"):
        return Turn(session, (Say(_(NO_ANSWER_TO_EDIT)),))
    changed = Say(_("I've changed your answer to what it says now."))
    return Turn(session, (changed,), (EditAnswer(event.message, event.text),))
