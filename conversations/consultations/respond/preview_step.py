"""Wraps the steps of a consultation as a preview: labelled, with an end button, in the reader's language."""

from conversations.consultations.respond.navigation import leave
from conversations.consultations.respond.preview_state import as_reader
from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.record import replace


def as_preview(step: Step) -> Step:
    """The same step as a preview for staff."""

    def ask(session: Session, facts: Facts) -> Say:
        _, say = facts.words, step.ask(session, facts)
        end: Row = (Choice("end", _("End preview"), aside=True),)
        return replace(say, badge=_("Preview"), rows=(*say.rows, end))

    def take(session: Session, event: Event, facts: Facts) -> Turn | None:
        if isinstance(event, Chose) and event.key == "end":
            return leave(session, facts, "")
        return step.take(session, event, facts)

    return replace(step, ask=ask, take=take, as_reader=as_reader)
