"""What happened since something was promised: its day was moved, and why; it stands elsewhere than before; and
whether it has really happened, by those who promised it and by those who took part.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Literal

from conversations.core.record import record

Says = Literal["yes", "partly", "no", "unsure"]
OwnerSays = Literal["yes", "partly", "no"]
Ended = Literal["kept", "again", "said"]

ENOUGH = 3  # answers that can tell, from which on most of them decide


@record
class Move:
    """A promised day that was moved, with the reason as it was written, in `language`. `at` is UTC."""

    was: date
    now: date
    reason: str = field(repr=False)
    language: str
    at: datetime


@record
class Change:
    """Something stands elsewhere than before: a consultation *closed*, or is *looking*; a part is *doing*, *did* or
    *cant*, which has its because, in `language`. `at` is UTC.
    """

    was: str
    now: str
    at: datetime
    because: str = field(default="", repr=False)
    language: str = ""


@record
class Standing:
    """Where a part stands that was promised or done, by the last time that it was looked at. `counts` are true
    numbers; `note` is what its owner added, `reason` why staff closed it, both in the words that they typed.
    `asked` says that people were asked, `over` that they can't answer any more. Numbers under `smallest` are not for
    everybody.
    """

    owner: OwnerSays | None = None
    counts: Mapping[Says, int] = field(default_factory=dict)
    note: str = ""
    reason: str = ""
    asked: bool = False
    over: bool = False
    ended: Ended | None = None
    smallest: int = 0

    @property
    def open(self) -> bool:
        """Whether it stands open: neither those who took part nor a reason closed it."""
        return self.ended not in {"kept", "said"}

    @property
    def disputed(self) -> bool:
        """Whether its owner says that it is done, and most of enough people do not."""
        told, objecting = can_tell(self.counts), objections(self.counts)
        return self.owner == "yes" and told >= ENOUGH and objecting * 2 >= told


def can_tell(counts: Mapping[Says, int]) -> int:
    """Those who said yes, partly or no."""
    return sum(counts.get(says, 0) for says in ("yes", "partly", "no"))


def objections(counts: Mapping[Says, int]) -> int:
    """Those who said that it has not happened, or not all of it."""
    return counts.get("partly", 0) + counts.get("no", 0)
