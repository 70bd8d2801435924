"""Facts for the steps about ways to be involved."""

from collections.abc import Mapping

from conversations.core.record import Record


class WayCounts(Record):
    """The number of people who have chosen each way, by its key."""

    counts: Mapping[str, int]


class MyWays(Record):
    """The keys of the ways that this person has chosen."""

    chosen: frozenset[str]
