"""Facts for the steps about a person's own record."""

from conversations.core.record import record
from conversations.people.effects import Frequency


@record
class OwnCases:
    """The numbers of the open cases about this person."""

    numbers: tuple[int, ...] = ()


@record
class MyMessages:
    """The person's message preferences, and whether they ever got a return code."""

    frequency: Frequency
    has_code: bool
