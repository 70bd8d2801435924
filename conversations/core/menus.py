"""Where a command is offered, and in which words. Places order what is offered, and leave room between them."""

from collections.abc import Callable
from typing import Literal

from conversations.core.facts import Facts
from conversations.core.record import record

# Whom a menu is for: a young person who has joined, one who has not, both of them, or staff.
Reader = Literal["joined", "stranger", "everybody", "staff"]


@record
class Line:
    """What a chat shows beside the command in its own list of commands."""

    place: int
    text: str


@record
class HelpLine:
    """A line of /help, for those who may give the command."""

    place: int
    to: Reader
    text: str


@record
class HomeButton:
    """A button at home, for those who may give the command. `label` is a sentence, or is made of the facts in `needs`
    ("": no button now); without one it is the command's own. `argument` is what is asked for with the command.
    """

    row: int
    to: Literal["joined", "staff"]
    column: int = 1
    label: str | Callable[[Facts], str] | None = None
    needs: tuple[type, ...] = ()
    argument: str = ""
