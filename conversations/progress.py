"""How far something told to many is, for the worker who sent it: one message that is written anew."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from conversations.consultations import Consultation
from conversations.facts import Facts
from conversations.form_words import form_words
from conversations.speech import Say, Session
from conversations.words import Words


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something told to many is, in people. `on_pages` waits on the web page until it is opened, and `held` until a person decides.

    `a_second` is how many left lately, `queued` whether everybody has a place in the queue, and `goes_on`
    the end of the quiet hours that it waits for.
    """

    kind: str
    consultation: Consultation | None
    sent: int
    waiting: int
    failed: int = 0
    unreachable: int = 0
    unknown: int = 0
    held: int = 0
    on_pages: int = 0
    a_second: float = 0
    queued: bool = True
    goes_on: datetime | None = None

    @property
    def everybody(self) -> int:
        return (
            self.sent
            + self.waiting
            + self.failed
            + self.unreachable
            + self.unknown
            + self.held
            + self.on_pages
        )


@dataclass(frozen=True, slots=True)
class HowFar:
    """The progress of the broadcast that the note names; None where it is gone."""

    progress: Progress | None


def say_progress(_session: Session, facts: Facts) -> Say | None:
    """How many have it, how many do not, and how long the rest takes. Only staff are told."""
    _, progress = facts.words, facts[HowFar].progress
    if progress is None or not facts.person.is_staff:
        return None
    return Say("\n".join(_counts(progress, _)), heading=_progress_heading(progress, facts))


def _progress_heading(progress: Progress, facts: Facts) -> str:
    _, about = facts.words, progress.consultation
    title = form_words(about.form, _).title if about else ""
    done = progress.queued and not progress.waiting
    if progress.kind == "outcome":
        if done:
            return _("{title}: the outcome has gone out", title=title)
        return _("{title}: the outcome is going out", title=title)
    if done:
        return _("{title}: everybody has been asked", title=title)
    return _("{title}: people are being asked", title=title)


def _counts(progress: Progress, _: Words) -> Iterator[str]:
    yield _.many(
        "{sent} of {n} person has it.",
        "{sent} of {n} people have it.",
        progress.everybody,
        sent=progress.sent,
    )
    if progress.on_pages:
        yield _.many(
            "{n} person sees it on the web page, when they open it.",
            "{n} people see it on the web page, when they open it.",
            progress.on_pages,
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
    if progress.held:
        yield _.many(
            "{n} message is held: /held.",
            "{n} messages are held: /held.",
            progress.held,
        )
    if progress.failed:
        yield _.many("{n} message was refused.", "{n} messages were refused.", progress.failed)
    yield from _time_left(progress, _)


def _time_left(progress: Progress, _: Words) -> Iterator[str]:
    if not progress.waiting:
        return
    if progress.goes_on:
        yield _("It's quiet time. The rest goes out from {when}.", when=_.moment(progress.goes_on))
    elif progress.a_second:
        minutes = math.ceil(progress.waiting / progress.a_second / 60)
        yield _.many("About {n} minute left.", "About {n} minutes left.", minutes)
