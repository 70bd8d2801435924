"""The message that announces an outcome, and asks whether it is right."""

from conversations.changes.facts import OneOutcome
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Say, Session
from conversations.core.record import replace
from conversations.followup.verdict import verdict_row
from conversations.outcomes.message import outcome_with_answers


def say_outcome(_session: Session, facts: Facts) -> Say | None:
    """The outcome, next to the reader's own answers."""
    _, found = facts.words, facts[OneOutcome]
    if found.outcome is None:
        return None
    rows = (verdict_row(found.outcome.id, _), (Choice("/changed", _("See all changes")),))
    say = outcome_with_answers(found.outcome, found.answers, facts)
    text = "\n\n".join((say.text, _("Did we get it right?")))
    return replace(say, text=text, rows=rows)
