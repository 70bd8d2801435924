"""Consultations: drafts, their settings, and which are open for a person."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
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
    delete,
    exists,
    func,
    or_,
    select,
    update,
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
from conversations.consultations.effects import (
    DropDraft,
    FileUnder,
    ImportForm,
    SetAudience,
    SetCloses,
    SetReplyBy,
)
from conversations.consultations.form import Form
from conversations.consultations.sample import BUSES
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.person import Band, Person
from conversations.core.record import Record
from conversations.core.themes import THEMES
from conversations.team.facts import AREA_MOST
from conversations.team.rights import Rights
from storage.core import json_codec
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, prepared
from storage.security import audit_log
from storage.tables import Moment, consultations, people, taking_part

CHANGEABLE = ("draft", "scheduled")
NO_MORE = N_("That can't be changed any more. Here is how it stands.")
_SAMPLE_OPEN, _SAMPLE_ANSWERED = timedelta(weeks=3), timedelta(weeks=4)


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


# --- a draft --------------------------------------------------------------------------------------


def import_form(db: Db, form: Form, made_by: int | None) -> int:
    """Imports a form as a draft, replacing a draft with the same form_id. Returns its id. Raises Refused if that form_id
    has been used to ask people.
    """
    values = {
        "code": form.code,
        "state": "draft",
        "form": form,
        "bands": list(form.audience),
        "themes": list(form.themes),
        "area": form.area,
        "reply_by": form.reply_by,
        "closes_at": end_of_day(form.closes, db) if form.closes else None,
        "made_by": made_by,
        "made_at": db.now,
    }
    new = db.insert(consultations).values(**values)
    again = new.on_conflict_do_update(
        index_elements=["code"], set_=values, where=consultations.c.state == "draft"
    )
    number = db.run(again.returning(consultations.c.id)).scalar()
    if number is None:
        raise Refused(
            N_(
                "People were asked under this form_id already, so it stays as it is. Give the workbook another form_id, and send it again."
            )
        )
    audit_log.note(db, made_by, "took in a workbook", f"consultation {number}")
    return int(number)


def import_from_workbook(db: Db, door: Door, effect: ImportForm) -> dict[str, str]:
    return {"consultation": str(import_form(db, effect.form, door.person.id))}


def drop(db: Db, door: Door, effect: DropDraft) -> None:
    draft = _in_state(effect.consultation, "draft")
    db.run(select(consultations.c.id).where(draft).with_for_update())
    db.run_hooks(DeletingConsultations(select(consultations.c.id).where(draft)))
    if db.run(delete(consultations).where(draft)).rowcount == 0:
        raise Refused(N_("That isn't a draft any more, so it stays."))
    audit_log.note(db, door.person.id, "deleted a draft", f"consultation {effect.consultation}")


def set_audience(db: Db, _door: Door, effect: SetAudience) -> None:
    change(db, effect.consultation, *CHANGEABLE, bands=list(effect.bands))


def set_reply_by(db: Db, _door: Door, effect: SetReplyBy) -> None:
    change(db, effect.consultation, *CHANGEABLE, reply_by=effect.day)


def set_closes(db: Db, door: Door, effect: SetCloses) -> None:
    closes = end_of_day(effect.day, db) if effect.day else None
    change(db, effect.consultation, *CHANGEABLE, "open", closes_at=closes)
    audit_log.note(db, door.person.id, "set the closing day", f"consultation {effect.consultation}")


def file_under(db: Db, _door: Door, effect: FileUnder) -> None:
    """Sets the themes and area under which its outcome will be found. Refused once it has an outcome."""
    if set(effect.themes) - THEMES.keys() or len(effect.area) > AREA_MOST:
        raise Refused(NO_MORE)
    themes = list(effect.themes)
    change(db, effect.consultation, *CHANGEABLE, "open", "closed", themes=themes, area=effect.area)


def change(db: Db, number: int, *states: str, why_not: str = NO_MORE, **values: object) -> None:
    """Updates a consultation in one of these states. Raises Refused if it is in another."""
    if db.run(update(consultations).where(_in_state(number, *states)).values(**values)).rowcount == 0:
        raise Refused(why_not)


def _in_state(number: int, *states: str) -> ColumnElement[bool]:
    return (consultations.c.id == number) & consultations.c.state.in_(states)


def offer_sample(db: Db) -> None:
    """Opens the sample consultation in a new database, so that Heard can be tried at once."""
    somebody = select(exists(select(people.c.id))).scalar_subquery()
    something = select(exists(select(consultations.c.id))).scalar_subquery()
    if db.run(select(somebody | something)).scalar():
        return
    today = db.today
    values: dict[str, date | datetime | str | bool] = {
        "state": "open",
        "sample": True,
        "opens_at": db.now,
        "closes_at": end_of_day(today + _SAMPLE_OPEN, db),
        "reply_by": today + _SAMPLE_ANSWERED,
    }
    import_form(db, BUSES, None)
    db.run(update(consultations).where(consultations.c.code == BUSES.code).values(**values))


FACTS: Loaders = {
    OpenCount: open_count,
    OneConsultation: one_consultation,
    AllConsultations: all_consultations,
}
HANDLERS: Handlers = {
    ImportForm: EffectHandler(import_from_workbook, right=Rights.WRITE_CONSULTATIONS),
    DropDraft: EffectHandler(drop, right=Rights.WRITE_CONSULTATIONS),
    SetAudience: EffectHandler(set_audience, right=Rights.WRITE_CONSULTATIONS),
    SetReplyBy: EffectHandler(set_reply_by, right=Rights.WRITE_CONSULTATIONS),
    SetCloses: EffectHandler(set_closes, right=Rights.WRITE_CONSULTATIONS),
    FileUnder: EffectHandler(file_under, right=Rights.WRITE_CONSULTATIONS),
}
