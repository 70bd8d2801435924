"""The history of a promise: postponements with their reasons, and status changes."""

from dataclasses import field
from datetime import date, datetime

from conversations.core.record import record


@record
class Move:
    """A postponement, with its reason as written, in `language`. `at` is UTC."""

    was: date
    now: date
    reason: str = field(repr=False)
    language: str
    at: datetime


@record
class Change:
    """A status change: a consultation becomes *closed* or *looking*, a part becomes *doing*, *did* or *cant*. A *cant*
    has its reason in `because`, in `language`. `at` is UTC.
    """

    was: str
    now: str
    at: datetime
    because: str = field(default="", repr=False)
    language: str = ""
