"""Decides whether an uploaded file is expected here, by role and step. Any other file stays unread."""

from typing import Literal

from conversations.outcomes.write.picture import STEP
from conversations.team.rights import Rights
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.people import sessions

Awaited = Literal["workbook", "picture"]


def awaited(db: Db, door: Door | None) -> Awaited | None:
    """What a file that comes in at this door is read as; None where nobody reads it."""
    if door is None:
        return None
    if door.person.may(Rights.PUBLISH_OUTCOMES) and sessions.session_at(db, door.id).step == STEP:
        return "picture"
    return "workbook" if door.person.may(Rights.WRITE_CONSULTATIONS) else None
