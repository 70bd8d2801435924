"""What somebody did: the five things that can reach a conversation."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from conversations.consultations.form import Form
from conversations.core.record import record

# Kinds of things that a person may send and that Heard cannot read.
Unreadable = Literal["voice", "photo", "video", "sticker", "file", "location", "contact", "other"]


@record
class Said:
    """A message in words. `visit` is the asking that a page's field belonged to; a chat knows none. `message` is
    the door's own reference to it, where it can be edited.
    """

    text: str
    visit: int | None = None
    message: str = ""


@record
class Edited:
    """An earlier message, changed afterwards. `message` is what it was when it was said."""

    text: str
    message: str


@record
class Chose:
    """A button. `visit` says which asking of the question it belongs to: an old button answers nothing."""

    visit: int
    key: str


@record
class Asked:
    """A command, at any moment: `Asked("say")`, `Asked("start", "j_BUSES")`."""

    command: str
    argument: str = ""


@record
class Problem:
    """One thing that a workbook has and that Heard does not read: where it is and what to do about it.

    `words` is a message of the catalogue and `values` fill it in, so that it can be said in any language.
    """

    sheet: str
    row: int
    column: str
    words: str
    values: Mapping[str, str] = field(default_factory=dict)


@record
class Workbook:
    """What was read of an XLSForm workbook: a form, or every problem at once. Never both."""

    form: Form | None
    problems: tuple[Problem, ...] = ()


@record
class SafePicture:
    """A picture that staff sent: a JPEG made anew, with nothing in it but what can be seen; or, in words of the
    catalogue, why there is none.
    """

    content: bytes = field(default=b"", repr=False)
    problem: str = ""


@record
class Sent:
    """Something that is not words. A worker's workbook, and a picture that was asked for, arrive already read;
    the rest only as its kind.
    """

    kind: Unreadable
    caption: str = ""
    workbook: Workbook | None = None
    picture: SafePicture | None = None


Event = Said | Edited | Chose | Asked | Sent
