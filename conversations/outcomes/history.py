"""The history of a promise: postponements with their reasons, and status changes."""

from datetime import date, datetime

from conversations.core.record import Private, Record


class Move(Record):
    """A postponement, with its reason as written, in `language`. `at` is UTC."""

    was: date
    now: date
    reason: Private[str]
    language: str
    at: datetime


class Change(Record):
    """A status change: a consultation becomes *closed* or *looking*, a part becomes *doing*, *did* or *cant*. A *cant*
    has its reason in `because`, in `language`. `at` is UTC.
    """

    was: str
    now: str
    at: datetime
    because: Private[str] = ""
    language: str = ""
