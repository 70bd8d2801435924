"""Sessions, and the ids of updates that were taken in."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Executable, bindparam, delete, select, update

from conversations.core.channels import Channel
from conversations.core.messages import Note, Session
from conversations.core.sitting import TOGETHER, Sitting
from conversations.core.throttle import Pace
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, Insert, prepared
from storage.tables import sessions, updates

REMEMBERED = timedelta(days=8)

# Every turn runs these: see `prepared`.
_NEW = prepared(lambda insert: insert(updates).on_conflict_do_nothing())
_FORGET = prepared(
    delete(updates).where(
        updates.c.door_kind == bindparam("kind"), updates.c.update_id == bindparam("update")
    )
)
_AT = prepared(
    select(
        sessions.c.step, sessions.c.visit, sessions.c.notes, sessions.c.since, sessions.c.turns, sessions.c.words,
        sessions.c.words_at, sessions.c.words_soft, sessions.c.offered_at, sessions.c.held,
    ).where(sessions.c.door_id == bindparam("door"))
)  # fmt: skip
_WHERE = ("step", "visit", "notes", "at", "since", "turns")
_SITTING = ("words", "words_at", "words_soft", "offered_at", "held")


def _upsert(insert: Insert, names: tuple[str, ...]) -> Executable:
    new = insert(sessions)
    kept = {name: new.excluded[name] for name in names}
    return new.on_conflict_do_update(index_elements=["door_id"], set_=kept)


_REMEMBER = prepared(lambda insert: _upsert(insert, _WHERE))
_REMEMBER_SITTING = prepared(lambda insert: _upsert(insert, (*_WHERE, *_SITTING)))


def claim_update(db: Db, channel: Channel, update: str) -> bool:
    """Stores the id of an update. False if it was taken in already; of two at once, one waits and gets False."""
    return db.run(_NEW, {"door_kind": channel.name, "update_id": update, "at": db.now}).rowcount == 1


def forget_update(db: Db, channel: Channel, update: str) -> None:
    """Forgets an update that changed nothing."""
    db.run(_FORGET, {"kind": channel.name, "update": update})


def received_at(db: Db, channel: Channel, update: str) -> datetime | None:
    """When this update was taken in (UTC); None for a new one."""
    return db.run(
        select(updates.c.at).where(updates.c.door_kind == channel.name, updates.c.update_id == update)
    ).scalar()


def current(db: Db, door: int) -> tuple[Session, Pace, Sitting]:
    """The session at this door, the person's pace, and their sitting. A turn locks the door first
    (`people.find_or_create_door`).
    """
    row = db.run(_AT, {"door": door}).first()
    if row is None:
        return Session(""), Pace(), Sitting()
    session = Session(row.step, row.visit, msgspec.convert(row.notes, dict[str, Note]))
    words, held = (
        db.vault.open(sealed, sealing_context(door, column)) if sealed else ""
        for column, sealed in (("words", row.words), ("held", row.held))
    )
    sitting = Sitting(words, row.words_at, row.words_soft, row.offered_at, held)
    return session, Pace(row.since, row.turns), sitting


def session_at(db: Db, door: int) -> Session:
    """The session at this door."""
    return current(db, door)[0]


def remember(db: Db, door: int, session: Session, pace: Pace, sitting: Sitting | None = None) -> None:
    """Stores a session. Without a `sitting`, that stays as it is."""
    values = {"step": session.step, "visit": session.visit, "notes": dict(session.notes), "at": db.now}
    values |= {"door_id": door, "since": pace.since, "turns": pace.turns}
    if sitting is None:
        db.run(_REMEMBER, values)
        return
    kept: dict[str, object] = {
        column: db.vault.seal(text, sealing_context(door, column)) if text else None
        for column, text in (("words", sitting.words), ("held", sitting.held))
    }
    kept |= {"words_at": sitting.at, "words_soft": sitting.soft}
    db.run(_REMEMBER_SITTING, {**values, **kept, "offered_at": sitting.offered_at})


def forget_words(db: Db) -> int:
    """Erases the words of rows that are over, and texts that nobody said yes to. Returns how many."""
    over = update(sessions).where(sessions.c.words_at < db.now - TOGETHER)
    return db.run(over.values(words=None, held=None, words_at=None, words_soft=False)).rowcount


def sealing_context(door: int, column: str) -> str:
    return f"sessions:{column}:{door}"


def forget_updates(db: Db) -> int:
    """Deletes update ids older than any that a channel would repeat. Returns how many."""
    return db.run(delete(updates).where(updates.c.at < db.now - REMEMBERED)).rowcount


SEALED: SealedColumns = (
    SealedColumn(sessions.c.words, lambda row: sealing_context(row["door_id"], "words")),
    SealedColumn(sessions.c.held, lambda row: sealing_context(row["door_id"], "held")),
)
