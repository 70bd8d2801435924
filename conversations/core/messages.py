"""What Heard says: words and buttons, with nothing of how a chat or a page draws them."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from conversations.core.record import record

Scalar = str | int | bool | None
Note = Scalar | tuple[Scalar, ...]

# What the question waits for beside its buttons. A page draws the right field; a chat takes what is typed. Where
# "words" will do, the buttons are the answers, and words may stand for one of them.
Expects = Literal["nothing", "words", "text", "number", "workbook", "picture"]


@record
class Choice:
    """A button. `key` is short and never a form's name; `ticked` is None where there is nothing to tick.

    `aside` marks the ways around a question (Back, Skip, Stop), drawn quieter than answers. `chosen` marks what
    is on somebody's list already, where a tap opens it and ticks nothing.
    """

    key: str
    label: str
    ticked: bool | None = None
    aside: bool = False
    chosen: bool = False


@record
class Link:
    """A button that opens an address."""

    label: str
    address: str


@record
class Attachment:
    """A file or picture that is drawn when the message is sent: its name and what it is about."""

    name: str
    about: Mapping[str, Scalar]
    described: str = ""  # what a picture shows, in words, for those who cannot see it


Row = tuple[Choice | Link, ...]


@record
class Say:
    """One message: plain text (never markup), with the rows of buttons under it.

    A line that begins with "· " is an item of a list, one that begins with "1. " of a numbered list; an
    empty line parts paragraphs. `progress` is (2, 5) for "2 of 5". `replaces` lets it take the place of the
    message whose button was tapped. `ephemeral` holds what somebody else wrote: a page keeps it only until its
    reader goes on. `badge` is a word that stands over it: "Preview". `shown_once` are lines that are
    shown this once: a return code, a link. `draft` is what a page's field holds to begin with, and `repeats_answer` names
    the answers that it repeats (see `quote_of`), so that it goes with them.

    The engine fills in the rest: `visit` is the asking that its buttons belong to, `language` the one that it is
    written in, where a step did not. `is_validation`: it is about what was just sent, where the same question is asked
    again: a page puts it into that question.
    """

    text: str
    heading: str = ""
    badge: str = ""
    shown_once: str = ""
    draft: str = ""
    repeats_answer: str = ""
    progress: tuple[int, int] | None = None
    rows: tuple[Row, ...] = ()
    expects: Expects = "nothing"
    replaces: bool = False
    ephemeral: bool = False
    attachment: Attachment | None = None
    visit: int = 0
    language: str = ""
    is_validation: bool = False

    @property
    def whole(self) -> str:
        """All its words but the heading, with what is shown only this once."""
        return "\n\n".join(filter(None, (self.text, self.shown_once)))


EVERYTHING = "*"


def quote_of(consultation: int, question: str = EVERYTHING) -> str:
    """What repeats somebody's answer to one question of a consultation, or to all of them."""
    return f"{consultation}:{question}"


@record
class Session:
    """Where somebody is. Notes are references (ids, places in a list), never free text."""

    step: str
    visit: int = 0
    notes: Mapping[str, Note] = field(default_factory=dict)

    def goto(self, step: str, **notes: Note) -> "Session":
        """Enter a step anew, with these notes and no others. Buttons of the step left are over."""
        return Session(step, self.visit + 1, notes)

    def with_notes(self, **notes: Note) -> "Session":
        """Stay at this asking, with something more noted; its buttons still count."""
        return Session(self.step, self.visit, {**self.notes, **notes})

    def number(self, name: str) -> int:
        """A note that is a number: an id, or a place in a list. A missing one is a KeyError."""
        value = self.notes[name]
        if not isinstance(value, int):
            raise KeyError(name)
        return value
