"""The numbers of issues by theme and area: true counts, for the team."""

from collections.abc import Iterator

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.themes import theme_names
from conversations.issues.facts import IssueCounts


def ask_counts(_session: Session, facts: Facts) -> Say:
    _, raised = facts.words, facts[IssueCounts]
    lines = [*_count_lines(raised, _)] or [_("Nothing was raised.")]
    heading = _.many("In the last {n} day", "In the last {n} days", raised.days)
    return Say("\n".join(lines), heading=heading, rows=(_ways_out(facts.words),), replaces=True)


def take_counts(session: Session, event: Event, _facts: Facts) -> Turn | None:
    return Turn(session.goto("inbox.list")) if isinstance(event, Chose) and event.key == "list" else None


def _count_lines(raised: IssueCounts, _: Words) -> Iterator[str]:
    names = theme_names(_)
    for heap in raised.heaps:
        where = _.comma_list(_("{area} {n}", area=area, n=n) for area, n in heap.areas.items() if area)
        values = {"theme": names.get(heap.theme, heap.theme), "n": heap.issues, "waiting": heap.waiting}
        if where:
            line = _("{theme}: {n}, of which {waiting} wait ({where})", where=where, **values)
        else:
            line = _("{theme}: {n}, of which {waiting} wait", **values)
        yield f"· {line}"


def _ways_out(_: Words) -> Row:
    return (Choice("list", _("Back to the inbox"), aside=True), Choice("/home", _("Home"), aside=True))
