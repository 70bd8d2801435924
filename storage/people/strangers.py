"""People who did not agree to anything yet: what they leave goes after a day, and what all of them leave has a bound."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, select

from storage.core.unit_of_work import Db
from storage.people.people import erase
from storage.tables import doors, people, roles

BEFORE_AGREEING = timedelta(hours=24)
MOST = 20_000  # strangers at a time
_AT_ONCE = 1000  # erased in one transaction


def forget_strangers(db: Db) -> int:
    """Erases people who did not agree, have no role, and were not here for 24 hours. Returns how many."""
    lately = exists().where(doors.c.person_id == people.c.id, doors.c.used_at >= db.now - BEFORE_AGREEING)
    return erase(db, and_(_is_stranger(), ~lately))


def forget_crowd(db: Db) -> bool:
    """Erases strangers beyond MOST: first those who were here the longest ago. True if there may be more of them."""
    strangers = select(doors.c.person_id).join(people, people.c.id == doors.c.person_id).where(_is_stranger())
    beyond = strangers.order_by(doors.c.used_at.desc(), doors.c.id.desc()).offset(MOST).limit(_AT_ONCE)
    found = set(db.run(beyond).scalars())
    return bool(found) and erase(db, people.c.id.in_(found)) == _AT_ONCE


def _is_stranger() -> ColumnElement[bool]:
    return and_(people.c.agreed_at.is_(None), ~exists().where(roles.c.person_id == people.c.id))
