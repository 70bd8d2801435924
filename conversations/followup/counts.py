"""Counts what people said after an outcome, as `Results`, to reuse their sentences, charts and hiding."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from babel import Locale
from babel.dates import format_date

from conversations.consultations.form import Shape
from conversations.core.i18n import Words
from conversations.core.record import Record, field, replace
from conversations.followup.effects import PulseName, PulseSays
from conversations.followup.facts import PULSE, PULSE_SAYS
from conversations.followup.pulse import pulse_answers, pulse_questions
from conversations.followup.revisit import says_names
from conversations.followup.rounds import SAYS
from conversations.outcomes.outcome import Outcome
from conversations.outcomes.standing import Says
from conversations.outcomes.wording import decision_sentence, text_of, title_of, with_full_stop
from conversations.results.counting import QuestionResult, Results, TallyCell, hide_small

Every = Literal["month", "quarter"]


class AfterCounts(Record):
    """True numbers of the responses to the outcome of the consultation that the note `consultation` names. `people`
    took part; `right` counts yes and no; `revisits` is by part. `outcome` is None if there is none yet.
    """

    outcome: Outcome | None
    people: int = 0
    right: Mapping[bool, int] = field(default_factory=dict)
    pulse: Mapping[PulseName, Mapping[PulseSays, int]] = field(default_factory=dict)
    revisits: Mapping[int, Mapping[Says, int]] = field(default_factory=dict)
    added: int = 0


class Period(Record):
    """One month or quarter, by its first day: the responses in it, and the number of promises settled."""

    first: date
    right: Mapping[bool, int] = field(default_factory=dict)
    says: Mapping[Says, int] = field(default_factory=dict)
    kept: int = 0
    closed: int = 0


class OverTime(Record):
    """The latest periods with responses, newest first; `people` responded. `standing` promises are open now."""

    every: Every
    periods: tuple[Period, ...]
    people: int = 0
    standing: int = 0


# --- of one outcome -------------------------------------------------------------------------------


def after_results(after: AfterCounts, outcome: Outcome, _: Words) -> Results:
    """Whether we got it right, Lundy's four, and each promise that people were asked about."""
    return Results(title_of(outcome.about, _), after.people, tuple(_questions(after, outcome, _)))


def _questions(after: AfterCounts, outcome: Outcome, _: Words) -> Iterator[QuestionResult]:
    yield _right("right", _("Did we get it right?"), after.right, after.people, _)
    labels, asked = pulse_answers(_), pulse_questions(_)
    for name in PULSE:
        counts = after.pulse.get(name, {})
        cells = [TallyCell(says, labels[says], counts.get(says, 0)) for says in PULSE_SAYS]
        yield _question(name, asked[name], cells, after.people)
    for part in outcome.parts:
        if part.id in after.revisits and part.decision:
            said = decision_sentence(part.decision, with_full_stop(text_of(outcome, part.what, _)), _)
            label = _("{what} Has it really happened?", what=said)
            yield _says(f"part{part.place + 1}", label, after.revisits[part.id], after.people, _)


# --- over time ------------------------------------------------------------------------------------


def time_results(over: OverTime, smallest: int, _: Words) -> Results:
    """Each period's two questions. Numbers under `smallest` are hidden in each question on its own, because each is
    about other people; 0 shows all.
    """
    asked = [question for period in over.periods for question in _period_questions(period, over.every, _)]
    shown = [_hide_small(question, smallest) if smallest else question for question in asked]
    return Results(_("What people said about our answers"), over.people, tuple(shown), smallest)


def _period_questions(period: Period, every: Every, _: Words) -> Iterator[QuestionResult]:
    when, name = period_name(period.first, every, _), f"{period.first:%Y-%m}"
    if period.right:
        label = _("{when}: did we get it right?", when=when)
        yield _right(f"{name}:right", label, period.right, sum(period.right.values()), _)
    if period.says:
        label = _("{when}: has it really happened?", when=when)
        yield _says(f"{name}:happened", label, period.says, sum(period.says.values()), _)


def period_name(first: date, every: Every, _: Words) -> str:
    pattern = "LLLL y" if every == "month" else "QQQQ y"
    return format_date(first, pattern, locale=Locale.parse(_.language))


def _hide_small(question: QuestionResult, smallest: int) -> QuestionResult:
    alone = hide_small(Results("", question.people, (question,)), smallest)
    if alone.questions:
        return alone.questions[0]
    return replace(question, answered=None, skipped=None, cells=(), withheld=True)


# --- shared ---------------------------------------------------------------------------------------


def _right(name: str, label: str, counts: Mapping[bool, int], people: int, _: Words) -> QuestionResult:
    cells = [
        TallyCell("yes", _("You got it right"), counts.get(True, 0)),
        TallyCell("no", _("Not really"), counts.get(False, 0)),
    ]
    return _question(name, label, cells, people)


def _says(name: str, label: str, counts: Mapping[Says, int], people: int, _: Words) -> QuestionResult:
    names = says_names(_)
    return _question(
        name, label, [TallyCell(says, names[says], counts.get(says, 0)) for says in SAYS], people
    )


def _question(name: str, label: str, cells: list[TallyCell], people: int) -> QuestionResult:
    answered = sum(cell.count or 0 for cell in cells)
    return QuestionResult(name, Shape.OPTION, label, people, answered, people - answered, tuple(cells))
