"""Who is asked when a consultation opens, and who took part in one."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from conversations.consultations.messages import INVITATION
from storage.consultations.consultations import consultation
from storage.core.unit_of_work import Db
from storage.outbox.broadcasts import Conditions, Recipients, in_age_bands
from storage.tables import consultations, issues, people, taking_part


def who(db: Db, number: int) -> Conditions:
    """Those whose age it fits and who have not answered yet. Whoever raised what became part of it is asked even if
    they hear of nothing else.
    """
    fits = in_age_bands(db, select(consultations.c.bands).where(consultations.c.id == number))
    return (or_(people.c.frequency != "mine", raised_part_of(number)), ~took_part(number), *fits)


def took_part(number: int) -> ColumnElement[bool]:
    theirs = taking_part.c.person_id == people.c.id
    return exists().where(theirs, taking_part.c.consultation_id == number)


def raised_part_of(number: int) -> ColumnElement[bool]:
    """What somebody raised may have become part of a consultation."""
    return exists().where(issues.c.person_id == people.c.id, issues.c.consultation_id == number)


def _closes(db: Db, number: int) -> datetime | None:
    found: datetime | None = db.run(
        select(consultations.c.closes_at).where(consultations.c.id == number)
    ).scalar()
    return found


INVITATION_RECIPIENTS = Recipients(
    INVITATION, who, about=consultation, of_consultations=lambda those: those, until=_closes
)
