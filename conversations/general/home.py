"""Home: a button for every command."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal

from conversations.consultations.consultation import OpenCount
from conversations.consultations.respond.choose import nothing_open
from conversations.core.engine import Command, Needs, Step, Turn
from conversations.core.events import Asked, Event
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.core.messages import Choice, Row, Say, Session


def _ask_home(facts: Facts, rows: tuple[Row, ...]) -> Say:
    _ = facts.words
    if facts.person.is_staff:
        return Say(_("What would you like to do?"), rows=rows, expects="words", replaces=True)
    waiting = facts[OpenCount]
    if waiting.open:
        text = _.many(
            "You can have your say on {n} thing now.",
            "You can have your say on {n} things now.",
            waiting.open,
        )
    else:
        text = nothing_open(facts)
    return Say(text, rows=rows, expects="words", replaces=True)


def take_home(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    # Every button at home is a command, and commands run before a step's `take`.
    return None


def open_home(session: Session, _asked: Asked, facts: Facts) -> Turn:
    """/home. Once a year it asks the age first, because people grow."""
    return Turn(session.goto("join.age" if facts.person.age_is_due else "home"))


def home_rows(commands: Iterable[Command], facts: Facts) -> tuple[Row, ...]:
    """The home buttons of the commands that this person may use."""
    to = "staff" if facts.person.is_staff else "joined"
    offered = [
        (button, command)
        for command in commands
        if facts.person.may(command.right)
        for button in command.home
        if button.to == to
    ]
    offered.sort(key=lambda one: (one[0].row, one[0].column))
    rows = (tuple(_choices(row, facts)) for _row, row in groupby(offered, key=lambda one: one[0].row))
    return tuple(row for row in rows if row)


def _choices(row: Iterable[tuple[HomeButton, Command]], facts: Facts) -> Iterator[Choice]:
    for button, command in row:
        label = button.label or command.label
        text = facts.words(label) if isinstance(label, str) else label(facts)
        if text:
            yield Choice(f"/{command.word} {button.argument}".rstrip(), text)


def home_needs(commands: Iterable[Command], to: Literal["joined", "staff"]) -> Needs:
    """The facts that the home buttons need."""
    buttons = (button for command in commands for button in command.home if button.to == to)
    return tuple(dict.fromkeys(fact for button in buttons for fact in button.needs))


def steps(commands: Sequence[Command]) -> tuple[Step, ...]:
    """The step at home, with buttons for these commands."""

    def ask(_session: Session, facts: Facts) -> Say:
        return _ask_home(facts, home_rows(commands, facts))

    needs = dict.fromkeys((OpenCount, *home_needs(commands, "joined"), *home_needs(commands, "staff")))
    return (Step("home", ask, take_home, needs=tuple(needs)),)


COMMANDS = (
    Command(
        "home",
        open_home,
        label=N_("Home"),
        page=10,
        help=(HelpLine(120, "staff", N_("· /home: back to the start, from anywhere.")),),
    ),
)
