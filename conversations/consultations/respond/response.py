"""An answer sheet: one consultation as one person has filled it in so far, and what comes next on it.

Notes are not kept as passed: those before the furthest question somebody got to were seen, and the others
are shown again. Answers that stopped counting, because an earlier one was changed, stay on the sheet until
it is finished, in case it is changed back; they are not shown, and finishing drops them.
"""

from collections.abc import Iterable
from dataclasses import field, replace
from datetime import date

from conversations.consultations import skip_logic as asking
from conversations.consultations.consultation import Consultation
from conversations.consultations.form import Answers, Form, Question, Value
from conversations.consultations.kinds.registry import kind_of
from conversations.core.record import record


@record
class Sheet:
    """`open` says whether answers are taken now. `skipped` are the names of questions passed over."""

    about: Consultation
    open: bool
    answers: Answers = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    finished: bool = False

    @property
    def form(self) -> Form:
        return self.about.form

    @property
    def begun(self) -> bool:
        """Begun, and not finished yet."""
        return bool(self.answers or self.skipped) and not self.finished


@record
class OpenSheets:
    """The open consultations that fit somebody, the one that closes first at the top; `last` began last."""

    sheets: tuple[Sheet, ...]
    last: Sheet | None = None


@record
class OneSheet:
    """The sheet that the session's note `consultation` names; None where it is gone, or not for them."""

    sheet: Sheet | None


def with_answer(sheet: Sheet, name: str, value: Value) -> Sheet:
    return replace(sheet, answers={**sheet.answers, name: value}, skipped=sheet.skipped - {name})


def without_answer(sheet: Sheet, name: str) -> Sheet:
    """The question was passed over, or its answer taken back."""
    rest = {key: value for key, value in sheet.answers.items() if key != name}
    return replace(sheet, answers=rest, skipped=sheet.skipped | {name})


def next_place(sheet: Sheet, today: date, seen: int = -1) -> int | None:
    """The place in the form of the first question still open; None where all has been asked.

    Notes up to the place `seen` have been seen in any case.
    """
    passed = {*sheet.skipped, *_notes_seen(sheet, seen)}
    question = asking.next_open(sheet.form, sheet.answers, passed, today)
    return sheet.form.questions.index(question) if question else None


def place_before(sheet: Sheet, place: int, today: date) -> int | None:
    """The place of the question (or note) before; None at the beginning."""
    question = asking.before(sheet.form, sheet.answers, sheet.form.questions[place].name, today)
    return sheet.form.questions.index(question) if question else None


def places_to_review(sheet: Sheet, today: date) -> tuple[int, ...]:
    """The places of the questions that matter now, without the notes, in order."""
    matter = asking.relevant(sheet.form, sheet.answers, today)
    return tuple(sheet.form.questions.index(question) for question in matter if kind_of(question).is_answered)


def _notes_seen(sheet: Sheet, seen: int) -> Iterable[str]:
    reached = {*sheet.answers, *sheet.skipped}
    places = [place for place, question in enumerate(sheet.form.questions) if question.name in reached]
    furthest = max([seen, *places])
    got_to = sheet.form.questions[: furthest + 1]
    return (question.name for question in got_to if not kind_of(question).is_answered)


def question_at(sheet: Sheet, place: int) -> Question | None:
    """The question at a place; None where a draft has fewer now."""
    return sheet.form.questions[place] if 0 <= place < len(sheet.form.questions) else None
