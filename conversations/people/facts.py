"""Facts for the steps about a person's own record."""

from datetime import datetime

from conversations.core.record import Record
from conversations.people.effects import Frequency


class OwnCases(Record):
    """The numbers of the open cases about this person."""

    numbers: tuple[int, ...] = ()


class MyMessages(Record):
    """The person's message preferences, and whether they ever got a return code."""

    frequency: Frequency
    has_code: bool


class PlannedForgetting(Record):
    """When a person who has not been here for long is erased; None if they are not to be."""

    day: datetime | None
