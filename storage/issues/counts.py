"""Counts of issues: true ones for the team, and the last whole quarter for young reviewers."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from conversations.core.messages import Session
from conversations.core.themes import DATA
from conversations.issues.facts import IssueCounts, Quarter, ThemeCount
from storage.core.dispatch import Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hooks
from storage.issues.visible import SENT, WAITS
from storage.people.people import TakingAway
from storage.results import shown_counts
from storage.tables import issues

DAYS = 90
_QUARTER = "raised"


def raised_counts(db: Db, _door: Door, _session: Session) -> IssueCounts:
    lately = and_(SENT, issues.c.at > db.now - timedelta(days=DAYS))
    waiting = func.count().filter(WAITS).label("waiting")
    cells = select(issues.c.theme, issues.c.area, func.count().label("n"), waiting).where(lately)
    heaps: dict[str, ThemeCount] = {}
    for row in db.run(
        cells.group_by(issues.c.theme, issues.c.area).order_by(func.count().desc(), issues.c.area)
    ):
        heap = heaps.get(row.theme, ThemeCount(row.theme, 0, 0, {}))
        areas = {**heap.areas, row.area: row.n}
        heaps[row.theme] = ThemeCount(row.theme, heap.issues + row.n, heap.waiting + row.waiting, areas)
    return IssueCounts(DAYS, tuple(sorted(heaps.values(), key=lambda heap: -heap.issues)))


def quarter(db: Db, _door: Door, _session: Session) -> Quarter:
    """The last whole quarter, as it was when it was over."""
    first, last = last_quarter(db.today)
    kept = shown_counts.shown(db, f"{_QUARTER}:{first}")
    if kept is None:
        return _count_quarter(db, first, last)
    themes, areas = (
        {name.partition(":")[2]: n for name, n in kept.counts.items() if name.startswith(f"{what}:")}
        for what in ("theme", "area")
    )
    return Quarter(first, last, kept.people, themes, areas, kept.counts["somewhere"])


def freeze_quarter(db: Db) -> int:
    """Takes the counts of the last whole quarter: they stay although somebody leaves. Returns how many were taken."""
    first, last = last_quarter(db.today)
    name = f"{_QUARTER}:{first}"
    if shown_counts.shown(db, name):
        return 0
    counted = _count_quarter(db, first, last)
    themes = {f"theme:{theme}": n for theme, n in counted.themes.items()}
    areas = {f"area:{area}": n for area, n in counted.areas.items()}
    shown_counts.show(db, name, counted.people, {**themes, **areas, "somewhere": counted.said_where})
    return 1


def before_taking_away(db: Db, _event: TakingAway) -> None:
    freeze_quarter(db)


def _count_quarter(db: Db, first: date, last: date) -> Quarter:
    """Counts people, not issues."""
    begins, ends = (
        datetime.combine(day, time(), db.rules.zone).astimezone(UTC)
        for day in (first, last + timedelta(days=1))
    )
    within = and_(SENT, issues.c.theme != DATA, issues.c.at >= begins, issues.c.at < ends)
    everybody, somewhere = _people(db, within), _people(db, within, issues.c.area != "")
    where = and_(within, issues.c.area != "")
    return Quarter(
        first,
        last,
        everybody,
        _people_by(db, issues.c.theme, within),
        _people_by(db, issues.c.area, where),
        somewhere,
    )


def last_quarter(day: date) -> tuple[date, date]:
    """The first and last day of the quarter before the one that `day` is in."""
    this = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    last = this - timedelta(days=1)
    return date(last.year, last.month - 2, 1), last


def _people(db: Db, *those: ColumnElement[bool]) -> int:
    return int(db.run(select(func.count(issues.c.person_id.distinct())).where(*those)).scalar_one())


def _people_by(db: Db, column: ColumnElement[str], those: ColumnElement[bool]) -> dict[str, int]:
    how_many = func.count(issues.c.person_id.distinct()).label("n")
    counted = select(column.label("key"), how_many).where(those).group_by(column).order_by(column)
    return {row.key: row.n for row in db.run(counted)}


FACTS: Loaders = {IssueCounts: raised_counts, Quarter: quarter}
HOOKS: Hooks = {TakingAway: before_taking_away}
