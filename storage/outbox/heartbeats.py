"""Heartbeats that all workers share: when a channel last worked, which workers are alive, how long broadcasts pause."""

import time

from sqlalchemy import Executable, bindparam, delete, extract, func, or_, select

from storage.core.unit_of_work import Db, Insert, prepared
from storage.tables import heartbeats

WORKER = "worker:"
PAUSED = "broadcasts held"
GONE_AFTER = 20.0  # seconds without a heartbeat until another worker takes over
FORGOTTEN_AFTER = 3600.0  # seconds

_AT = prepared(select(heartbeats.c.at).where(heartbeats.c.name == bindparam("name")))
_WORKERS = select(heartbeats.c.name, heartbeats.c.at).where(
    heartbeats.c.name.startswith(WORKER, autoescape=True)
)
_STOP = delete(heartbeats).where(heartbeats.c.name == bindparam("dead"))
_OLD = delete(heartbeats).where(
    or_(heartbeats.c.at < bindparam("since"), heartbeats.c.at > bindparam("until"))
)
_SERVERS_CLOCK = prepared(select(extract("epoch", func.clock_timestamp())))


def _upsert(insert: Insert) -> Executable:
    new = insert(heartbeats)
    return new.on_conflict_do_update(index_elements=["name"], set_={"at": new.excluded.at})


_BEAT = prepared(_upsert)


def seconds(db: Db) -> float:
    """Seconds on a clock that all workers share: PostgreSQL's, or this machine's monotonic clock for SQLite."""
    if db.connection.dialect.name == "sqlite":
        return time.monotonic()
    return float(db.run(_SERVERS_CLOCK, {}).scalar_one())


def beat(db: Db, *names: str) -> None:
    """Records a heartbeat for each of these names."""
    now = seconds(db)
    db.run_each(_BEAT, [{"name": name, "at": now} for name in sorted(names)])


def pause_all(db: Db, seconds_from_now: float) -> None:
    """Pauses broadcasts in all workers, for an hour at most; then one of them tries again."""
    db.run(_BEAT, {"name": PAUSED, "at": seconds(db) + min(seconds_from_now, FORGOTTEN_AFTER)})


def pause_left(db: Db) -> float:
    """Seconds until broadcasts resume; 0 if they are not paused. A reboot resets the clock and leaves times far ahead,
    so more than an hour is ignored.
    """
    until = db.run(_AT, {"name": PAUSED}).scalar()
    ahead = float(until) - seconds(db) if until is not None else 0.0
    return ahead if 0 < ahead <= FORGOTTEN_AFTER else 0.0


def stop(db: Db, name: str) -> None:
    """Deletes a heartbeat: its owner has stopped."""
    db.run(_STOP, {"dead": name})


def seconds_since(db: Db, name: str) -> float | None:
    """Seconds since the last heartbeat. None if there was none, or if it is in the future: then the machine has
    restarted and its clock was reset.
    """
    at = db.run(_AT, {"name": name}).scalar()
    if at is None:
        return None
    ago = seconds(db) - float(at)
    return ago if ago >= 0 else None


def workers_alive(db: Db) -> frozenset[str]:
    """The names of the workers with a recent heartbeat. One in the future is from before a reboot, so its worker is
    gone.
    """
    rows = db.run(_WORKERS).all()
    now = seconds(db)  # read after the heartbeats, so that a living worker's is never in the future
    return frozenset(row.name.removeprefix(WORKER) for row in rows if 0 <= now - row.at < GONE_AFTER)


def forget_old(db: Db) -> None:
    """Deletes heartbeats of workers that are long gone, and those from before the clock was reset."""
    now = seconds(db)
    db.run(_OLD, {"since": now - FORGOTTEN_AFTER, "until": now + FORGOTTEN_AFTER})
