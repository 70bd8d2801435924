"""Decides by role and step whether an uploaded file is expected. Any other file is not read."""

from typing import Literal

from conversations.outcomes.write.picture import STEP
from conversations.team.rights import Rights
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.people import sessions

ExpectedFile = Literal["workbook", "picture"]


def expected_file(db: Db, door: Door | None) -> ExpectedFile | None:
    """How a file that is uploaded at this door is read; None if it is not read."""
    if door is None:
        return None
    if door.person.may(Rights.PUBLISH_OUTCOMES) and sessions.session_at(db, door.id).step == STEP:
        return "picture"
    return "workbook" if door.person.may(Rights.WRITE_CONSULTATIONS) else None
