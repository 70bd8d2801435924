"""Effects on promises: postpone, change status, send an interim update."""

from datetime import date

from conversations.core.effects import Effect, ForMany
from conversations.core.record import Private
from conversations.outcomes.outcome import Decision
from conversations.promises.promise import PromiseRef


class MovePromise(ForMany):
    """Postpones a promise, and notifies those who took part, with the reason. `was` is the day that the worker saw; the
    effect is refused if a colleague has changed it since.
    """

    of: PromiseRef
    was: date
    day: date
    reason: Private[str]

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.reason,)


class ChangeStatus(ForMany):
    """Changes the status of a published part, and notifies those who took part in one line. `was` is the status that
    the worker saw. A *can't* has its reason in `because`.
    """

    part: int
    was: Decision
    now: Decision
    because: Private[str] = ""

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.because,)


class SayLooking(Effect):
    """Notifies those who took part, once, that their answers are being looked at."""

    consultation: int
