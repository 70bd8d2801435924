"""Which questions are relevant now, which comes next, and how far somebody has got."""

from collections.abc import Collection
from datetime import date

from conversations.consultations.conditions import holds
from conversations.consultations.form import Answers, Form, Question, Shape, Value
from conversations.consultations.kinds.registry import kind_of, shape_of


def relevant_questions(form: Form, answers: Answers, today: date) -> tuple[Question, ...]:
    """The questions and notes that are relevant now, in form order.

    A condition sees only answers that themselves still count, so one changed answer can hide a whole chain.
    Conditions look back, never ahead: the import rejects a form that looks ahead.
    """
    seen: dict[str, Value] = {}
    found: list[Question] = []
    written = [question.name for question in form.questions if shape_of(question) is Shape.TEXT]
    for question in form.questions:
        if all(holds(condition, seen, today=today, written=written) for condition in question.relevant):
            found.append(question)
            if question.name in answers:
                seen[question.name] = answers[question.name]
    return tuple(found)


def counting_answers(form: Form, answers: Answers, today: date) -> Answers:
    """The answers that count: those to relevant questions."""
    names = [question.name for question in relevant_questions(form, answers, today)]
    return {name: answers[name] for name in names if name in answers}


def ignored_answers(form: Form, answers: Answers, today: date) -> frozenset[str]:
    """The names of answers that no longer count, because an earlier one was changed."""
    return frozenset(answers) - frozenset(counting_answers(form, answers, today))


def next_open(form: Form, answers: Answers, passed: Collection[str], today: date) -> Question | None:
    """The first question without an answer; None if everything has been asked. `passed` are the names of skipped
    questions and of notes already shown.
    """
    done = {*answers, *passed}
    return next(
        (question for question in relevant_questions(form, answers, today) if question.name not in done), None
    )


def question_before(form: Form, answers: Answers, name: str, today: date) -> Question | None:
    """The question before the named one, answered or not; None for the first."""
    earlier = _names(form)[: _names(form).index(name)]
    found = [question for question in relevant_questions(form, answers, today) if question.name in earlier]
    return found[-1] if found else None


def progress(form: Form, answers: Answers, name: str, today: date) -> tuple[int, int] | None:
    """(2, 5) for "2 of 5" of the relevant questions; None for a note, which does not count."""
    asked = [
        question.name
        for question in relevant_questions(form, answers, today)
        if kind_of(question).is_answered
    ]
    return (asked.index(name) + 1, len(asked)) if name in asked else None


def how_many(form: Form) -> int:
    """The number of questions in the form, without notes."""
    return sum(kind_of(question).is_answered for question in form.questions)


def minutes(form: Form) -> int:
    """About how long the form takes in minutes, rounded up; at least 1."""
    return max(1, -(-sum(kind_of(question).seconds for question in form.questions) // 60))


def _names(form: Form) -> list[str]:
    return [question.name for question in form.questions]
