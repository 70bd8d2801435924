"""What Heard says: words and buttons, with nothing of how a chat or a page draws them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Scalar = str | int | bool | None
Note = Scalar | tuple[Scalar, ...]

# What the question waits for beside its buttons. A page draws the right field; a chat takes what is typed.
Expects = Literal["nothing", "text", "number", "workbook", "picture"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. `key` is short and never a form's name; `ticked` is None where there is nothing to tick.

    `aside` marks the ways around a question (Back, Skip, Stop), drawn quieter than answers.
    """

    key: str
    label: str
    ticked: bool | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file or picture that is drawn when the message is sent: a named paper and what it is about."""

    name: str
    about: Mapping[str, Scalar]
    described: str = ""  # what a picture shows, in words, for those who cannot see it


Row = tuple[Choice | Link, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """One message: plain text (never markup), with the rows of buttons under it.

    A line that begins with "· " is an item of a list, one that begins with "1. " of a numbered list; an
    empty line parts paragraphs. `progress` is (2, 5) for "2 of 5". `replaces` lets it take the place of the
    message whose button was tapped. `visit` is the asking that its buttons belong to; the engine fills it in, and
    `language`, the one that it is written in, where a step did not.
    """

    text: str
    heading: str = ""
    progress: tuple[int, int] | None = None
    rows: tuple[Row, ...] = ()
    expects: Expects = "nothing"
    replaces: bool = False
    paper: Paper | None = None
    visit: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """Where somebody is. Notes are references (ids, places in a list), never free text."""

    step: str
    visit: int = 0
    notes: Mapping[str, Note] = field(default_factory=dict)

    def to(self, step: str, **notes: Note) -> "Session":
        """Enter a step anew, with these notes and no others. Buttons of the step left are over."""
        return Session(step, self.visit + 1, notes)

    def noting(self, **notes: Note) -> "Session":
        """Stay at this asking, with something more noted; its buttons still count."""
        return Session(self.step, self.visit, {**self.notes, **notes})

    def number(self, name: str) -> int:
        """A note that is a number: an id, or a place in a list. A missing one is a KeyError."""
        value = self.notes[name]
        if not isinstance(value, int):
            raise KeyError(name)
        return value
