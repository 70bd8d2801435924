"""One person's response to a consultation so far, and what comes next in it.

Whether a note was shown is not stored: notes before the furthest question that was reached count as seen. An
answer that stopped counting, because an earlier one was changed, is set aside: hidden, but there again if the earlier
one is changed back.
"""

from collections.abc import Iterable
from datetime import date

from conversations.consultations import skip_logic
from conversations.consultations.consultation import Consultation
from conversations.consultations.form import Answers, Form, Question, Value
from conversations.consultations.kinds.registry import kind_of
from conversations.core.record import Record, field, replace


class Response(Record):
    """`open`: answers are accepted now. `skipped` are the names of skipped questions."""

    about: Consultation
    open: bool
    answers: Answers = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    finished: bool = False

    @property
    def form(self) -> Form:
        return self.about.form

    @property
    def is_begun(self) -> bool:
        """Started, but not finished."""
        return bool(self.answers or self.skipped) and not self.finished


class OpenResponses(Record):
    """The consultations open to somebody, earliest closing first. `last` is the one that they started last."""

    responses: tuple[Response, ...]
    last: Response | None = None


class OneResponse(Record):
    """The response that the session's note `consultation` names; None if it is gone, or not for them."""

    response: Response | None


class OwnResponse(Record):
    """A person's response, for a message about it. Only people who have begun get one."""

    response: Response | None


def with_answer(response: Response, name: str, value: Value) -> Response:
    return replace(response, answers={**response.answers, name: value}, skipped=response.skipped - {name})


def without_answer(response: Response, name: str) -> Response:
    """The question was skipped, or its answer deleted."""
    rest = {key: value for key, value in response.answers.items() if key != name}
    return replace(response, answers=rest, skipped=response.skipped | {name})


def next_place(response: Response, today: date, seen: int = -1) -> int | None:
    """The place in the form of the first open question; None if everything has been asked.

    Notes up to the place `seen` count as seen.
    """
    passed = {*response.skipped, *_notes_seen(response, seen)}
    question = skip_logic.next_open(response.form, response.answers, passed, today)
    return response.form.questions.index(question) if question else None


def place_before(response: Response, place: int, today: date) -> int | None:
    """The place of the previous question or note; None at the beginning."""
    question = skip_logic.question_before(
        response.form, response.answers, response.form.questions[place].name, today
    )
    return response.form.questions.index(question) if question else None


def places_to_review(response: Response, today: date) -> tuple[int, ...]:
    """The places of the relevant questions in form order, without notes."""
    matter = skip_logic.relevant_questions(response.form, response.answers, today)
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
    """The question at a place; None if a changed draft has fewer questions."""
    return response.form.questions[place] if 0 <= place < len(response.form.questions) else None
