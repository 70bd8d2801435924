"""The menu entries of a command. Entries are sorted by `place`, with gaps so that new ones fit between."""

from collections.abc import Callable
from typing import Literal

from conversations.core.facts import Facts
from conversations.core.record import Record

# The readers of a menu: young people who have joined, those who have not, both, or staff.
MenuReader = Literal["joined", "stranger", "everybody", "staff"]


class ChatLine(Record):
    """The description of a command in a chat's own command list."""

    place: int
    text: str


class HelpLine(Record):
    """A line of /help, for people who may use the command."""

    place: int
    to: MenuReader
    text: str


class HomeButton(Record):
    """A button at home, for people who may use the command. `label` is a sentence, or a function of the facts in
    `needs` ("" hides the button); without it, the command's own label is used. `argument` goes with the command.
    """

    row: int
    to: Literal["joined", "staff"]
    column: int = 1
    label: str | Callable[[Facts], str] | None = None
    needs: tuple[type, ...] = ()
    argument: str = ""
