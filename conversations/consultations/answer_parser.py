"""Whether what somebody typed or tapped is an answer: it becomes a value, or a kind reason why not."""

from collections.abc import Sequence
from datetime import date

from conversations.consultations.conditions import holds
from conversations.consultations.form import Answers, Question, Value
from conversations.consultations.kinds.kind import Unfit
from conversations.consultations.kinds.registry import kind_of
from conversations.core.i18n import N_


def typed(question: Question, text: str, answers: Answers, today: date) -> Value | Unfit:
    """What somebody wrote, as an answer. `answers` are those that count (`skip_logic.counting`)."""
    return _held(question, kind_of(question).typed(question, text), answers, today)


def chosen(question: Question, places: Sequence[int], answers: Answers, today: date) -> Value | Unfit:
    """What somebody tapped, as an answer: places among the buttons that answer, from 0.

    Raises IndexError for a place that there is not.
    """
    return _held(question, kind_of(question).tapped(question, places), answers, today)


def _held(question: Question, value: Value | Unfit, answers: Answers, today: date) -> Value | Unfit:
    """The value, where the form's own constraint holds of it."""
    if isinstance(value, Unfit) or not question.constraint:
        return value
    if holds(question.constraint, answers, today=today, current=value):
        return value
    return Unfit(N_("That doesn't fit here. Can you say it another way?"), own=question.constraint_message)
