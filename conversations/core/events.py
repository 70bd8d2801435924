"""The five kinds of event that can reach a conversation."""

from typing import Literal

from conversations.core.record import Private, Record

# Kinds of content that people may send and Heard cannot read.
Unreadable = Literal["voice", "photo", "video", "sticker", "file", "location", "contact", "other"]
# Why words may not be meant for the current question: they were written before anybody saw it, they reply to another
# message of ours, or somebody passes on what they did not write.
Elsewhere = Literal["early", "reply", "forwarded"]


class Said(Record):
    """A text message. `visit` is the visit that a page's field belonged to; a chat has none. `message` is the channel's
    reference to it, if it can be edited. `quoted` is what it quotes of somebody else's: no answer, but it may hold a sign.
    `replies_to` is the reference of our message that it replies to. `elsewhere` says why it may not be meant for the
    current question.
    """

    text: str
    visit: int | None = None
    message: str = ""
    quoted: str = ""
    replies_to: str = ""
    elsewhere: Elsewhere | None = None


class Edited(Record):
    """An edit of an earlier message. `message` is the same reference as in its `Said`."""

    text: str
    message: str


class Chose(Record):
    """A tap on a button. `visit` is the visit that the button belongs to; an old button answers nothing."""

    visit: int
    key: str


class Asked(Record):
    """A command, at any moment: `Asked("say")`, `Asked("start", "j_BUSES")`. `by_link`: a link or its page's button gave
    it; nobody typed it.
    """

    command: str
    argument: str = ""
    by_link: bool = False


class ReadFile(Record):
    """An uploaded file, parsed before the turn: a workbook, a picture."""


class SafePicture(ReadFile):
    """A picture that staff sent, re-encoded as a JPEG without metadata; or a catalogue message that says why it was
    rejected.
    """

    content: Private[bytes] = b""
    problem: str = ""


class Sent(Record):
    """Anything but text. A file that the step expects arrives parsed; of anything else only the kind, the caption and
    the file's name arrive.
    """

    kind: Unreadable
    caption: str = ""
    file: ReadFile | None = None
    name: str = ""


Event = Said | Edited | Chose | Asked | Sent
