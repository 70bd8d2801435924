"""Promises to young people, with the rules for reminders and postponements."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import regex

from conversations.core.config import Rules, morning
from conversations.core.i18n import N_
from conversations.core.messages import Note
from conversations.core.record import Record
from conversations.outcomes.history import Change, Move
from conversations.outcomes.outcome import About, Decision, Outcome, Part, Subject

PromiseKind = Literal["consultation", "part"]

REASON_MOST = 500  # letters

TO_COME = N_("Choose a day after today.")
NOT_LATER = N_("That isn't later than what was promised. You can always answer sooner.")
NO_REASON = N_(
    "That isn't a reason yet. Say in a few words what takes longer, as you would to somebody who waits for it."
)
TOO_LONG = N_("That is too long for one message. Say it in {most} letters.")

_BEFORE, _WEEK = timedelta(days=3), timedelta(days=7)

# The statuses that a part can change to. *did* and *can't* are final.
NEXT_STATUSES: Mapping[Decision | None, tuple[Decision, ...]] = {
    "will": ("doing", "did", "cant"),
    "doing": ("did", "cant"),
}


class PromiseRef(Record):
    """A reference to a promise: the answer to a consultation, or a part of an outcome, by its id."""

    kind: PromiseKind
    id: int

    @property
    def note(self) -> dict[str, Note]:
        """The reference for a session's notes."""
        return {self.kind: self.id}

    @property
    def key(self) -> str:
        """The reference for a button's key; for a consultation just its id."""
        return str(self.id) if self.kind == "consultation" else f"{self.kind} {self.id}"


class Promise(Record):
    """An open promise with its due day. `outcome` and `part` are set if it is a part of an outcome; `changes` are its
    status changes.
    """

    of: PromiseRef
    about: About
    due: date
    moves: tuple[Move, ...] = ()
    changes: tuple[Change, ...] = ()
    outcome: Outcome | None = None
    part: Part | None = None

    @property
    def language(self) -> str:
        """The language for texts about it."""
        return self.outcome.language if self.outcome else self.about.language

    @property
    def subject(self) -> Subject:
        return self.about.subject

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed, on the team's calendar."""
        return self.due < today


def soonest_first(promises: tuple[Promise, ...]) -> tuple[Promise, ...]:
    return tuple(sorted(promises, key=lambda one: (one.due, one.of.kind, one.of.id)))


def overdue(promises: tuple[Promise, ...], today: date) -> tuple[Promise, ...]:
    """The overdue promises; the public page lists them until they are kept."""
    return tuple(promise for promise in promises if promise.is_overdue(today))


# --- the clock ------------------------------------------------------------------------------------


def latest_reminder(due: date, now: datetime, rules: Rules) -> str | None:
    """The latest reminder due by now: "soon" three days before, "today", then "late1", "late2" each week. After
    downtime only this one is sent, not every one that was missed.
    """
    latest = None
    for name, at in _reminders(due, rules):
        if at > now:
            break
        latest = name
    return latest


def next_reminder(due: date, now: datetime, rules: Rules) -> datetime:
    """The time of the next reminder, in UTC: in the morning, and never in quiet hours."""
    return next(at for _name, at in _reminders(due, rules) if at > now)


def _reminders(due: date, rules: Rules) -> Iterator[tuple[str, datetime]]:
    yield "soon", morning(due - _BEFORE, rules)
    yield "today", morning(due, rules)
    weeks = 1
    while True:
        yield f"late{weeks}", morning(due + weeks * _WEEK, rules)
        weeks += 1


# --- a reason -------------------------------------------------------------------------------------

# Filler words. A text made only of these is not a reason.
_NONE = """
    because delay delayed delays late later nothing none postponed reason same since some still test that there they this
    unknown very will asdf · brak jest nie ponieważ później powód powodu opóźnienie · لأن سبب السبب بسبب تأخير
"""
_NOT_A_REASON = frozenset(_NONE.split())
_WORD = regex.compile(r"[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*")


def reason_in(text: str) -> str | None:
    """The reason in a text, on one line; None if it gives none: "no", "-", "Reason: reason"."""
    line = " ".join(text.split())
    words = _WORD.findall(line.casefold())
    tells = any(len(word) > 3 and word not in _NOT_A_REASON for word in words)
    return line if tells and len(set(words)) > 1 else None
