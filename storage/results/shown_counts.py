"""Counts as those see them who don't see true ones. They are taken once, and stay although somebody leaves: two counts that
differ by one person would tell what that person said.

What is over is counted by the scheduler, and at the latest before anything is taken out of it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, delete, literal, select

from conversations.core.record import Record
from conversations.results.counting.tallies import Tally
from storage.core.unit_of_work import Db, Hooks
from storage.people.people import TakingAway
from storage.results import counts as true_counts
from storage.results.counts import ResponseCounts
from storage.tables import consultations, shown_counts

_OVER = ("closed", "answered", "revisited")
NAMES = select(shown_counts.c.name)


class Shown(Record):
    """Counts that are shown: how many people, and the numbers themselves."""

    people: int
    counts: Mapping[str, int]
    at: datetime


def of_consultation(db: Db, number: int) -> ResponseCounts:
    """The counts of a consultation for those who don't see true ones; as they were when it closed."""
    row = db.run(select(shown_counts).where(shown_counts.c.name == f"consultation:{number}")).first()
    if row is None:
        return true_counts.counts(db, number)
    tallies = (
        Tally(name, answered, counts, row.people - answered)
        for name, (answered, counts) in row.counts.items()
    )
    return ResponseCounts(row.people, tuple(tallies))


def shown(db: Db, name: str) -> Shown | None:
    """The counts with this name; None if none are shown yet."""
    row = db.run(select(shown_counts).where(shown_counts.c.name == name)).first()
    return Shown(row.people, row.counts, row.at) if row else None


def shown_by_name(db: Db, names: Collection[str]) -> dict[str, Shown]:
    """Those of these counts that are shown, by name."""
    rows = db.run(select(shown_counts).where(shown_counts.c.name.in_(names))) if names else ()
    return {row.name: Shown(row.people, row.counts, row.at) for row in rows}


def name_of(what: str, number: ColumnElement[int]) -> ColumnElement[str]:
    """The name of counts of one thing, for queries: "revisit:3"."""
    return literal(f"{what}:") + cast(number, String)


def show(db: Db, name: str, people: int, counts: Mapping[str, object]) -> None:
    """Shows these counts from now on."""
    values = {"name": name, "at": db.now, "people": people, "counts": dict(counts)}
    new = db.insert(shown_counts).values(values)
    db.run(new.on_conflict_do_update(index_elements=["name"], set_=values))


def freeze_closed(db: Db) -> int:
    """Takes the counts of consultations that have closed. One that opens again is counted anew when it closes. Returns how
    many.
    """
    name = name_of("consultation", consultations.c.id)
    again = select(name).where(consultations.c.state.not_in(_OVER))
    db.run(delete(shown_counts).where(shown_counts.c.name.in_(again)))
    due = select(consultations.c.id).where(consultations.c.state.in_(_OVER), name.not_in(NAMES))
    found = db.run(due).scalars().all()
    for number in found:
        counted = true_counts.counts(db, number)
        tallies = {one.question: [one.answered, dict(one.counts)] for one in counted.tallies}
        show(db, f"consultation:{number}", counted.people, tallies)
    return len(found)


def before_taking_away(db: Db, _event: TakingAway) -> None:
    freeze_closed(db)


HOOKS: Hooks = {TakingAway: before_taking_away}
