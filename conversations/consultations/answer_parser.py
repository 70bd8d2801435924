"""Turns what somebody typed or tapped into a value, or into a kind reason why it is no answer."""

from collections.abc import Sequence
from datetime import date

from conversations.consultations.conditions import holds
from conversations.consultations.form import Answers, Question, Value
from conversations.consultations.kinds.kind import Unfit
from conversations.consultations.kinds.registry import kind_of
from conversations.core.i18n import N_


def parse_text(question: Question, text: str, answers: Answers, today: date) -> Value | Unfit:
    """Parses a typed answer. `answers` are those that count (`skip_logic.counting_answers`)."""
    return _check_constraint(question, kind_of(question).parse_text(question, text), answers, today)


def parse_places(question: Question, places: Sequence[int], answers: Answers, today: date) -> Value | Unfit:
    """Parses a tapped answer: `places` are the tapped answer buttons, counted from 0.

    Raises IndexError if there is no such button.
    """
    return _check_constraint(question, kind_of(question).parse_places(question, places), answers, today)


def _check_constraint(
    question: Question, value: Value | Unfit, answers: Answers, today: date
) -> Value | Unfit:
    """The value, if it meets the form's own constraint. If a pattern takes too long to tell, it does: that is the form's
    fault, and nobody's words are lost to it.
    """
    if isinstance(value, Unfit) or not question.constraint:
        return value
    if holds(question.constraint, answers, today=today, current=value, unsure=True):
        return value
    return Unfit(N_("That doesn't fit here. Can you say it another way?"), own=question.constraint_message)
