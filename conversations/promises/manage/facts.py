"""What the steps and messages about promises may know."""

from datetime import date

from conversations.core.record import record
from conversations.outcomes.history import Change, Move
from conversations.outcomes.outcome import About, Outcome, Part
from conversations.promises.promise import Promise


@record
class AllPromises:
    """Every promise that is not kept yet, the soonest first."""

    promises: tuple[Promise, ...]


@record
class OnePromise:
    """The promise that the session's notes name; None where it is kept by now, or gone."""

    promise: Promise | None


@record
class OneMove:
    """The move that the note `move` names, and the promise as it is now: None where it is kept, or gone."""

    move: Move | None
    promise: Promise | None


@record
class OneChange:
    """What the note `change` names: None where it is gone, or stands elsewhere again by now. `due` is by when a
    consultation is answered; of a part, `outcome` and `part` are there.
    """

    change: Change | None
    about: About | None = None
    due: date | None = None
    outcome: Outcome | None = None
    part: Part | None = None
