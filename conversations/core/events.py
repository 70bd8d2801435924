"""What somebody did: the five things that can reach a conversation."""

from dataclasses import field
from typing import Literal

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


class ReadFile:
    """What was made, before the turn, of a file that somebody may send: a workbook, a picture."""

    __slots__ = ()


@record
class SafePicture(ReadFile):
    """A picture that staff sent: a JPEG made anew, with nothing in it but what can be seen; or, in words of the
    catalogue, why there is none.
    """

    content: bytes = field(default=b"", repr=False)
    problem: str = ""


@record
class Sent:
    """Something that is not words. A file that the step waits for arrives already read; the rest only as its kind."""

    kind: Unreadable
    caption: str = ""
    file: ReadFile | None = None


Event = Said | Edited | Chose | Asked | Sent
