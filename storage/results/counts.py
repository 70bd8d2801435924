"""How many people gave which answer. Large consultations are counted in the background, so that no turn waits."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, true

from conversations.consultations.form import Shape
from conversations.consultations.kinds.registry import shape_of
from conversations.core.record import Record
from conversations.results.counting.tallies import Tally
from storage.consultations.consultations import consultation
from storage.core.unit_of_work import Db
from storage.people.using import UNUSED, is_used
from storage.safeguarding import kept_back
from storage.tables import answers, consultations, kept_counts, taking_part

MANY = 10_000  # participants from which a consultation's counts are kept
FRESH = timedelta(minutes=5)  # the age at which kept counts of an open consultation are recounted
_OLDEST = 2 * FRESH  # the age up to which they may be shown


class ResponseCounts(Record):
    """How many people took part, and the counts of each answered question. Numbers are counted as text.

    People who have only begun are included, with their answers so far. `at` is when it was counted (UTC), None for now.
    """

    people: int
    tallies: tuple[Tally, ...]
    at: datetime | None = None


def counts(db: Db, number: int, questions: Collection[str] | None = None) -> ResponseCounts:
    """The counts of a consultation's questions, or only of `questions`: the kept ones if usable, else counted now."""
    return _kept_counts(db, number, questions) or count_now(db, number, questions)


def count_now(db: Db, number: int, questions: Collection[str] | None = None) -> ResponseCounts:
    """Counts the answers themselves; ten million take a second or more."""
    people, cells = _people(db, number), _cells(db, number, questions)
    answered = {name: sum(options.values()) for name, options in cells.items()}
    answered |= _people_of_several(db, number, cells.keys())
    everybody = max(people, *answered.values(), 0)  # somebody may have begun since `people` was counted
    return ResponseCounts(
        everybody, tuple(_tally(name, answered[name], cells[name], everybody) for name in cells)
    )


def _tally(name: str, answered: int, cells: Mapping[str, int], everybody: int) -> Tally:
    return Tally(name, answered, {option: n for option, n in cells.items() if option}, everybody - answered)


def _people(db: Db, number: int) -> int:
    took_part = select(func.count()).where(taking_part.c.consultation_id == number)
    return int(db.run(took_part).scalar_one()) - len(_unused(db, number))


def _unused(db: Db, number: int) -> Sequence[int]:
    """Who took part, and doesn't want it used. They are few: a plain count needs no look at each row's person."""
    who = taking_part.c.person_id
    query = select(who).where(taking_part.c.consultation_id == number, who.in_(UNUSED))
    return db.run(query).scalars().all()


def _counting(db: Db, number: int) -> ColumnElement[bool]:
    """The answers of a consultation that count."""
    real = and_(answers.c.consultation_id == number, ~answers.c.skipped)
    return and_(real, is_used(answers.c.person_id)) if _unused(db, number) else real


def _cells(db: Db, number: int, questions: Collection[str] | None) -> dict[str, dict[str, int]]:
    """Row counts by question and option, in order; texts have the option "". Reads only the index. Texts that a case keeps
    from the team are not counted.
    """
    cells = (answers.c.question, answers.c.option)
    wanted = true() if questions is None else answers.c.question.in_(questions)
    real = and_(_counting(db, number), wanted)
    counts: dict[str, dict[str, int]] = {}
    for row in db.run(select(*cells, func.count().label("n")).where(real).group_by(*cells).order_by(*cells)):
        counts.setdefault(row.question, {})[row.option] = row.n
    for question, n in _kept_back_texts(db, number, wanted).items():
        if question in counts:  # it may have come since they were counted
            counts[question][""] -= n
    return {question: options for question, options in counts.items() if any(options.values())}


def _kept_back_texts(db: Db, number: int, wanted: ColumnElement[bool]) -> Counter[str]:
    """How many texts a case keeps from the team, by question. They are few, and have an index of their own, which SQLite
    leaves aside if it also groups them.
    """
    there = and_(_counting(db, number), wanted, ~kept_back.readable(answers))
    return Counter(db.run(select(answers.c.question).where(there)).scalars())


def _people_of_several(db: Db, number: int, names: Collection[str]) -> dict[str, int]:
    """How many people answered each question that allows several options. Slower than counting rows."""
    about = consultation(db, number)
    asked = about.form.questions if about else ()
    single = {question.name for question in asked if shape_of(question) is not Shape.OPTIONS}
    several = [name for name in names if name not in single]
    if not several:
        return {}
    real = and_(_counting(db, number), answers.c.question.in_(several))
    people_of = func.count(answers.c.person_id.distinct()).label("people")
    found = db.run(select(answers.c.question, people_of).where(real).group_by(answers.c.question))
    return {row.question: row.people for row in found}


# --- kept -----------------------------------------------------------------------------------------


class Stale(Record):
    """A consultation that must be recounted. `over`: nobody can answer it any more."""

    number: int
    over: bool


def stale(db: Db) -> list[Stale]:
    """Large consultations whose kept counts are old or missing."""
    of = taking_part.c.consultation_id
    many = select(of).group_by(of).having(func.count() >= MANY)
    rows = db.run(_KEPT.where(consultations.c.id.in_(many))).all()
    return [Stale(row.id, over=row.state != "open") for row in rows if not _is_usable(db, row, FRESH)]


def store(db: Db, which: Stale, counted: ResponseCounts) -> None:
    """Stores counts that were made after `which` was found."""
    if consultation(db, which.number) is None:
        return
    values = {
        "consultation_id": which.number,
        "counted_at": db.now,
        "over": which.over,
        "people": counted.people,
        "tallies": [[one.question, one.answered, dict(one.counts)] for one in counted.tallies],
    }
    new = db.insert(kept_counts).values(values)
    db.run(new.on_conflict_do_update(index_elements=["consultation_id"], set_=values))


_KEPT = select(consultations.c.id, consultations.c.state, kept_counts).outerjoin_from(
    consultations, kept_counts, kept_counts.c.consultation_id == consultations.c.id
)


def _kept_counts(db: Db, number: int, questions: Collection[str] | None) -> ResponseCounts | None:
    row = db.run(_KEPT.where(consultations.c.id == number)).first()
    if row is None or not _is_usable(db, row, _OLDEST):
        return None
    wanted = (one for one in row.tallies if questions is None or one[0] in questions)
    tallies = tuple(Tally(name, answered, counts, row.people - answered) for name, answered, counts in wanted)
    return ResponseCounts(row.people, tallies, None if row.over else row.counted_at)


def _is_usable(db: Db, row: Row[Any], most: timedelta) -> bool:
    """Whether kept counts may still be shown. Those of a closed consultation are exact until a participant leaves; then
    they must be recounted, because counts from two moments would reveal what one person said.
    """
    if row.counted_at is None:
        return False
    if row.state == "open":
        return not row.over and abs(db.now - row.counted_at) <= most
    return bool(row.over) and _people(db, row.id) == row.people
