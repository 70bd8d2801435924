"""Whether something that was scheduled still makes sense. Heard may have been off at its moment, and for long after."""

from datetime import datetime, timedelta

LONG_MISSED = timedelta(days=4)  # a long weekend is not long


def is_long_missed(due: datetime, now: datetime) -> bool:
    """Whether the moment passed so long ago that a person should look again before it is done."""
    return now - due > LONG_MISSED
