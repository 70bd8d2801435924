"""The register of published outcomes, and its edition: equal editions mean that nothing published has changed."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Date, Row, and_, bindparam, func, select, true

from conversations.changes.register import LateAnswer, PartEntry, Register, RegisterEntry, WithdrawnEntry
from conversations.promises.promise import Promise
from storage.core.unit_of_work import Db
from storage.outcomes import subjects
from storage.people.using import is_used
from storage.promises.promises import OWED, overdue
from storage.tables import (
    answers,
    consultations,
    corrections,
    filings,
    outcomes,
    parts,
    promise_moves,
    quotes,
    revisit_answers,
    revisits,
    status_changes,
)
from storage.team import corrections as stored

_PUBLISHED = outcomes.c.state == "published"

# Quotes on published pages. They change with the person's consent and with the answer itself.
_QUOTED = (
    select(func.count().label("n"), func.sum(quotes.c.id).label("which"), func.max(answers.c.at).label("at"))
    .select_from(parts)
    .join(quotes, quotes.c.id == parts.c.quote_id)
    .join(
        answers,
        and_(
            answers.c.person_id == quotes.c.person_id,
            answers.c.consultation_id == quotes.c.consultation_id,
            answers.c.question == quotes.c.question,
            answers.c.sealed.is_not(None),
            ~answers.c.skipped,
            is_used(answers.c.person_id),
        ),
    )
    .where(quotes.c.state == "yes")
    .subquery()
)
_OUTCOMES = (
    select(
        func.count().label("n"),
        func.sum(outcomes.c.id).label("which"),
        func.max(outcomes.c.published_at).label("at"),
    )
    .where(_PUBLISHED)
    .subquery()
)
_LATE = (
    select(
        func.count().label("n"),
        func.sum(consultations.c.id).label("which"),
        func.max(consultations.c.reply_by).label("at"),
    )
    .where(
        OWED, consultations.c.sample.is_(False), consultations.c.reply_by < bindparam("today", type_=Date())
    )
    .subquery()
)
# Moved days, status changes and revisits. People's answers are shown once their round has ended; answers deleted later
# change the count too.
_SINCE = select(
    select(func.max(promise_moves.c.id)).scalar_subquery().label("moved"),
    select(func.max(status_changes.c.id)).scalar_subquery().label("changed"),
    select(func.max(revisits.c.owner_at)).scalar_subquery().label("owner_said"),
    select(func.count(revisits.c.ended_at)).scalar_subquery().label("settled"),
    select(func.sum(func.length(revisits.c.sealed))).scalar_subquery().label("added"),
    select(func.count())
    .select_from(revisit_answers)
    .where(is_used(revisit_answers.c.person_id))
    .scalar_subquery()
    .label("people_said"),
    select(func.max(corrections.c.id)).scalar_subquery().label("corrected"),
).subquery()
# One statement, whatever the size. Anything new that changes a published page needs its column here.
_EDITION = select(_OUTCOMES, _QUOTED, _LATE, _SINCE).select_from(
    _OUTCOMES.join(_QUOTED, true()).join(_LATE, true()).join(_SINCE, true())
)

_ENTRIES = (
    select(outcomes.c.id, outcomes.c.published_at, consultations.c.sample)
    .outerjoin(consultations, consultations.c.id == outcomes.c.consultation_id)
    .where(_PUBLISHED)
    .order_by(outcomes.c.published_at.desc(), outcomes.c.id.desc())
)
_PARTS = (
    select(
        parts.c.id,
        parts.c.outcome_id,
        parts.c.place,
        func.coalesce(parts.c.stands, parts.c.decision).label("decision"),
        parts.c.due,
    )
    .join(outcomes, outcomes.c.id == parts.c.outcome_id)
    .where(_PUBLISHED)
    .order_by(parts.c.outcome_id, parts.c.place)
)

Edition = tuple[object, ...]


def edition(db: Db) -> Edition:
    """A value that differs after any change to what is published, and on another day."""
    today = db.today
    return (today, *db.run(_EDITION, {"today": today}).one())


def register(db: Db) -> Register:
    filed = _by_outcome(db.run(select(filings)))
    theirs = _by_outcome(db.run(_PARTS))
    late = overdue(db)
    parts_late = {one.of.id for one in late if one.of.kind == "part"}
    entries = (
        _entry(db, row, theirs.get(row.id, ()), filed.get(row.id, ()), parts_late) for row in db.run(_ENTRIES)
    )
    return Register(tuple(entries), tuple(_late_answers(late)), _withdrawn(db))


def _withdrawn(db: Db) -> tuple[WithdrawnEntry, ...]:
    """The notices of withdrawn outcomes, without samples and without those whose subject was deleted."""
    rows = stored.rows_where(db, corrections.c.kind == "outcome", corrections.c.withdrawn)
    abouts = subjects.abouts(db, {subjects.subject_in(row) for row in rows}) if rows else {}
    found = [(row, abouts.get(subjects.subject_in(row))) for row in reversed(rows)]
    return tuple(
        WithdrawnEntry(row.about, about, row.published_at, stored.correction_in(row))
        for row, about in found
        if about and not about.sample
    )


def _entry(
    db: Db, row: Row[Any], theirs: Iterable[Row[Any]], filed: Iterable[Row[Any]], late: Collection[int]
) -> RegisterEntry:
    under = [(one.kind, one.name) for one in filed]
    return RegisterEntry(
        id=row.id,
        day=db.day_of(row.published_at),
        parts=tuple(PartEntry(one.place, one.decision, one.due, one.id in late) for one in theirs),
        themes=frozenset(name for kind, name in under if kind == "theme"),
        area=next((name for kind, name in under if kind == "area"), ""),
        sample=bool(row.sample),
    )


def _late_answers(late: Iterable[Promise]) -> Iterator[LateAnswer]:
    """The late replies, without samples, for which nobody really waits."""
    for one in late:
        form = one.about.form
        if one.of.kind == "consultation" and form is not None and not one.about.sample:
            yield LateAnswer(
                title=form.title,
                who=form.decision_maker,
                language=form.default_language,
                reply_by=one.due,
                themes=frozenset(one.about.themes),
                area=one.about.area,
                moves=one.moves,
            )


def _by_outcome(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.outcome_id, []).append(row)
    return found
