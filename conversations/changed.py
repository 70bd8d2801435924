"""/changed: what came of what young people said, somebody's own answer beside it."""

from dataclasses import dataclass, field, replace

from conversations.engine import Opening, Step, Turn
from conversations.events import Asked, Chose, Event
from conversations.facts import Facts
from conversations.forms import Answers
from conversations.news.reading import NewsThere
from conversations.outcome_told import told
from conversations.outcome_words import title_of
from conversations.outcomes import Outcome
from conversations.pages import number_behind, numbered_rows, on_page, turned_to, typed_number
from conversations.speech import Choice, Row, Say, Session


@dataclass(frozen=True, slots=True)
class Changed:
    """Every published outcome's id, this person's own first, newest first; and those of the page in full."""

    ids: tuple[int, ...]
    mine: frozenset[int] = frozenset()
    page: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class OneOutcome:
    """The published outcome that the session's note `outcome` names, with what this person said then."""

    outcome: Outcome | None
    answers: Answers = field(default_factory=dict)


def open_changed(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """/changed lists what changed; "/changed 4" is one outcome, by its id."""
    number = number_behind(asked.argument)
    return Turn(session.to("changed.list") if number is None else session.to("changed.one", outcome=number))


def ask_list(session: Session, facts: Facts) -> Say:
    _, changed = facts.words, facts[Changed]
    home = (Choice("/home", _("Home"), aside=True),)
    news: tuple[Row, ...] = ((Choice("news", _("Good news")),),) if facts[NewsThere].any else ()
    if not changed.ids:
        text = _("Nothing yet. When the people who decide have answered, you'll find it here.")
        return Say(text, heading=_("What changed because of you"), rows=(*news, home), replaces=True)
    page = session.notes.get("page")
    numbers = on_page(page, len(changed.ids))
    lines = [
        f"{n + 1}. {_line(outcome, changed, facts)}" for n, outcome in zip(numbers, changed.page, strict=True)
    ]
    rows = numbered_rows([str(outcome) for outcome in changed.ids], page, _)
    heading = _("What changed because of you")
    return Say("\n".join(lines), heading=heading, rows=(*news, *rows, home), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    page = turned_to(event)
    if page is not None:
        return Turn(session.noting(page=page))
    if isinstance(event, Chose) and event.key == "news":
        return Turn(session.to("news.list"))
    ids = facts[Changed].ids
    number = typed_number(event)
    if number and number <= len(ids):
        return Turn(session.to("changed.one", outcome=ids[number - 1]))
    if isinstance(event, Chose) and event.key in map(str, ids):
        return Turn(session.to("changed.one", outcome=int(event.key)))
    return None


def ask_one(_session: Session, facts: Facts) -> Say:
    _, found = facts.words, facts[OneOutcome]
    rows = ((Choice("list", _("What else changed")),), (Choice("/home", _("Home"), aside=True),))
    if found.outcome is None:
        return Say(_("That one isn't here any more."), rows=rows, replaces=True)
    return replace(told(found.outcome, found.answers, facts), rows=rows, replaces=True)


def take_one(session: Session, event: Event, _facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key == "list":
        return Turn(session.to("changed.list"))
    return None


def _line(outcome: Outcome, changed: Changed, facts: Facts) -> str:
    _ = facts.words
    title = title_of(outcome.about, _)
    date = _.dated(outcome.published) if outcome.published else ""
    if outcome.id in changed.mine:
        return _("{title}, {date}. You took part.", title=title, date=date)
    return _("{title}, {date}.", title=title, date=date)


STEPS = (
    Step("changed.list", ask_list, take_list, needs=(Changed, NewsThere)),
    Step("changed.one", ask_one, take_one, needs=(OneOutcome,)),
)
OPENINGS = (Opening("changed", open_changed),)
