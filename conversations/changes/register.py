"""The register of published outcomes: filters, counts and late promises."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Literal, get_args

from conversations.consultations.form import Texts
from conversations.core.record import Record
from conversations.core.themes import THEMES
from conversations.outcomes.history import Move
from conversations.outcomes.outcome import About, Decision
from conversations.team.corrections import Correction

# The statuses that a list can be filtered by; "late" means a promise whose day has passed.
StatusFilter = Literal["did", "doing", "will", "cant", "late"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)


class PartEntry(Record):
    """One decision with its current status. `late`: its promised day has passed, and it is not known to be done."""

    place: int
    decision: Decision
    due: date | None = None
    late: bool = False


class RegisterEntry(Record):
    """One published outcome. `day` is its publication day on the team's calendar."""

    id: int
    day: date
    parts: tuple[PartEntry, ...] = ()
    themes: frozenset[str] = frozenset()
    area: str = ""
    sample: bool = False

    def has_status(self, status: StatusFilter) -> bool:
        """Whether any part of it has this status."""
        return any(part.late if status == "late" else part.decision == status for part in self.parts)


class LateAnswer(Record):
    """A consultation whose answer is late: it was promised by `reply_by`. `moves` are the earlier postponements, with
    their reasons.
    """

    title: Texts
    who: Texts
    language: str
    reply_by: date
    themes: frozenset[str] = frozenset()
    area: str = ""
    moves: tuple[Move, ...] = ()


class WithdrawnEntry(Record):
    """A withdrawn outcome: what it was about, its publication, and when and why it went."""

    id: int
    about: About
    published: datetime
    correction: Correction


class RegisterFilter(Record):
    """The filters on a list; an empty one matches everything, and so does the `year` 0."""

    theme: str = ""
    area: str = ""
    decision: StatusFilter | Literal[""] = ""
    year: int = 0

    def __bool__(self) -> bool:
        return self != RegisterFilter()

    def without_status(self) -> "RegisterFilter":
        """Keeps only the theme and the area."""
        return RegisterFilter(self.theme, self.area)


class Register(Record, dict=True):
    """Every published outcome, newest first, every consultation whose answer is late, most overdue first, and the notices of
    withdrawn outcomes, newest first.
    """

    entries: tuple[RegisterEntry, ...] = ()
    unanswered: tuple[LateAnswer, ...] = ()
    withdrawn: tuple[WithdrawnEntry, ...] = ()

    def entry(self, outcome: int) -> RegisterEntry | None:
        """The outcome with this id, if it is published."""
        return self._by_id.get(outcome)

    def notice(self, outcome: int) -> WithdrawnEntry | None:
        """The notice in the place of this outcome, if it was withdrawn."""
        return next((one for one in self.withdrawn if one.id == outcome), None)

    def notices(self, narrowing: RegisterFilter) -> tuple[WithdrawnEntry, ...]:
        """The notices under a theme and area."""
        return tuple(
            one
            for one in self.withdrawn
            if (not narrowing.theme or narrowing.theme in one.about.themes)
            and (not narrowing.area or narrowing.area == one.about.area)
        )

    def filter_from(self, asked: Mapping[str, str]) -> RegisterFilter:
        """The filters that a query names. Values that do not exist here are ignored."""
        theme, area, decision, year = (asked.get(name, "") for name in ("theme", "area", "decision", "year"))
        return RegisterFilter(
            theme=theme if theme in THEMES else "",
            area=area if area in self.areas else "",
            decision=next((one for one in get_args(StatusFilter) if one == decision), ""),
            year=next((one for one in self.years if str(one) == year), 0),
        )

    @cached_property
    def _by_id(self) -> Mapping[int, RegisterEntry]:
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def areas(self) -> tuple[str, ...]:
        found = {entry.area for entry in self.entries} | {one.area for one in self.unanswered}
        return tuple(sorted(found - {""}, key=str.casefold))

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years with published outcomes, latest first."""
        return tuple(sorted({entry.day.year for entry in self.entries}, reverse=True))

    def matching(self, narrowing: RegisterFilter) -> tuple[RegisterEntry, ...]:
        """The outcomes that match the filters."""
        return tuple(entry for entry in self.entries if _matches(entry, narrowing))

    def late(self, narrowing: RegisterFilter) -> tuple[tuple[RegisterEntry, PartEntry], ...]:
        """Every late promise, most overdue first."""
        entries = (entry for entry in self.matching(narrowing.without_status()) if not entry.sample)
        found = ((entry, part) for entry in entries for part in entry.parts if part.late)
        return tuple(sorted(found, key=lambda one: (one[1].due or one[0].day, one[0].id, one[1].place)))

    def late_answers(self, narrowing: RegisterFilter) -> tuple[LateAnswer, ...]:
        return tuple(one for one in self.unanswered if _is_about(one, narrowing))


def count_parts(entries: Iterable[RegisterEntry]) -> dict[StatusFilter, int]:
    """The number of parts by status, in display order. Samples do not count."""
    parts = [part for entry in entries if not entry.sample for part in entry.parts]
    of_each = Counter(part.decision for part in parts)
    late: dict[StatusFilter, int] = {"late": sum(part.late for part in parts)}
    return {**{decision: of_each[decision] for decision in DECISIONS}, **late}


def themes_of(entries: Iterable[RegisterEntry | LateAnswer]) -> Iterator[str]:
    """The headings that any of these are filed under, in display order."""
    found = frozenset().union(*(entry.themes for entry in entries))
    return (theme for theme in THEMES if theme in found)


def _matches(entry: RegisterEntry, narrowing: RegisterFilter) -> bool:
    if not _is_about(entry, narrowing) or (narrowing.year and entry.day.year != narrowing.year):
        return False
    return not narrowing.decision or entry.has_status(narrowing.decision)


def _is_about(one: RegisterEntry | LateAnswer, narrowing: RegisterFilter) -> bool:
    under = not narrowing.theme or narrowing.theme in one.themes
    return under and (not narrowing.area or narrowing.area == one.area)
