"""What people raise, in numbers: true ones for the team; for a young reviewer a whole quarter, small ones hidden."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from conversations.counting import Cell, QuestionResult, Results, hide_small, in_words
from conversations.engine import Turn
from conversations.events import Chose, Event
from conversations.facts import Facts
from conversations.speech import Choice, Row, Say, Session
from conversations.themes import theme_names
from conversations.words import Words


@dataclass(frozen=True, slots=True)
class Heap:
    """Issues of one theme: how many in all, how many still wait, and how many in each area (by name)."""

    theme: str
    issues: int
    waiting: int
    areas: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Raised:
    """All that was raised in the last so many days, true numbers; most first."""

    days: int
    heaps: tuple[Heap, ...]


@dataclass(frozen=True, slots=True)
class Quarter:
    """The last quarter of a year that is over: how many people raised something, by theme and by area.

    Nothing is added to it any more, so no two tables of it differ by one more person.
    """

    first: date
    last: date
    people: int
    themes: Mapping[str, int]
    areas: Mapping[str, int]
    said_where: int


def ask_counts(_session: Session, facts: Facts) -> Say:
    _, raised = facts.words, facts[Raised]
    lines = [*_heaps(raised, _)] or [_("Nothing was raised.")]
    heading = _.many("In the last {n} day", "In the last {n} days", raised.days)
    return Say("\n".join(lines), heading=heading, rows=(_ways(facts),), replaces=True)


def take_counts(session: Session, event: Event, _facts: Facts) -> Turn | None:
    return Turn(session.to("inbox.list")) if isinstance(event, Chose) and event.key == "list" else None


def ask_quarter(_session: Session, facts: Facts) -> Say:
    _, quarter = facts.words, facts[Quarter]
    results = hide_small(as_results(quarter, _), facts.rules.small_number)
    dates = {"first": _.dated(quarter.first), "last": _.dated(quarter.last)}
    heading = _("What people raised from {first} to {last}", **dates)
    if results.people is None:
        text = _("Fewer than {n} people raised something, so we don't show what.", n=results.smallest)
    else:
        text = "\n\n".join(
            (
                _.many("{n} person raised something.", "{n} people raised something.", results.people),
                *("\n".join((question.label, *in_words(question, _))) for question in results.questions),
            )
        )
    return Say(text, heading=heading, rows=(_ways(facts),), replaces=True)


def as_results(quarter: Quarter, _: Words) -> Results:
    """The quarter as a table of two questions to which people gave one answer or several."""
    names = theme_names(_)
    themes = tuple(Cell(key, name, quarter.themes.get(key, 0)) for key, name in names.items())
    areas = tuple(Cell(str(n), name, count) for n, (name, count) in enumerate(quarter.areas.items()))
    questions = [_question("theme", _("What it was about:"), themes, quarter.people, quarter.people)]
    if areas:
        questions.append(_question("area", _("Where:"), areas, quarter.people, quarter.said_where))
    return Results("", quarter.people, tuple(questions))


def _question(name: str, label: str, cells: tuple[Cell, ...], people: int, answered: int) -> QuestionResult:
    return QuestionResult(name, "select_multiple", label, people, answered, people - answered, cells)


def _heaps(raised: Raised, _: Words) -> Iterator[str]:
    names = theme_names(_)
    for heap in raised.heaps:
        where = _.listed(_("{area} {n}", area=area, n=n) for area, n in heap.areas.items() if area)
        values = {"theme": names.get(heap.theme, heap.theme), "n": heap.issues, "waiting": heap.waiting}
        if where:
            line = _("{theme}: {n}, of which {waiting} wait ({where})", where=where, **values)
        else:
            line = _("{theme}: {n}, of which {waiting} wait", **values)
        yield f"· {line}"


def _ways(facts: Facts) -> Row:
    _ = facts.words
    home = Choice("/home", _("Home"), aside=True)
    return (
        (home,) if not facts.person.is_staff else (Choice("list", _("Back to the inbox"), aside=True), home)
    )
