"""The steps of a consultation as a preview: each says that it is one, can be ended, and speaks as its reader reads."""

from dataclasses import replace

from conversations.consultations.respond.navigation import out
from conversations.consultations.respond.preview_state import as_reader
from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session


def in_preview(step: Step) -> Step:
    """The same step for staff who look at it."""

    def ask(session: Session, facts: Facts) -> Say:
        _, say = facts.words, step.ask(session, facts)
        end: Row = (Choice("end", _("End preview"), aside=True),)
        return replace(say, badge=_("Preview"), rows=(*say.rows, end))

    def take(session: Session, event: Event, facts: Facts) -> Turn | None:
        if isinstance(event, Chose) and event.key == "end":
            return out(session, facts, "")
        return step.take(session, event, facts)

    return replace(step, ask=ask, take=take, reads_as=as_reader)
