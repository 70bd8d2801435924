"""Who is dormant: told that Heard erases them, because they were not here for long."""

from datetime import timedelta

from sqlalchemy import exists, select, update

from conversations.core.messages import Session
from conversations.people.facts import PlannedForgetting
from storage.core.dispatch import Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.tables import doors, people

NOTICE = timedelta(days=30)  # between the message and the erasure


def wake_returned(db: Db) -> None:
    """Nobody is dormant who was here since."""
    back = exists().where(doors.c.person_id == people.c.id, doors.c.used_at >= people.c.dormant_since)
    db.run(update(people).where(people.c.dormant_since.is_not(None), back).values(dormant_since=None))


def planned_forgetting(db: Db, door: Door, _session: Session) -> PlannedForgetting:
    since = db.run(select(people.c.dormant_since).where(people.c.id == door.person.id)).scalar_one_or_none()
    return PlannedForgetting(since and since + NOTICE)


FACTS: Loaders = {PlannedForgetting: planned_forgetting}
