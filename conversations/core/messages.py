"""Messages as text and buttons, independent of how a chat or a page draws them.

Messages wait in the outbox as JSON: a field's stored name stays, and so does the order of the fields that are stored as
a list (`array_like`).
"""

import re
from collections.abc import Mapping
from typing import Literal

from conversations.core.record import Record, field

Scalar = str | int | bool | None
Note = Scalar | tuple[Scalar, ...]

# The input that a question accepts besides its buttons. A page draws the matching field; a chat takes what is typed.
# With "words", the buttons are the answers, and typed words may name one of them.
Expects = Literal["nothing", "words", "text", "number", "workbook", "picture"]


class Choice(Record, array_like=True, tag="choice"):
    """A button. `key` is short and never a form's name; `ticked` is None if it is not a checkbox.

    `aside` marks navigation (Back, Skip, Stop), drawn quieter than answers. `chosen` marks an item that is already on
    the person's list; a tap opens it instead of ticking it.
    """

    key: str
    label: str
    ticked: bool | None = None
    aside: bool = False
    chosen: bool = False


class Link(Record, array_like=True, tag="link"):
    """A button that opens an address: a page, or a call (tel:) or text message (sms:) on a channel that dials.

    `line` is the line of the text that it stands for. A page shows it large in the place of that line.
    """

    label: str
    address: str
    line: str = ""

    @property
    def anchor(self) -> str:
        """A name for it within a page: "tel-999"."""
        return re.sub(r"[^0-9A-Za-z]+", "-", self.address.partition("?")[0]).strip("-")


class Attachment(Record, array_like=True):
    """A file or picture that is drawn when the message is sent: its name and what it is about."""

    name: str
    about: Mapping[str, Scalar]
    described: str = ""  # alt text, for people who cannot see the picture


Row = tuple[Choice | Link, ...]


class Say(Record, omit_defaults=True):
    """One message: plain text (never markup), with the rows of buttons under it.

    A line that begins with "· " is a list item, one that begins with "1. " a numbered item; an empty line separates
    paragraphs. `progress` is (2, 5) for "2 of 5". `replaces`: the message may replace the one whose button was tapped.
    `ephemeral`: it shows what somebody else wrote, so a page drops it once its reader goes on. `badge` is a label above
    it: "Preview". `shown_once` holds lines that are shown only now: a return code, a link. `draft` prefills a page's
    field. `repeats_answer` names the answers that it repeats (see `quote_of`), so that it is erased with them.

    The engine fills in the rest. `visit` is the visit that its buttons belong to. `language` is the language of the
    text, unless the step set it. `is_validation`: it comments on what was just sent, and the same question follows; a
    page shows it within that question.
    """

    text: str
    heading: str = ""
    badge: str = ""
    shown_once: str = field(default="", name="secret")
    draft: str = ""
    repeats_answer: str = ""
    progress: tuple[int, int] | None = None
    rows: tuple[Row, ...] = ()
    expects: Expects = "nothing"
    replaces: bool = False
    ephemeral: bool = False
    attachment: Attachment | None = field(default=None, name="paper")
    visit: int = 0
    language: str = ""
    is_validation: bool = field(default=False, name="remark")

    @property
    def whole(self) -> str:
        """The text without the heading, followed by what is shown only once."""
        return "\n\n".join(filter(None, (self.text, self.shown_once)))

    @property
    def is_short(self) -> bool:
        """Whether it fits within the question that it comments on."""
        return not (self.heading or self.rows or self.attachment) and len(self.text) <= REMARK_MOST


REMARK_MOST = 300  # letters: more is a message of its own
EVERYTHING = "*"


def quote_of(consultation: int, question: str = EVERYTHING) -> str:
    """The reference for a message that repeats somebody's answer to one question of a consultation, or to all."""
    return f"{consultation}:{question}"


class Session(Record):
    """A person's place in the conversation. Notes are references (ids, places in a list), never free text."""

    step: str
    visit: int = 0
    notes: Mapping[str, Note] = field(default_factory=dict)

    def goto(self, step: str, **notes: Note) -> "Session":
        """Starts a new visit to a step, with only these notes. The buttons of the previous visit expire."""
        return Session(step, self.visit + 1, notes)

    def with_notes(self, **notes: Note) -> "Session":
        """Adds notes and stays in this visit; its buttons still work."""
        return Session(self.step, self.visit, {**self.notes, **notes})

    def number(self, name: str) -> int:
        """A numeric note: an id, or a place in a list. Raises KeyError if it is missing."""
        value = self.notes[name]
        if not isinstance(value, int):
            raise KeyError(name)
        return value
