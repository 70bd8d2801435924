"""The register as it is now, and its edition: two editions alike say that nothing that is published has changed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, and_, bindparam, func, select, true

from conversations.register import Entry, PartEntry, Register, Unanswered
from storage import since
from storage.consultations import consultations_where
from storage.db import Db
from storage.standings import SETTLED
from storage.subjects import ANSWERABLE
from storage.tables import (
    answers,
    consultations,
    filings,
    outcomes,
    parts,
    promise_moves,
    quotes,
    revisit_answers,
    revisits,
    status_changes,
)

_PUBLISHED = outcomes.c.state == "published"
_WAITS = and_(consultations.c.state.in_(ANSWERABLE), consultations.c.sample.is_(False))

# A sentence stands on the page as long as its person's yes, and the answer that it is read from, are as they were.
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
    .where(_WAITS, consultations.c.reply_by < bindparam("today", type_=Date()))
    .subquery()
)
# A day that was moved, a part that stands elsewhere than before; and what was said when it was looked at again. What
# people say is shown once their time is over, and that ends the round; what somebody deletes later counts too.
_SINCE = select(
    select(func.max(promise_moves.c.id)).scalar_subquery().label("moved"),
    select(func.max(status_changes.c.id)).scalar_subquery().label("changed"),
    select(func.max(revisits.c.owner_at)).scalar_subquery().label("owner_said"),
    select(func.count(revisits.c.ended_at)).scalar_subquery().label("settled"),
    select(func.sum(func.length(revisits.c.sealed))).scalar_subquery().label("added"),
    select(func.count()).select_from(revisit_answers).scalar_subquery().label("people_said"),
).subquery()
# One statement, however much there is. What else changes a published page has its row here.
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
        parts.c.outcome_id,
        parts.c.place,
        func.coalesce(parts.c.stands, parts.c.decision).label("decision"),
        parts.c.due,
        SETTLED.label("settled"),
    )
    .join(outcomes, outcomes.c.id == parts.c.outcome_id)
    .where(_PUBLISHED)
    .order_by(parts.c.outcome_id, parts.c.place)
)

Edition = tuple[object, ...]


def edition(db: Db) -> Edition:
    """What all that is published can be told by: it is another after any change, and on another day."""
    today = db.today
    return (today, *db.run(_EDITION, {"today": today}).one())


def register(db: Db) -> Register:
    today = db.today
    filed = _by_outcome(db.run(select(filings)))
    theirs = _by_outcome(db.run(_PARTS))
    entries = (
        _entry(db, row, theirs.get(row.id, ()), filed.get(row.id, ()), today) for row in db.run(_ENTRIES)
    )
    return Register(tuple(entries), _unanswered(db, today))


def _entry(
    db: Db, row: Row[Any], theirs: Iterable[Row[Any]], filed: Iterable[Row[Any]], today: date
) -> Entry:
    under = [(one.kind, one.name) for one in filed]
    return Entry(
        id=row.id,
        day=db.day_of(row.published_at),
        parts=tuple(_part(one, today) for one in theirs),
        themes=frozenset(name for kind, name in under if kind == "theme"),
        area=next((name for kind, name in under if kind == "area"), ""),
        sample=bool(row.sample),
    )


def _part(row: Row[Any], today: date) -> PartEntry:
    """A promise is late from the day after; until it is known to be kept, or closed with a reason, it stays so."""
    late = row.decision in ("doing", "will") and row.due is not None and row.due < today and not row.settled
    return PartEntry(row.place, row.decision, row.due, late)


def _unanswered(db: Db, today: date) -> tuple[Unanswered, ...]:
    order = (consultations.c.reply_by, consultations.c.id)
    late = consultations_where(db, _WAITS, consultations.c.reply_by < today, order_by=order)
    moves = since.moves_of(db, "consultation", [one.id for one in late])
    return tuple(
        Unanswered(
            title=one.form.title,
            who=one.form.decision_maker,
            language=one.form.default_language,
            reply_by=one.reply_by,
            themes=frozenset(one.themes),
            area=one.area,
            moves=moves.get(one.id, ()),
        )
        for one in late
        if one.reply_by is not None
    )


def _by_outcome(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.outcome_id, []).append(row)
    return found
