"""Where somebody is in a conversation, and which updates were taken in already."""

from datetime import datetime, timedelta

from sqlalchemy import Executable, bindparam, delete, select

from conversations.core.channels import Channel
from conversations.core.messages import Session
from conversations.core.messages_json import session_from_json
from conversations.core.throttle import Pace
from storage.core.unit_of_work import Db, Insert, prepared
from storage.tables import sessions, updates

REMEMBERED = timedelta(days=8)

# Every turn carries these out.
_NEW = prepared(lambda insert: insert(updates).on_conflict_do_nothing())
_AT = prepared(
    select(sessions.c.step, sessions.c.visit, sessions.c.notes, sessions.c.since, sessions.c.turns).where(
        sessions.c.door_id == bindparam("door")
    )
)


def _remembering(insert: Insert) -> Executable:
    new = insert(sessions)
    kept = {name: new.excluded[name] for name in ("step", "visit", "notes", "at", "since", "turns")}
    return new.on_conflict_do_update(index_elements=["door_id"], set_=kept)


_REMEMBER = prepared(_remembering)


def first_time(db: Db, channel: Channel, update: str) -> bool:
    """Whether this update is new; remembers it. Two at once: one of them waits, and is told no."""
    return db.run(_NEW, {"door_kind": channel.name, "update_id": update, "at": db.now}).rowcount == 1


def taken_at(db: Db, channel: Channel, update: str) -> datetime | None:
    """When this update was taken in; None for a new one."""
    return db.run(
        select(updates.c.at).where(updates.c.door_kind == channel.name, updates.c.update_id == update)
    ).scalar()


def current(db: Db, door: int) -> tuple[Session, Pace]:
    """Where somebody is at this door, and how fast they go. A turn has locked the door before it asks
    (`people.come_in`).
    """
    row = db.run(_AT, {"door": door}).first()
    if row is None:
        return Session(""), Pace()
    return session_from_json(row.step, row.visit, row.notes), Pace(row.since, row.turns)


def where(db: Db, door: int) -> Session:
    """Where somebody is at this door."""
    return current(db, door)[0]


def remember(db: Db, door: int, session: Session, pace: Pace) -> None:
    values = {"step": session.step, "visit": session.visit, "notes": dict(session.notes), "at": db.now}
    db.run(_REMEMBER, {"door_id": door, "since": pace.since, "turns": pace.turns, **values})


def forget_updates(db: Db) -> int:
    """Drops update ids older than any that a channel would send again. How many they were."""
    return db.run(delete(updates).where(updates.c.at < db.now - REMEMBERED)).rowcount
