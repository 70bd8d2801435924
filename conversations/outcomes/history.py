"""What happened since something was promised: its day was moved, and why; it stands elsewhere than before."""

from dataclasses import field
from datetime import date, datetime

from conversations.core.record import record


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
