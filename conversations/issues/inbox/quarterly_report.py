"""What people raised in the last complete quarter, with small numbers hidden, for young reviewers."""

from conversations.consultations.form import Shape
from conversations.core.engine import Turn
from conversations.core.events import Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.themes import DATA, theme_names
from conversations.issues.facts import Quarter
from conversations.results.counting import QuestionResult, Results, TallyCell, hide_small, result_sentences


def ask_quarter(_session: Session, facts: Facts) -> Say:
    _, quarter = facts.words, facts[Quarter]
    results = hide_small(as_results(quarter, _), facts.rules.small_number)
    dates = {"first": _.long_date(quarter.first), "last": _.long_date(quarter.last)}
    heading = _("What people raised from {first} to {last}", **dates)
    if results.people is None:
        text = _("Fewer than {n} people raised something, so we don't show what.", n=results.smallest)
    else:
        text = "\n\n".join(
            (
                _.many("{n} person raised something.", "{n} people raised something.", results.people),
                *(
                    "\n".join((question.label, *result_sentences(question, _)))
                    for question in results.questions
                ),
            )
        )
    rows: tuple[Row, ...] = ((Choice("/results", _("Results")), Choice("/home", _("Home"), aside=True)),)
    return Say(text, heading=heading, rows=rows, replaces=True)


def take_quarter(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    # All its buttons are commands.
    return None


def as_results(quarter: Quarter, _: Words) -> Results:
    """The quarter as results of two questions with several choices: theme and area."""
    names = theme_names(_)
    themes = tuple(
        TallyCell(key, name, quarter.themes.get(key, 0)) for key, name in names.items() if key != DATA
    )
    areas = tuple(TallyCell(str(n), name, count) for n, (name, count) in enumerate(quarter.areas.items()))
    questions = [_question("theme", _("What it was about:"), themes, quarter.people, quarter.people)]
    if areas:
        questions.append(_question("area", _("Where:"), areas, quarter.people, quarter.said_where))
    return Results("", quarter.people, tuple(questions))


def _question(
    name: str, label: str, cells: tuple[TallyCell, ...], people: int, answered: int
) -> QuestionResult:
    return QuestionResult(name, Shape.OPTIONS, label, people, answered, people - answered, cells)
