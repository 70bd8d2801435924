"""Facts for the steps about ways to be involved."""

from collections.abc import Mapping

from conversations.core.record import record


@record
class WaysChosen:
    """The number of people who have chosen each way, by its key."""

    counts: Mapping[str, int]


@record
class MyWays:
    """The keys of the ways that somebody chose."""

    chosen: frozenset[str]
