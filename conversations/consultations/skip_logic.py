"""The rules of asking: which questions matter now, what comes next, and how far somebody is."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache

import regex

from conversations.consultations.conditions import holds
from conversations.consultations.form import Answers, Form, Question, QuestionKind, Value, wording
from conversations.core.pagination import LABEL_MOST

# What one question of each kind takes somebody who thinks before they answer.
_SECONDS: dict[QuestionKind, int] = {
    "text": 60,
    "integer": 15,
    "select_one": 15,
    "select_multiple": 25,
    "range": 15,
    "note": 10,
    "acknowledge": 10,
}


def relevant(form: Form, answers: Answers, today: date) -> tuple[Question, ...]:
    """The questions and notes that matter now, in order.

    A condition sees only answers that themselves still count, so one changed answer can hide a whole chain.
    Conditions look back, never ahead: a form that looks ahead is not taken in.
    """
    seen: dict[str, Value] = {}
    found: list[Question] = []
    written = [question.name for question in form.questions if question.kind == "text"]
    for question in form.questions:
        if all(holds(condition, seen, today=today, written=written) for condition in question.relevant):
            found.append(question)
            if question.name in answers:
                seen[question.name] = answers[question.name]
    return tuple(found)


def counting(form: Form, answers: Answers, today: date) -> Answers:
    """The answers that count: those to questions that matter now."""
    names = [question.name for question in relevant(form, answers, today)]
    return {name: answers[name] for name in names if name in answers}


def ignored(form: Form, answers: Answers, today: date) -> frozenset[str]:
    """The names of answers that do not count any more, because something before them was changed."""
    return frozenset(answers) - frozenset(counting(form, answers, today))


def next_open(form: Form, answers: Answers, passed: Collection[str], today: date) -> Question | None:
    """The first question without an answer. `passed` are the names skipped, and the notes already shown.

    None where everything has been asked.
    """
    done = {*answers, *passed}
    return next((question for question in relevant(form, answers, today) if question.name not in done), None)


def before(form: Form, answers: Answers, name: str, today: date) -> Question | None:
    """The question before the named one, answered or not; None at the beginning."""
    earlier = _names(form)[: _names(form).index(name)]
    found = [question for question in relevant(form, answers, today) if question.name in earlier]
    return found[-1] if found else None


def place(form: Form, answers: Answers, name: str, today: date) -> tuple[int, int] | None:
    """(2, 5) for "2 of 5", of the questions that matter now. None for a note: it is shown, not counted."""
    asked = [question.name for question in relevant(form, answers, today) if question.kind != "note"]
    return (asked.index(name) + 1, len(asked)) if name in asked else None


def how_many(form: Form) -> int:
    """Questions in the form at most, notes not counted."""
    return sum(question.kind != "note" for question in form.questions)


def minutes(form: Form) -> int:
    """About how long the form takes, rounded up; at least 1."""
    return max(1, -(-sum(_SECONDS[question.kind] for question in form.questions) // 60))


def labels_fit(question: Question, language: str, version: str, default: str = "en") -> bool:
    """Whether every option fits on a button as it stands. If not, they are numbered text with number buttons."""
    labels = (wording(option.label, language, version, default) for option in question.options)
    return all(_letters(label) <= LABEL_MOST for label in labels)


@lru_cache(maxsize=4096)
def _letters(label: str) -> int:
    """As people count them: a letter with its accents, and a flag of two signs, is one."""
    return len(regex.findall(r"\X", label))


def points(question: Question) -> range:
    """The numbers that a range offers."""
    return range(question.start, question.end + 1, question.step)


def _names(form: Form) -> list[str]:
    return [question.name for question in form.questions]
