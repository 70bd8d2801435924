"""Counts of verdicts, pulse and revisits: of one outcome, and over time."""

from datetime import UTC, date, datetime, time
from typing import Any, cast

from sqlalchemy import ColumnElement, case, func, literal, select, union_all

from conversations.core.messages import Session
from conversations.followup.counts import AfterCounts, Every, OverTime, Period
from conversations.followup.effects import PulseName, PulseSays, ReadAfter
from conversations.followup.facts import COMMENTS_A_PAGE, PULSE, Comments
from conversations.outcomes.standing import Says
from conversations.results.visibility import sees_true
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.followup import responses as revisit_responses
from storage.followup import verdicts
from storage.outcomes import contributors
from storage.outcomes import status as outcome_status
from storage.outcomes.outcomes import outcomes_where
from storage.people.using import is_used
from storage.safeguarding.kept_back import readable
from storage.security import audit_log
from storage.tables import Moment, judgements, outcomes, parts, revisit_answers
from storage.tables import revisits as revisits_table

_PERIODS = {"month": 12, "quarter": 8}


# --- of one outcome -------------------------------------------------------------------------------


def after_counts(db: Db, _door: Door, session: Session) -> AfterCounts:
    return after_counts_of(db, session.number("consultation"))


def after_counts_of(db: Db, consultation: int) -> AfterCounts:
    """The counts for the outcome of a consultation; empty if none is published."""
    found = outcomes_where(db, outcomes.c.consultation_id == consultation, outcomes.c.state == "published")
    if not found:
        return AfterCounts(None)
    outcome = found[0]
    looked_at = [(part.id, part.standing) for part in outcome.parts if part.standing]
    said = {part: standing.counts for part, standing in looked_at if standing.asked}
    return AfterCounts(
        outcome,
        people=contributors.count(db, outcome.id),
        right=_verdict_counts(db, judgements.c.outcome_id == outcome.id),
        pulse={name: _pulse_counts(db, name, outcome.id) for name in PULSE},
        revisits={**said, **_current_revisits(db, outcome.id)},
        added=_count_added(db, outcome.id),
    )


def _verdict_counts(db: Db, *those: ColumnElement[bool]) -> dict[bool, int]:
    of = judgements.c.got_it_right
    query = (
        select(of, func.count().label("n"))
        .where(of.is_not(None), is_used(judgements.c.person_id), *those)
        .group_by(of)
    )
    return {bool(row.got_it_right): row.n for row in db.run(query)}


def _pulse_counts(db: Db, name: PulseName, outcome: int) -> dict[PulseSays, int]:
    of = judgements.c[name].label("says")
    counted = is_used(judgements.c.person_id)
    query = select(of, func.count().label("n")).where(
        of.is_not(None), counted, judgements.c.outcome_id == outcome
    )
    return {cast(PulseSays, row.says): row.n for row in db.run(query.group_by(of))}


def _current_revisits(db: Db, outcome: int) -> dict[int, dict[Says, int]]:
    """People's answers so far, for the parts that they are being asked about, by part."""
    query = select(revisits_table.c.id, revisits_table.c.part_id).join(
        parts, parts.c.id == revisits_table.c.part_id
    )
    asked = db.run(query.where(parts.c.outcome_id == outcome, revisits_table.c.state == "people")).all()
    counts = outcome_status.counts_of(db, [row.id for row in asked])
    return {row.part_id: counts.get(row.id, {}) for row in asked}


# --- what they added ------------------------------------------------------------------------------


def added_page(db: Db, _door: Door, session: Session) -> Comments:
    """One page of texts that people added about an outcome and its promises."""
    consultation, first = session.number("consultation"), session.number("page") * COMMENTS_A_PAGE
    outcome = db.run(select(outcomes.c.id).where(outcomes.c.consultation_id == consultation)).scalar()
    if outcome is None:
        return Comments((), 0)
    rows = db.run(_added_query(outcome).offset(first).limit(COMMENTS_A_PAGE)).all()
    db.opened.update(row.person_id for row in rows)
    return Comments(tuple(_unseal(db, row) for row in rows), _count_added(db, outcome), first)


def all_added(db: Db, outcome: int) -> tuple[str, ...]:
    """All texts that people added about an outcome and its promises."""
    return tuple(_unseal(db, row) for row in db.run(_added_query(outcome)).all())


def _added_query(outcome: int) -> Any:
    said = select(
        literal(0).label("revisit"), judgements.c.person_id, judgements.c.outcome_id.label("about"),
        judgements.c.sealed, judgements.c.added_at,
    ).where(judgements.c.outcome_id == outcome, judgements.c.sealed.is_not(None), readable(judgements),
        is_used(judgements.c.person_id))  # fmt: skip
    seen = (
        select(
            literal(1).label("revisit"), revisit_answers.c.person_id, revisit_answers.c.revisit_id.label("about"),
            revisit_answers.c.sealed, revisit_answers.c.added_at,
        )
        .join(revisits_table, revisits_table.c.id == revisit_answers.c.revisit_id)
        .join(parts, parts.c.id == revisits_table.c.part_id)
        .where(
            parts.c.outcome_id == outcome, revisit_answers.c.sealed.is_not(None), readable(revisit_answers), is_used(revisit_answers.c.person_id)
        )
    )  # fmt: skip
    both = union_all(said, seen).subquery()
    return select(both).order_by(both.c.added_at, both.c.person_id, both.c.about)


def _unseal(db: Db, row: Any) -> str:
    where = revisit_responses.sealing_context if row.revisit else verdicts.sealing_context
    return db.vault.open(row.sealed, where(row.person_id, row.about))


def _count_added(db: Db, outcome: int) -> int:
    return int(
        db.run(select(func.count()).select_from(_added_query(outcome).order_by(None).subquery())).scalar_one()
    )


def note_reading(db: Db, door: Door, effect: ReadAfter) -> None:
    audit_log.note(db, door.person.id, "read what people added", f"outcome {effect.outcome}")


# --- over time ------------------------------------------------------------------------------------


def over_time(db: Db, door: Door, session: Session) -> OverTime:
    """The last two years by quarter, or the last year by month. Readers who do not see true counts do not see the
    current period, because it still changes.
    """
    every: Every = "month" if session.notes.get("every") == "month" else "quarter"
    return over_time_of(db, every, running=sees_true(door.person))


def over_time_of(db: Db, every: Every, *, running: bool) -> OverTime:
    firsts = _first_days(db.today, every, _PERIODS[every])
    starts = [datetime.combine(day, time(), db.rules.zone).astimezone(UTC) for day in firsts]
    judged, seen = is_used(judgements.c.person_id), is_used(revisit_answers.c.person_id)
    right = _in_periods(db, judgements.c.at, judgements.c.got_it_right, starts, judged)
    says = _in_periods(db, revisit_answers.c.at, revisit_answers.c.says, starts, seen)
    ended = _in_periods(db, revisits_table.c.ended_at, revisits_table.c.ended, starts)
    periods = [
        Period(
            day,
            {bool(key): n for key, n in right.get(place, {}).items()},
            {cast(Says, key): n for key, n in says.get(place, {}).items()},
            kept=ended.get(place, {}).get("kept", 0),
            closed=ended.get(place, {}).get("said", 0),
        )
        for place, day in enumerate(firsts)
        if running or place
    ]
    told = tuple(one for one in periods if one.right or one.says or one.kept or one.closed)
    since = starts[-1]
    return OverTime(every, told, _people(db, since, db.now if running else starts[0]), _count_open(db))


def _first_days(today: date, every: Every, many: int) -> list[date]:
    """The first days of the last `many` periods, the newest first."""
    months = 1 if every == "month" else 3
    newest = today.year * 12 + (today.month - 1) // months * months
    return [date(at // 12, at % 12 + 1, 1) for at in range(newest, newest - many * months, -months)]


def _in_periods(
    db: Db,
    at: ColumnElement[datetime],
    what: ColumnElement[Any],
    starts: list[datetime],
    *those: ColumnElement[bool],
) -> dict[int, dict[Any, int]]:
    """How often each value was given in each period, by the period's place in `starts`."""
    place = case(*((at >= literal(start, Moment()), n) for n, start in enumerate(starts))).label("place")
    query = select(place, what.label("what"), func.count().label("n"))
    rows = db.run(query.where(at >= starts[-1], what.is_not(None), *those).group_by(place, what))
    found: dict[int, dict[Any, int]] = {}
    for row in rows:
        found.setdefault(row.place, {})[row.what] = row.n
    return found


def _people(db: Db, since: datetime, until: datetime) -> int:
    """How many people gave a verdict or answered a revisit in that time."""
    judged = select(judgements.c.person_id).where(judgements.c.at >= since, judgements.c.at <= until)
    seen = select(revisit_answers.c.person_id)
    seen = seen.where(revisit_answers.c.at >= since, revisit_answers.c.at <= until)
    both = judged.union(seen).subquery()
    return int(db.run(select(func.count()).select_from(both).where(is_used(both.c.person_id))).scalar_one())


def _count_open(db: Db) -> int:
    still = revisits_table.c.state != "closed"
    return int(db.run(select(func.count()).select_from(revisits_table).where(still)).scalar_one())


HANDLERS: Handlers = {ReadAfter: EffectHandler(note_reading, right=Rights.READ_ANSWERS)}
FACTS: Loaders = {AfterCounts: after_counts, Comments: added_page, OverTime: over_time}
