"""Where somebody is in a conversation, and which updates were taken in already."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from conversations.people import DoorKind
from conversations.speech import Session
from conversations.speech_json import session_from_json
from storage.db import Db
from storage.tables import sessions, updates

REMEMBERED = timedelta(days=8)


def first_time(db: Db, kind: DoorKind, update: str) -> bool:
    """Whether this update is new; remembers it. Two at once: one of them waits, and is told no."""
    statement = (
        db.insert(updates).values(door_kind=kind, update_id=update, at=db.now).on_conflict_do_nothing()
    )
    return db.run(statement).rowcount == 1


def taken_at(db: Db, kind: DoorKind, update: str) -> datetime | None:
    """When this update was taken in; None for a new one."""
    return db.run(
        select(updates.c.at).where(updates.c.door_kind == kind, updates.c.update_id == update)
    ).scalar()


def where(db: Db, door: int) -> Session:
    """Where somebody is at this door; other turns at it wait until this one is done."""
    query = select(sessions).where(sessions.c.door_id == door)
    row = db.run(query.with_for_update() if db.locks_rows else query).first()
    return session_from_json(row.step, row.visit, row.notes) if row else Session("")


def remember(db: Db, door: int, session: Session) -> None:
    values = {"step": session.step, "visit": session.visit, "notes": dict(session.notes), "at": db.now}
    statement = db.insert(sessions).values(door_id=door, **values)
    db.run(statement.on_conflict_do_update(index_elements=["door_id"], set_=values))


def forget_updates(db: Db) -> int:
    """Drops update ids older than any that Telegram would send again. How many they were."""
    return db.run(delete(updates).where(updates.c.at < db.now - REMEMBERED)).rowcount
