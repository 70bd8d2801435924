"""Forgets young people who have not been here for long: they are told first, and anything they do here keeps them."""

from datetime import timedelta

from sqlalchemy import and_, exists, func, select, update

from conversations.people.messages import FORGETTING
from storage.core.unit_of_work import Db
from storage.outbox import outbox
from storage.people import dormant
from storage.people.dormant import NOTICE
from storage.people.people import forget
from storage.tables import cases, doors, people, roles
from storage.tables import outbox as messages

PIECE = 500  # people in one transaction; turns run between two
_MONTH = timedelta(days=365.25 / 12)

# Not the team, and nobody about whom a case is open.
_MAY_BE_FORGOTTEN = (
    ~exists().where(roles.c.person_id == people.c.id),
    ~exists().where(cases.c.person_id == people.c.id, cases.c.closed_at.is_(None)),
)


def give_notice(db: Db) -> bool:
    """Marks up to `PIECE` people who were not here for `dormant_months` as dormant, and tells those who can be reached and
    still want messages. True if there may be more.
    """
    dormant.wake_returned(db)
    quiet_since = db.now - db.rules.dormant_months * _MONTH
    long_gone = and_(
        people.c.dormant_since.is_(None),
        func.coalesce(people.c.left_at, people.c.created_at) < quiet_since,
        ~exists().where(doors.c.person_id == people.c.id, doors.c.used_at >= quiet_since),
        *_MAY_BE_FORGOTTEN,
    )
    found = db.run(select(people.c.id).where(long_gone).limit(PIECE)).scalars().all()
    db.run(update(people).where(people.c.id.in_(found)).values(dormant_since=db.now))
    for person in found:
        outbox.announce(db, person, f"dormant:{person}:{db.today}", FORGETTING, person)
    return len(found) == PIECE


def forget_dormant(db: Db) -> bool:
    """Erases up to `PIECE` people who did not come back within `NOTICE`. True if there may be more."""
    dormant.wake_returned(db)
    untold = exists().where(
        messages.c.kind == FORGETTING.name, messages.c.about == people.c.id, messages.c.state == "waiting"
    )
    over = people.c.dormant_since <= db.now - NOTICE
    due = select(people.c.id).where(over, ~untold, *_MAY_BE_FORGOTTEN).limit(PIECE)
    found = db.run(due).scalars().all()
    # A turn locks its door: with these locked, nobody comes back between the look and the erasure.
    theirs = select(doors.c.person_id, doors.c.used_at).where(doors.c.person_id.in_(found))
    back = {row.person_id for row in db.run(theirs.with_for_update()) if row.used_at > db.now - NOTICE}
    for person in set(found) - back:
        forget(db, person)
    return len(found) == PIECE
