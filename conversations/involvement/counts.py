"""How many people chose each way to be involved. Young reviewers see them with small numbers hidden."""

from conversations.core.engine import Step, Turn
from conversations.core.events import Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.involvement.facts import WayCounts
from conversations.involvement.ways import WAYS, Way
from conversations.results.visibility import sees_true
from conversations.team.rights import Rights


def ask_ways(_session: Session, facts: Facts) -> Say:
    _, counts = facts.words, facts[WayCounts].counts
    most_wanted = sorted(WAYS, key=lambda way: -counts.get(way.key, 0))
    lines = [f"· {_line(way, counts.get(way.key, 0), facts)}" for way in most_wanted]
    if not sees_true(facts.person):
        lines += ["", _("These are not live: each month I count again, and show it if enough has changed.")]
    text = "\n".join(
        (*lines, "", _("They choose under /ways, and can change it any time. I don't tell who chose what."))
    )
    rows: tuple[Row, ...] = ((Choice("/results", _("Results")), Choice("/home", _("Home"), aside=True)),)
    return Say(text, heading=_("Ways they chose"), rows=rows, replaces=True)


def take_ways(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    # All its buttons are commands.
    return None


def _line(way: Way, people: int, facts: Facts) -> str:
    _, smallest = facts.words, facts.rules.small_number
    if sees_true(facts.person):
        return _.many("{title}: {n} person", "{title}: {n} people", people, title=way.name(_))
    if people < smallest:
        return _("{title}: fewer than {n} people", title=way.name(_), n=smallest)
    # Rounded down to steps, because two exact counts that differ by one would reveal one person's choice.
    return _("{title}: {n} people or more", title=way.name(_), n=people - people % smallest)


STEPS = (Step("results.ways", ask_ways, take_ways, needs=(WayCounts,), right=Rights.SEE_RESULTS),)
