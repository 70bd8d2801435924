"""Effects on one's own record: language, age band, message preferences, return code, and leaving."""

from typing import Literal

from conversations.core.effects import Effect
from conversations.core.person import Band

Frequency = Literal["now", "weekly", "mine"]


class SetLanguage(Effect):
    language: str


class SetVersion(Effect):
    version: str


class SetBand(Effect):
    band: Band


class Agree(Effect):
    """The person agrees that Heard keeps what they say and messages them about what changed."""


class SetFrequency(Effect):
    frequency: Frequency


class StopMessages(Effect):
    """Opts out of messages until /start, and drops those in the queue."""


class StartMessages(Effect):
    """Opts in to messages again."""


class StopUsing(Effect):
    """What the person said stays, but is not read, counted or quoted any more."""


class StartUsing(Effect):
    """What the person said is used again."""


class Forget(Effect):
    """Erases this person: answers, choices, messages, doors. An open safeguarding case keeps its number and
    a way to reach them until it is closed.
    """


class LeaveSharedDevice(Effect):
    """Signs this page out for good, if it is on a shared device."""


class SignOut(Effect):
    """Signs this page out: for good, with its conversation. Staff only end their sign-in here, because the page may be
    their only way back.
    """


class SignOutOtherPages(Effect):
    """Signs all other pages of this person out for good."""


class MakeReturnCode(Effect):
    """Sets fresh["return_code"]: stored hashed, and shown once. An older code stops working."""
