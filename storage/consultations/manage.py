"""Drafts of consultations, their settings, and the sample."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select, update

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
from conversations.core.themes import THEMES
from conversations.team.facts import AREA_MOST
from conversations.team.rights import Rights
from storage.consultations.consultations import DeletingConsultations, end_of_day
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.security import audit_log
from storage.tables import consultations, people

CHANGEABLE = ("draft", "scheduled")
NO_MORE = N_("That can't be changed any more. Here is how it stands.")
_SAMPLE_OPEN, _SAMPLE_ANSWERED = timedelta(weeks=3), timedelta(weeks=4)


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


HANDLERS: Handlers = {
    ImportForm: EffectHandler(import_from_workbook, right=Rights.WRITE_CONSULTATIONS),
    DropDraft: EffectHandler(drop, right=Rights.WRITE_CONSULTATIONS),
    SetAudience: EffectHandler(set_audience, right=Rights.WRITE_CONSULTATIONS),
    SetReplyBy: EffectHandler(set_reply_by, right=Rights.WRITE_CONSULTATIONS),
    SetCloses: EffectHandler(set_closes, right=Rights.WRITE_CONSULTATIONS),
    FileUnder: EffectHandler(file_under, right=Rights.WRITE_CONSULTATIONS),
}
