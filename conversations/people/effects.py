"""What somebody does with what is kept of them, as data: their language, their age, their messages, and leaving."""

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
    """Keep what I say, and tell me what changed."""


@record
class SetFrequency(Effect):
    frequency: Frequency


@record
class StopMessages(Effect):
    """Send nothing more until /start; what is queued is dropped."""


@record
class StartMessages(Effect):
    """Messages are welcome again."""


@record
class Forget(Effect):
    """Erase this person: answers, choices, messages, doors. An open safeguarding case keeps its number and
    a way to reach them until it is closed.
    """


@record
class LeaveSharedDevice(Effect):
    """Sign this page out for good, where it is on a shared device."""


@record
class MakeReturnCode(Effect):
    """Gives fresh["return_code"]: stored hashed, shown once; an older one stops working."""
