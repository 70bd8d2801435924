"""Turns tallies into results: what people said to each question, in true numbers."""

from collections.abc import Mapping, Sequence

import regex

from conversations.consultations.expressions import REFERENCE
from conversations.consultations.form import Form, Question, Shape, wording
from conversations.consultations.kinds.registry import kind_of, shape_of
from conversations.core.i18n import Words
from conversations.core.record import Record

# An emoji with its skin tone, variation or joined parts. Symbols that are also plain text (©, ®, ™) stay.
_EMOJI = regex.compile(
    r"\s*(?:\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3"
    r"|[\p{Extended_Pictographic}--[\u00A9\u00AE\u2122]](?:\uFE0F|\p{EMod}|\u200D\p{Extended_Pictographic})*)",
    regex.VERSION1,
)
_ADDS_UP = frozenset({Shape.OPTION, Shape.NUMBER})  # one answer a person: the counts sum to `answered`


class Tally(Record):
    """One question's counts. `counts` maps an option's name, or a number as text, to how many people gave it.

    `skipped` counts participants without an answer: they skipped it, or were never asked. So `answered + skipped` is
    always the number of participants.
    """

    question: str
    answered: int
    counts: Mapping[str, int]
    skipped: int


class TallyCell(Record):
    """How many people gave one answer; None if that is hidden."""

    name: str
    label: str
    count: int | None


class QuestionResult(Record):
    """One question's results. None means hidden, or not applicable to this shape.

    `people` took part in the consultation. `depends_on` names the questions that decide who is asked this
    one. `withheld` means that none of the answers may be shown.
    """

    name: str
    shape: Shape
    label: str
    people: int
    answered: int | None
    skipped: int | None
    cells: tuple[TallyCell, ...] = ()
    mean: float | None = None
    lowest: int | None = None
    highest: int | None = None
    depends_on: frozenset[str] = frozenset()
    withheld: bool = False

    @property
    def base(self) -> int:
        """The "22" in "14 of 22": the number who answered or, if that is hidden, of all participants."""
        return self.people if self.answered is None else self.answered


class Results(Record):
    """A consultation's results. Numbers under `smallest` are hidden; 0 means true numbers.

    `people` is None if fewer than `smallest` took part; then there are no questions either.
    """

    title: str
    people: int | None
    questions: tuple[QuestionResult, ...]
    smallest: int = 0


def to_results(form: Form, tallies: Sequence[Tally], *, people: int, words: Words) -> Results:
    """The results in the language of `words`. A question without a tally has no answers.

    Raises ValueError if the counts contradict each other, because wrong numbers are worse than none.
    """
    found = {tally.question: tally for tally in tallies}
    questions = tuple(
        _result(
            form, question, found.get(question.name) or Tally(question.name, 0, {}, people), people, words
        )
        for question in answerable_questions(form)
    )
    return Results(_plain_text(form, form.title, form.code, words), people, questions)


def answerable_questions(form: Form) -> tuple[Question, ...]:
    """The questions with an answer, in form order."""
    return tuple(question for question in form.questions if kind_of(question).is_answered)


def _plain_text(form: Form, texts: Mapping[str, str], name: str, words: Words) -> str:
    text = wording(texts, words.language, words.version, form.default_language)
    return _EMOJI.sub("", text).strip() or name


def _result(form: Form, question: Question, tally: Tally, people: int, words: Words) -> QuestionResult:
    _check(question, tally, people)
    numbers = _numbers(question, tally)
    return QuestionResult(
        name=question.name,
        shape=shape_of(question),
        label=_plain_text(form, question.label, question.name, words),
        people=people,
        answered=tally.answered,
        skipped=tally.skipped,
        cells=_cells(form, question, tally, words),
        mean=round(sum(value * n for value, n in numbers.items()) / tally.answered, 1) if numbers else None,
        lowest=min(numbers, default=None),
        highest=max(numbers, default=None),
        depends_on=frozenset(
            name for condition in question.relevant for name in REFERENCE.findall(condition)
        ),
    )


def _check(question: Question, tally: Tally, people: int) -> None:
    if tally.answered + tally.skipped != people:
        raise ValueError(f"{question.name}: answered and skipped are not everybody who took part")
    if shape_of(question) in _ADDS_UP and sum(tally.counts.values()) != tally.answered:
        raise ValueError(f"{question.name}: the counts do not add up to those who answered")
    if any(not 0 <= n <= tally.answered for n in tally.counts.values()):
        raise ValueError(f"{question.name}: more people chose something than answered")
    if question.options and not {option.name for option in question.options} >= set(tally.counts):
        raise ValueError(f"{question.name}: a count for an option that the form does not have")


def _numbers(question: Question, tally: Tally) -> dict[int, int]:
    if shape_of(question) is not Shape.NUMBER:
        return {}
    return {int(value): n for value, n in tally.counts.items() if n}


def _cells(form: Form, question: Question, tally: Tally, words: Words) -> tuple[TallyCell, ...]:
    if shape_of(question) is Shape.NUMBER:
        numbers = _numbers(question, tally)
        return tuple(
            TallyCell(str(v), str(v), numbers.get(v, 0))
            for v in sorted({*kind_of(question).points(question), *numbers})
        )
    return tuple(
        TallyCell(
            option.name, _plain_text(form, option.label, option.name, words), tally.counts.get(option.name, 0)
        )
        for option in question.options
    )
