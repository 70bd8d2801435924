"""Sessions, and the ids of updates that were taken in."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Executable, bindparam, delete, select

from conversations.core.channels import Channel
from conversations.core.messages import Note, Session
from conversations.core.throttle import Pace
from storage.core.unit_of_work import Db, Insert, prepared
from storage.tables import sessions, updates

REMEMBERED = timedelta(days=8)

# Every turn runs these: see `prepared`.
_NEW = prepared(lambda insert: insert(updates).on_conflict_do_nothing())
_AT = prepared(
    select(sessions.c.step, sessions.c.visit, sessions.c.notes, sessions.c.since, sessions.c.turns).where(
        sessions.c.door_id == bindparam("door")
    )
)


def _upsert(insert: Insert) -> Executable:
    new = insert(sessions)
    kept = {name: new.excluded[name] for name in ("step", "visit", "notes", "at", "since", "turns")}
    return new.on_conflict_do_update(index_elements=["door_id"], set_=kept)


_REMEMBER = prepared(_upsert)


def claim_update(db: Db, channel: Channel, update: str) -> bool:
    """Stores the id of an update. False if it was taken in already; of two at once, one waits and gets False."""
    return db.run(_NEW, {"door_kind": channel.name, "update_id": update, "at": db.now}).rowcount == 1


def received_at(db: Db, channel: Channel, update: str) -> datetime | None:
    """When this update was taken in (UTC); None for a new one."""
    return db.run(
        select(updates.c.at).where(updates.c.door_kind == channel.name, updates.c.update_id == update)
    ).scalar()


def current(db: Db, door: int) -> tuple[Session, Pace]:
    """The session at this door, and the person's pace. A turn locks the door first (`people.find_or_create_door`)."""
    row = db.run(_AT, {"door": door}).first()
    if row is None:
        return Session(""), Pace()
    return Session(row.step, row.visit, msgspec.convert(row.notes, dict[str, Note])), Pace(
        row.since, row.turns
    )


def session_at(db: Db, door: int) -> Session:
    """The session at this door."""
    return current(db, door)[0]


def remember(db: Db, door: int, session: Session, pace: Pace) -> None:
    values = {"step": session.step, "visit": session.visit, "notes": dict(session.notes), "at": db.now}
    db.run(_REMEMBER, {"door_id": door, "since": pace.since, "turns": pace.turns, **values})


def forget_updates(db: Db) -> int:
    """Deletes update ids older than any that a channel would repeat. Returns how many."""
    return db.run(delete(updates).where(updates.c.at < db.now - REMEMBERED)).rowcount
