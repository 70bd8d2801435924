"""A kind of message that goes out by itself: one record says what it is called, what it says, and how it travels."""

from collections.abc import Callable
from typing import Any, Literal

from conversations.core.engine import Needs
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Say, Session
from conversations.core.record import record

# A broadcast keeps quiet hours, and whoever stopped messages does not get it; an alert does neither.
Lane = Literal["alert", "broadcast", "progress"]


@record
class Broadcast:
    """How a kind of message that goes to many reads for the team that sent it; its sentences are marked with `N_`.

    `title` names what one is about, from what storage looks up for it. `sent` is its line in /sent, with {moment};
    `going_out` and `gone_out` stand over its progress, with {title}. `bundled`: it waits for the weekly message, and is
    taken along by others; what asks somebody something goes alone. `opens` is the command that shows it in full there, with {about}; none: its first button's.
    """

    title: Callable[[Any, Words], str]
    sent: str
    going_out: str
    gone_out: str
    bundled: bool = True
    opens: str = ""


@record
class MessageKind:
    """`name` is stored with each message: it stays. `note` is the name under which what it is about stands in the
    session that `needs` are loaded by. `build` gives None where there is nothing to say any more: then nothing is sent.

    A kind that has a `broadcast` goes to many: storage says to whom (storage/broadcasts/recipients.py). After an older
    database was put in place those are held, `asked_once` is not asked again, and all others go on.
    """

    name: str
    note: str
    needs: Needs
    build: Callable[[Session, Facts], Say | None]
    lane: Lane = "alert"
    broadcast: Broadcast | None = None
    asked_once: bool = False


MessageKinds = tuple[MessageKind, ...]
