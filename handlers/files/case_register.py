"""The register of cases as a workbook or CSV: numbers, kinds, times and reasons, and none of the words."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from conversations.core.i18n import Words
from conversations.safeguarding.casework.reasons import reason_name
from conversations.safeguarding.casework.register import RegisteredCase, by_month, kind_labels
from conversations.safeguarding.detector import KINDS
from conversations.team.members import member_name
from handlers.files.export import CellValue, add_sheet, csv_file

COLUMNS = (
    *("case", "kind", "signs", "opened", "told", "taken on", "closed"),
    *("minutes until told", "minutes until taken on", "minutes until closed", "on it", "closed by", "reason"),
)
MONTHLY = ("month", "cases", "still open", "false alarms", "half taken on within", "half closed within")


def register_csv(cases: Sequence[RegisteredCase], _: Words) -> bytes:
    """The cases alone, without the numbers by month."""
    return csv_file(_case_rows(cases, _))


def register_xlsx(cases: Sequence[RegisteredCase], _: Words) -> bytes:
    """Two sheets: the cases, and the numbers by month. Times are on the team's clock."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        add_sheet(book, "cases", _case_rows(cases, _), width=18)
        add_sheet(book, "months", _month_rows(cases, _), width=18)
    return out.getvalue()


def _case_rows(cases: Sequence[RegisteredCase], _: Words) -> Iterator[list[CellValue]]:
    yield list(COLUMNS)
    labels = kind_labels(_)
    for case in cases:
        moments = (case.opened_at, case.told_at, case.taken_at, case.closed_at)
        times = (case.told_after, case.taken_after, case.closed_after)
        people = (member_name(who, _) if who else None for who in (case.taken_by, case.closed_by))
        yield [
            *(case.id, labels[case.kind], case.signs),
            *(_moment(at, _) for at in moments),
            *map(_minutes, times),
            *people,
            reason_name(case.reason, _) if case.reason else None,
        ]


def _month_rows(cases: Sequence[RegisteredCase], _: Words) -> Iterator[list[CellValue]]:
    labels = kind_labels(_)
    yield [*MONTHLY, *(labels[kind] for kind in KINDS)]
    for month in by_month(cases, _.zone):
        halves = (month.taken_after, month.closed_after)
        yield [
            *(f"{month.year}-{month.month:02}", month.opened, month.still_open, month.false_alarms),
            *map(_minutes, halves),
            *(month.kinds.get(kind, 0) for kind in KINDS),
        ]


def _moment(at: datetime | None, _: Words) -> str | None:
    return f"{at.astimezone(_.zone):%Y-%m-%d %H:%M}" if at else None


def _minutes(time: timedelta | None) -> float | None:
    return round(time.total_seconds() / 60, 1) if time is not None else None
