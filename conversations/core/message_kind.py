"""Kinds of unprompted messages: one record gives a kind's name, its content and how it is delivered."""

from collections.abc import Callable
from typing import Any, Literal

from conversations.core.engine import Needs
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Say, Session
from conversations.core.record import Record

# Broadcasts respect quiet hours and skip people who opted out of messages; alerts do neither.
Lane = Literal["alert", "broadcast", "progress"]


class Broadcast(Record):
    """How the team sees a kind of broadcast; its sentences are marked with `N_`.

    `title` names a broadcast from what storage looks up about it. `sent` is its line in /sent, with {moment};
    `going_out` and `gone_out` are the headings of its progress, with {title}. `bundled`: it can wait for the weekly
    message or join another one; a kind that asks a question goes alone. `opens` is the command, with {about}, that
    opens it from a bundle; without it, its first button's command does.
    """

    title: Callable[[Any, Words], str]
    sent: str
    going_out: str
    gone_out: str
    bundled: bool = True
    opens: str = ""


class MessageKind(Record):
    """`name` never changes, because each message stores it. `note` names the session note that holds the message's
    subject when `needs` are loaded. `build` returns None if there is nothing left to say; then nothing is sent.

    A kind with a `broadcast` has many recipients, chosen in storage/broadcasts/recipients.py. After a restore these are
    held, `asked_once` kinds are not asked again, and all others go on.
    """

    name: str
    note: str
    needs: Needs
    build: Callable[[Session, Facts], Say | None]
    lane: Lane = "alert"
    broadcast: Broadcast | None = None
    asked_once: bool = False


MessageKinds = tuple[MessageKind, ...]
