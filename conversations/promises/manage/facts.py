"""Facts for the steps and messages about promises."""

from datetime import date

from conversations.core.record import Record
from conversations.outcomes.history import Change, Move
from conversations.outcomes.outcome import About, Outcome, Part
from conversations.promises.promise import Promise


class AllPromises(Record):
    """Every open promise, soonest first."""

    promises: tuple[Promise, ...]


class OnePromise(Record):
    """The promise that the session's notes name; None if it is already kept, or gone."""

    promise: Promise | None


class OneMove(Record):
    """The postponement that the note `move` names, and the current promise; None if it is kept, or gone."""

    move: Move | None
    promise: Promise | None


class OneChange(Record):
    """The status change that the note `change` names; None if it is gone, or outdated by another change. `due` is the
    day by which a consultation is answered; for a part, `outcome` and `part` are set.
    """

    change: Change | None
    about: About | None = None
    due: date | None = None
    outcome: Outcome | None = None
    part: Part | None = None
