"""The recipients of invitations, and who took part in a consultation."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from conversations.consultations.messages import INVITATION
from storage.consultations.consultations import consultation
from storage.core.unit_of_work import Db
from storage.outbox.broadcasts import Conditions, Recipients, in_age_bands
from storage.tables import consultations, issues, people, taking_part


def recipients_of(db: Db, number: int) -> Conditions:
    """People in its age bands who have not answered yet. Those who raised an issue that was merged into it are invited
    even if they want only messages about what they took part in.
    """
    fits = in_age_bands(db, select(consultations.c.bands).where(consultations.c.id == number))
    return (or_(people.c.frequency != "mine", raised_part_of(number)), ~took_part(number), *fits)


def took_part(number: int) -> ColumnElement[bool]:
    theirs = taking_part.c.person_id == people.c.id
    return exists().where(theirs, taking_part.c.consultation_id == number)


def raised_part_of(number: int) -> ColumnElement[bool]:
    """Whether a person raised an issue that was merged into this consultation."""
    return exists().where(issues.c.person_id == people.c.id, issues.c.consultation_id == number)


def _closes(db: Db, number: int) -> datetime | None:
    found: datetime | None = db.run(
        select(consultations.c.closes_at).where(consultations.c.id == number)
    ).scalar()
    return found


INVITATION_RECIPIENTS = Recipients(
    INVITATION, recipients_of, about=consultation, of_consultations=lambda those: those, until=_closes
)
