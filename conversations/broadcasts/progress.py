"""The delivery progress of a broadcast, shown to the worker who sent it in one message that is updated."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.message_kind import Broadcast
from conversations.core.messages import Choice, Say, Session
from conversations.core.record import Record


class Progress(Record):
    """The delivery progress of a broadcast, counted in recipients.

    `about` is the input for the `title` of its broadcast; None if its subject is gone. `read` have seen it on the web
    page, and for `on_pages` it waits there. `held` wait for somebody to release them; if the broadcast is `stopped`, so
    do recipients who are not queued yet. `weekly` get it with their weekly message.

    `a_second` is the recent sending rate. `queued` says that every recipient is in the queue. `goes_on` is when the
    quiet hours end, if it waits for that.
    """

    broadcast: Broadcast
    about: Any
    sent: int
    waiting: int
    failed: int = 0
    unreachable: int = 0
    unknown: int = 0
    read: int = 0
    on_pages: int = 0
    held: int = 0
    a_second: float = 0
    queued: bool = True
    stopped: bool = False
    goes_on: datetime | None = None
    weekly: int = 0

    @property
    def everybody(self) -> int:
        arrived, later = self.sent + self.read, self.on_pages + self.weekly + self.held
        return arrived + self.waiting + self.failed + self.unreachable + self.unknown + later

    @property
    def doubtful(self) -> int:
        """Messages that may be resent: their delivery failed, or its result is unknown."""
        return self.unknown + self.failed


class OneProgress(Record):
    """The progress of the broadcast that the note names; None if it is gone."""

    progress: Progress | None


def say_progress(session: Session, facts: Facts) -> Say | None:
    """How many people have it, how many do not, and how long the rest takes. Only staff see this."""
    _, progress = facts.words, facts[OneProgress].progress
    if progress is None or not facts.person.is_staff:
        return None
    rows = ((Choice(f"/sent {session.number('broadcast')}", _("How far it is now")),),)
    return Say("\n".join(count_sentences(progress, _)), heading=_progress_heading(progress, facts), rows=rows)


def _progress_heading(progress: Progress, facts: Facts) -> str:
    _ = facts.words
    done = progress.queued and not progress.waiting and not progress.held
    heading = progress.broadcast.gone_out if done else progress.broadcast.going_out
    if done and not progress.everybody:
        heading = N_("{title}: it reached nobody")
    return _(heading, title=title_of(progress, _) or "…")


def title_of(progress: Progress, _: Words) -> str:
    """The title of the broadcast; empty if its subject is gone."""
    return progress.broadcast.title(progress.about, _) if progress.about else ""


def count_sentences(progress: Progress, _: Words) -> Iterator[str]:
    """First how many people have it, then one sentence for each other delivery result."""
    yield _.many(
        "{sent} of {n} person has it.",
        "{sent} of {n} people have it.",
        progress.everybody,
        sent=progress.sent + progress.read,
    )
    if progress.read:
        yield _.many(
            "{n} of them read it on the web page.", "{n} of them read it on the web page.", progress.read
        )
    if progress.on_pages:
        yield _.many(
            "{n} person sees it on the web page, when they open it.",
            "{n} people see it on the web page, when they open it.",
            progress.on_pages,
        )
    if progress.weekly:
        yield _.many(
            "{n} person gets it with their weekly message.",
            "{n} people get it with their weekly message.",
            progress.weekly,
        )
    if progress.unreachable:
        yield _.many(
            "{n} person can't be reached any more.",
            "{n} people can't be reached any more.",
            progress.unreachable,
        )
    if progress.unknown:
        yield _.many(
            "{n} message may have arrived, or not. I don't send it twice.",
            "{n} messages may have arrived, or not. I don't send them twice.",
            progress.unknown,
        )
    if progress.failed:
        yield _.many("{n} message was refused.", "{n} messages were refused.", progress.failed)
    if progress.held:
        yield _.many(
            "{n} message is held, until one of you sends it.",
            "{n} messages are held, until one of you sends them.",
            progress.held,
        )
    if progress.stopped and not progress.queued:
        yield _("Some are not in the queue yet. They get a place when it is sent.")
    yield from _time_left(progress, _)


def _time_left(progress: Progress, _: Words) -> Iterator[str]:
    if not progress.waiting:
        return
    if progress.goes_on:
        yield _("It's quiet time. The rest goes out from {when}.", when=_.date_time(progress.goes_on))
    elif progress.a_second:
        minutes = math.ceil(progress.waiting / progress.a_second / 60)
        yield _.many("About {n} minute left.", "About {n} minutes left.", minutes)
