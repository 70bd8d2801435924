"""What the steps about issues know."""

from collections.abc import Mapping
from datetime import date

from conversations.core.record import record
from conversations.issues.issue import Issue

# What an issue may become part of, by the state that a consultation is in.
MERGEABLE = ("draft", "scheduled", "open", "closed")


@record
class InboxNew:
    """How much that young people raised is new to the team, for those who answer it; 0 for everybody else."""

    n: int


@record
class Heap:
    """Issues of one theme: how many in all, how many still wait, and how many in each area (by name)."""

    theme: str
    issues: int
    waiting: int
    areas: Mapping[str, int]


@record
class Raised:
    """All that was raised in the last so many days, true numbers; most first."""

    days: int
    heaps: tuple[Heap, ...]


@record
class Quarter:
    """The last quarter of a year that is over: how many people raised something, by theme and by area.

    Nothing is added to it any more, so no two tables of it differ by one more person.
    """

    first: date
    last: date
    people: int
    themes: Mapping[str, int]
    areas: Mapping[str, int]
    said_where: int


@record
class InboxIssue:
    """The issue that the session's note `issue` names; None once its young person has deleted it."""

    issue: Issue | None


@record
class Inbox:
    """Every issue that waits for somebody (`over`: every one that does not) by id, and one page of them in full.

    `theme` and `area` say which of them only; an empty area is one that was not said. `spoken` are those of the
    page about which the team wrote before.
    """

    ids: tuple[int, ...]
    page: tuple[Issue, ...] = ()
    theme: str | None = None
    area: str | None = None
    over: bool = False
    spoken: frozenset[int] = frozenset()


@record
class Filters:
    """How many wait, by theme and by area."""

    themes: dict[str, int]
    areas: dict[str, int]
