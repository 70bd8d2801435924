"""What the steps about ways to be involved know."""

from collections.abc import Mapping

from conversations.core.record import record


@record
class WaysChosen:
    """How many people have each way on their list now, by its key."""

    counts: Mapping[str, int]


@record
class MyWays:
    """The keys of the ways that somebody chose."""

    chosen: frozenset[str]
