"""The register of cases, open and closed: their times, and the numbers by month. It holds none of their words."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from conversations.core.i18n import Words
from conversations.core.record import Record
from conversations.safeguarding.casework.reasons import FALSE_ALARM, reason_name
from conversations.safeguarding.detector import KINDS, DangerKind
from conversations.team.facts import Colleague
from conversations.team.members import member_name


class RegisteredCase(Record):
    """A case in the register. `told_at` is since when somebody in the team knows of it, `taken_at` when it was first taken
    on. `taken_by` and `closed_by` are members of the team, also those who left; None for nobody yet.
    """

    id: int
    kind: DangerKind
    signs: int
    opened_at: datetime
    told_at: datetime | None = None
    taken_at: datetime | None = None
    taken_by: Colleague | None = None
    closed_at: datetime | None = None
    closed_by: Colleague | None = None
    reason: str | None = None

    @property
    def told_after(self) -> timedelta | None:
        return self._after(self.told_at)

    @property
    def taken_after(self) -> timedelta | None:
        return self._after(self.taken_at)

    @property
    def closed_after(self) -> timedelta | None:
        return self._after(self.closed_at)

    def _after(self, moment: datetime | None) -> timedelta | None:
        return max(timedelta(0), moment - self.opened_at) if moment else None


class CaseRegister(Record):
    """Every case that the register keeps, newest first."""

    cases: tuple[RegisteredCase, ...]


class MonthOfCases(Record):
    """The cases that were opened in one month: how many of each kind, and within what time half of them were taken on and
    closed, of those that were.
    """

    year: int
    month: int
    opened: int
    kinds: Mapping[DangerKind, int]
    still_open: int
    taken_after: timedelta | None
    closed_after: timedelta | None
    false_alarms: int


def by_month(cases: Iterable[RegisteredCase], zone: ZoneInfo) -> tuple[MonthOfCases, ...]:
    """The numbers by the month in which cases were opened, the newest month first."""
    months: dict[tuple[int, int], list[RegisteredCase]] = {}
    for case in cases:
        opened = case.opened_at.astimezone(zone)
        months.setdefault((opened.year, opened.month), []).append(case)
    return tuple(_month(*when, months[when]) for when in sorted(months, reverse=True))


def _month(year: int, month: int, cases: list[RegisteredCase]) -> MonthOfCases:
    of_kind = {kind: sum(case.kind == kind for case in cases) for kind in KINDS}
    return MonthOfCases(
        year,
        month,
        opened=len(cases),
        kinds={kind: n for kind, n in of_kind.items() if n},
        still_open=sum(case.closed_at is None for case in cases),
        taken_after=_half_within(case.taken_after for case in cases),
        closed_after=_half_within(case.closed_after for case in cases),
        false_alarms=sum(case.reason == FALSE_ALARM for case in cases),
    )


def _half_within(times: Iterable[timedelta | None]) -> timedelta | None:
    known = [time.total_seconds() for time in times if time is not None]
    return timedelta(seconds=median(known)) if known else None


# --- in words -------------------------------------------------------------------------------------


def kind_labels(_: Words) -> Mapping[DangerKind, str]:
    """The name of each kind of sign."""
    return {
        "suicide": _("suicide"),
        "self_harm": _("self-harm"),
        "abuse": _("abuse"),
        "exploitation": _("exploitation"),
        "violence": _("violence around them"),
        "harm_to_others": _("harm to others"),
        "unsafe_now": _("not safe where they are"),
        "neglect": _("neglect"),
        "radicalisation": _("radicalisation"),
        "eating": _("eating"),
        "request_for_help": _("asked for help"),
    }


def time_text(time: timedelta, _: Words) -> str:
    """A length of time, as people say it: "4 minutes", "2 days"."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < 120:
        return _.many("{n} minute", "{n} minutes", minutes)
    hours = minutes // 60
    return (
        _.many("{n} hour", "{n} hours", hours) if hours < 48 else _.many("{n} day", "{n} days", hours // 24)
    )


def moment_text(at: datetime, _: Words) -> str:
    """A moment with its year, because the register keeps cases for years."""
    return f"{_.long_date(at)}, {at.astimezone(_.zone):%H:%M}"


def register_line(case: RegisteredCase, _: Words) -> str:
    """A case of the register as one paragraph."""
    kind = kind_labels(_)[case.kind]
    about = _("{kind}, signs: {n}.", kind=kind, n=case.signs)
    head = _("Case {number}, opened {moment}:", number=case.id, moment=moment_text(case.opened_at, _))
    return " ".join((head, about, _told_text(case, _), _taken_text(case, _), _closed_text(case, _)))


def month_line(month: MonthOfCases, _: Words) -> str:
    """The numbers of a month as one paragraph."""
    labels = kind_labels(_)
    kinds = _.comma_list(f"{labels[kind]} {n}" for kind, n in month.kinds.items())
    parts = [_.many("{n} case: {kinds}.", "{n} cases: {kinds}.", month.opened, kinds=kinds)]
    if month.taken_after is not None:
        parts.append(_("Half were taken on within {time}.", time=time_text(month.taken_after, _)))
    if month.closed_after is not None:
        parts.append(
            _("Half of those closed were closed within {time}.", time=time_text(month.closed_after, _))
        )
    parts.append(_.many("{n} false alarm.", "{n} false alarms.", month.false_alarms))
    if month.still_open:
        parts.append(_.many("{n} is still open.", "{n} are still open.", month.still_open))
    return " ".join((f"{month.year}-{month.month:02}:", *parts))


def _told_text(case: RegisteredCase, _: Words) -> str:
    if case.told_after is None:
        return _("Nobody was told.") if case.taken_at is None else ""
    return _("Somebody told after {time}.", time=time_text(case.told_after, _))


def _taken_text(case: RegisteredCase, _: Words) -> str:
    if case.taken_after is None:
        return _("Taken on by nobody.") if case.closed_at else _("Nobody is on it yet.")
    values = {
        "time": time_text(case.taken_after, _),
        "who": member_name(case.taken_by, _) if case.taken_by else _("nobody now"),
    }
    return _("Taken on after {time}; on it: {who}.", **values)


def _closed_text(case: RegisteredCase, _: Words) -> str:
    if case.closed_after is None:
        return _("Still open.")
    if case.closed_by is None:
        return _("Closed. A restored backup doesn't know when exactly, by whom or why.")
    values = {"time": time_text(case.closed_after, _), "who": member_name(case.closed_by, _)}
    closed = _("Closed after {time} by {who}.", **values)
    return f"{closed} {reason_name(case.reason, _)}." if case.reason else closed
