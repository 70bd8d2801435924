"""An answer sheet: one consultation as one person has filled it in so far, and what comes next on it.

Notes are not kept as passed: those before the furthest question somebody got to were seen, and the others
are shown again. Answers that stopped counting, because an earlier one was changed, stay on the sheet until
it is finished, in case it is changed back; they are not shown, and finishing drops them.
"""

from collections.abc import Iterable
from dataclasses import field, replace
from datetime import date

from conversations.consultations import skip_logic
from conversations.consultations.consultation import Consultation
from conversations.consultations.form import Answers, Form, Question, Value
from conversations.consultations.kinds.registry import kind_of
from conversations.core.record import record


@record
class Response:
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
class OpenResponses:
    """The open consultations that fit somebody, the one that closes first at the top; `last` began last."""

    responses: tuple[Response, ...]
    last: Response | None = None


@record
class OneResponse:
    """The sheet that the session's note `consultation` names; None where it is gone, or not for them."""

    response: Response | None


def with_answer(response: Response, name: str, value: Value) -> Response:
    return replace(response, answers={**response.answers, name: value}, skipped=response.skipped - {name})


def without_answer(response: Response, name: str) -> Response:
    """The question was passed over, or its answer taken back."""
    rest = {key: value for key, value in response.answers.items() if key != name}
    return replace(response, answers=rest, skipped=response.skipped | {name})


def next_place(response: Response, today: date, seen: int = -1) -> int | None:
    """The place in the form of the first question still open; None where all has been asked.

    Notes up to the place `seen` have been seen in any case.
    """
    passed = {*response.skipped, *_notes_seen(response, seen)}
    question = skip_logic.next_open(response.form, response.answers, passed, today)
    return response.form.questions.index(question) if question else None


def place_before(response: Response, place: int, today: date) -> int | None:
    """The place of the question (or note) before; None at the beginning."""
    question = skip_logic.before(response.form, response.answers, response.form.questions[place].name, today)
    return response.form.questions.index(question) if question else None


def places_to_review(response: Response, today: date) -> tuple[int, ...]:
    """The places of the questions that matter now, without the notes, in order."""
    matter = skip_logic.relevant(response.form, response.answers, today)
    return tuple(
        response.form.questions.index(question) for question in matter if kind_of(question).is_answered
    )


def _notes_seen(response: Response, seen: int) -> Iterable[str]:
    reached = {*response.answers, *response.skipped}
    places = [place for place, question in enumerate(response.form.questions) if question.name in reached]
    furthest = max([seen, *places])
    got_to = response.form.questions[: furthest + 1]
    return (question.name for question in got_to if not kind_of(question).is_answered)


def question_at(response: Response, place: int) -> Question | None:
    """The question at a place; None where a draft has fewer now."""
    return response.form.questions[place] if 0 <= place < len(response.form.questions) else None
