"""The message that announces an outcome, and asks whether it is right."""

from conversations.changes.facts import OneOutcome
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Say, Session
from conversations.core.record import replace
from conversations.followup.verdict import verdict_row
from conversations.outcomes.message import outcome_with_answers
from conversations.outcomes.wording import title_of
from conversations.team.corrections import withdrawal_line


def say_outcome(_session: Session, facts: Facts) -> Say | None:
    """The outcome, next to the reader's own answers. A page that has shown it shows that it was withdrawn."""
    return outcome_say(facts[OneOutcome], facts)


def outcome_say(found: OneOutcome, facts: Facts) -> Say | None:
    """The message with an outcome, or with the notice in its place; None if there is neither."""
    _ = facts.words
    if found.outcome is None:
        return withdrawal_notice(found, facts)
    rows = (verdict_row(found.outcome.id, _), (Choice("/changed", _("See all changes")),))
    say = outcome_with_answers(found.outcome, found.answers, facts)
    text = "\n\n".join((say.text, _("Did we get it right?")))
    return replace(say, text=text, rows=rows)


def withdrawal_notice(found: OneOutcome, facts: Facts) -> Say | None:
    """What stands in the place of a withdrawn outcome; None if it was not withdrawn."""
    _ = facts.words
    if found.withdrawn is None:
        return None
    heading = title_of(found.about, _) if found.about else ""
    rows = ((Choice("/changed", _("See all changes")),),)
    return Say(withdrawal_line(found.withdrawn, _), heading=heading, rows=rows)
