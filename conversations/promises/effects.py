"""Effects on promises: postpone, change status, send an interim update."""

from dataclasses import field
from datetime import date

from conversations.core.effects import Effect
from conversations.core.record import record
from conversations.outcomes.outcome import Decision
from conversations.promises.promise import Promised


@record
class MovePromise(Effect):
    """Another day, and why: those who took part are told both. `was` is the day that was seen: where it is another
    one by now, it is refused.
    """

    of: Promised
    was: date
    day: date
    reason: str = field(repr=False)


@record
class ChangeStatus(Effect):
    """A published part stands elsewhere: those who took part are told in one line. `was` is where it was seen to
    stand. A *can't* has its because.
    """

    part: int
    was: Decision
    now: Decision
    because: str = field(default="", repr=False)


@record
class SayLooking(Effect):
    """Tells those who took part that what they said is being looked at. Once."""

    consultation: int
