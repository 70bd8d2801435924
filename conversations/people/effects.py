"""Effects on one's own record: language, age band, message preferences, return code, and leaving."""

from typing import Literal

from conversations.core.effects import Effect
from conversations.core.person import Band
from conversations.core.record import record

Frequency = Literal["now", "weekly", "mine"]


@record
class SetLanguage(Effect):
    language: str


@record
class SetVersion(Effect):
    version: str


@record
class SetBand(Effect):
    band: Band


@record
class Agree(Effect):
    """The person agrees that Heard keeps what they say and messages them about what changed."""


@record
class SetFrequency(Effect):
    frequency: Frequency


@record
class StopMessages(Effect):
    """Opts out of messages until /start, and drops those in the queue."""


@record
class StartMessages(Effect):
    """Opts in to messages again."""


@record
class Forget(Effect):
    """Erases this person: answers, choices, messages, doors. An open safeguarding case keeps its number and
    a way to reach them until it is closed.
    """


@record
class LeaveSharedDevice(Effect):
    """Signs this page out for good, if it is on a shared device."""


@record
class MakeReturnCode(Effect):
    """Sets fresh["return_code"]: stored hashed, and shown once. An older code stops working."""
