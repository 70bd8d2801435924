"""What is kept of a person, as the steps about it know it."""

from conversations.core.record import record
from conversations.people.effects import Frequency


@record
class OwnCases:
    """The numbers of the open cases that are about whoever is asked."""

    numbers: tuple[int, ...] = ()


@record
class MyMessages:
    """Which messages somebody wants, and whether a return code was ever made for them."""

    frequency: Frequency
    has_code: bool
