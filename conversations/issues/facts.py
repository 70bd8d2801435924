"""Facts for the steps about issues."""

from collections.abc import Mapping
from datetime import date

from conversations.core.record import Record
from conversations.issues.issue import Issue

# The states of a consultation in which an issue can be merged into it.
MERGEABLE = ("draft", "scheduled", "open", "closed")


class NewIssueCount(Record):
    """The number of new issues, for those who answer them; 0 for everybody else."""

    n: int


class ThemeCount(Record):
    """The issues of one theme: the total, those still waiting, and the number by area name."""

    theme: str
    issues: int
    waiting: int
    areas: Mapping[str, int]


class IssueCounts(Record):
    """True numbers of issues raised in the last `days`, the largest theme first."""

    days: int
    heaps: tuple[ThemeCount, ...]


class Quarter(Record):
    """The last complete quarter: how many people raised something, by theme and by area.

    It no longer changes, so nobody can compare two tables that differ by one person.
    """

    first: date
    last: date
    people: int
    themes: Mapping[str, int]
    areas: Mapping[str, int]
    said_where: int


class InboxIssue(Record):
    """The issue that the session's note `issue` names; None once its young person has deleted it."""

    issue: Issue | None


class Inbox(Record):
    """The ids of all waiting issues (`over`: of all others), and one page of them in full.

    `theme` and `area` are filters; an empty area means that none was given. `spoken` are the issues on the page that
    the team has already written about.
    """

    ids: tuple[int, ...]
    page: tuple[Issue, ...] = ()
    theme: str | None = None
    area: str | None = None
    over: bool = False
    spoken: frozenset[int] = frozenset()


class Filters(Record):
    """The number of waiting issues by theme and by area."""

    themes: dict[str, int]
    areas: dict[str, int]
