"""Consultations: which there are, and which are open for a person."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)
from sqlalchemy import cast as sql_cast

from conversations.consultations.consultation import (
    AllConsultations,
    Consultation,
    ConsultationState,
    ListedConsultation,
    OneConsultation,
    OpenCount,
)
from conversations.consultations.form import Form
from conversations.core.messages import Session
from conversations.core.person import Band, Person
from conversations.core.record import Record
from storage.core import json_codec
from storage.core.dispatch import Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, prepared
from storage.people.using import is_used
from storage.tables import Moment, consultations, taking_part

# Nearly every turn runs these: see `prepared`.
_COLUMNS = "id", "state", "bands", "sample", "reply_by", "opens_at", "closes_at", "themes", "area"
_EACH = select(
    *(consultations.c[name] for name in _COLUMNS), sql_cast(consultations.c.form, Text).label("form")
)
_NOT_OVER = or_(
    consultations.c.closes_at.is_(None), consultations.c.closes_at > bindparam("now", type_=Moment())
)
_BY_ID = prepared(_EACH.where(consultations.c.id == bindparam("id")))
_BY_CODE = prepared(_EACH.where(consultations.c.code == bindparam("code")))
_OPEN_FOR = prepared(
    select(consultations.c.id, consultations.c.bands, taking_part.c.started_at, taking_part.c.finished_at)
    .outerjoin(
        taking_part,
        and_(
            taking_part.c.consultation_id == consultations.c.id,
            taking_part.c.person_id == bindparam("person"),
        ),
    )
    .where(
        consultations.c.state == "open",
        _NOT_OVER,
    )
)
_OPEN = prepared(
    _EACH.where(consultations.c.state == "open", _NOT_OVER).order_by(
        consultations.c.closes_at.is_(None), consultations.c.closes_at, consultations.c.id
    )
)


class DeletingConsultations(Record):
    """Event: consultations are about to be deleted. `ids` selects them."""

    ids: Select[tuple[int]]


def consultation(db: Db, number: int) -> Consultation | None:
    """The consultation with this id; None if it was deleted. Cached, because a turn asks for it often."""
    key = ("consultation", number)
    if key not in db.cache:
        row = db.run(_BY_ID, {"id": number}).first()
        db.cache[key] = _consultation(row) if row else None
    found: Consultation | None = db.cache[key]
    return found


def by_code(db: Db, code: str) -> Consultation | None:
    """The consultation with this form_id; None if there is none."""
    row = db.run(_BY_CODE, {"code": code}).first()
    return _consultation(row) if row else None


def codes(db: Db) -> tuple[str, ...]:
    """All form_ids, in order."""
    return tuple(db.run(select(consultations.c.code).order_by(consultations.c.code)).scalars())


def consultations_where(
    db: Db, *conditions: ColumnElement[bool], order_by: Iterable[ColumnElement[Any]] = ()
) -> list[Consultation]:
    """The consultations that meet all conditions."""
    return [_consultation(row) for row in db.run(_EACH.where(*conditions).order_by(*order_by))]


def open_ones(db: Db) -> list[Consultation]:
    """All open consultations, the one that closes first at the top."""
    return [_consultation(row) for row in db.run(_OPEN, {"now": db.now})]


def open_count(db: Db, door: Door, _session: Session) -> OpenCount:
    """How many open consultations the person has not finished, and the one that they began last."""
    found = db.run(_OPEN_FOR, {"person": door.person.id, "now": db.now})
    waiting = [row for row in found if row.finished_at is None and fits(row.bands, door.person)]
    begun = max((row for row in waiting if row.started_at), key=lambda row: row.started_at, default=None)
    return OpenCount(len(waiting), begun.id if begun else None)


def consultation_in(db: Db, session: Session) -> Consultation | None:
    """The consultation that a session's notes name: by `consultation`, its id, or by `code`, its form_id."""
    number, code = session.notes.get("consultation"), session.notes.get("code")
    if isinstance(number, int):
        return consultation(db, number)
    return by_code(db, code) if isinstance(code, str) else None


def one_consultation(db: Db, _door: Door, session: Session) -> OneConsultation:
    return OneConsultation(consultation_in(db, session))


def all_consultations(db: Db, _door: Door, _session: Session) -> AllConsultations:
    """All consultations: open, scheduled, drafts, then the rest; in each state the newest first."""
    state = case({"open": 0, "scheduled": 1, "draft": 2}, value=consultations.c.state, else_=3)
    found = consultations_where(db, order_by=(state, consultations.c.id.desc()))
    counted = select(taking_part.c.consultation_id, func.count().label("n"))
    counted = counted.where(is_used(taking_part.c.person_id))
    of_each = {row[0]: row.n for row in db.run(counted.group_by(taking_part.c.consultation_id))}
    return AllConsultations(tuple(ListedConsultation(about, of_each.get(about.id, 0)) for about in found))


def fits(bands: Collection[str], person: Person) -> bool:
    """Whether these age bands include the person; no band means everybody."""
    return not bands or person.band in bands


def end_of_day(day: date, db: Db) -> datetime:
    """The last second of a day in the team's time zone, in UTC. What closes on a day is open all that day."""
    return datetime.combine(day, time(23, 59, 59), db.rules.zone).astimezone(UTC)


def _consultation(row: Row[Any]) -> Consultation:
    return Consultation(
        id=row.id,
        state=cast(ConsultationState, row.state),
        form=_form(row.form),
        bands=cast("tuple[Band, ...]", tuple(row.bands)),
        sample=row.sample,
        reply_by=row.reply_by,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        themes=tuple(row.themes),
        area=row.area,
    )


@lru_cache(maxsize=64)
def _form(stored: str) -> Form:
    """Parses a form once. The cache key is the stored text, so a changed draft is parsed again."""
    return json_codec.loads(stored, Form)


FACTS: Loaders = {
    OpenCount: open_count,
    OneConsultation: one_consultation,
    AllConsultations: all_consultations,
}
