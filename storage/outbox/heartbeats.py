"""Moments that every worker sees: when a channel last took a call, which workers are there, how long all wait."""

import time

from sqlalchemy import Executable, bindparam, delete, extract, func, or_, select

from storage.core.unit_of_work import Db, Insert, prepared
from storage.tables import heartbeats

READY = "ready"
WORKER = "worker:"
HELD = "broadcasts held"
GONE_AFTER = 20.0  # seconds without a sign of life, until another worker takes over what one had in hand
FORGOTTEN_AFTER = 3600.0

_AT = prepared(select(heartbeats.c.at).where(heartbeats.c.name == bindparam("name")))
_WORKERS = select(heartbeats.c.name, heartbeats.c.at).where(
    heartbeats.c.name.startswith(WORKER, autoescape=True)
)
_STOP = delete(heartbeats).where(heartbeats.c.name == bindparam("dead"))
_OLD = delete(heartbeats).where(
    or_(heartbeats.c.at < bindparam("since"), heartbeats.c.at > bindparam("until"))
)
_SERVERS_CLOCK = prepared(select(extract("epoch", func.clock_timestamp())))


def _beating(insert: Insert) -> Executable:
    new = insert(heartbeats)
    return new.on_conflict_do_update(index_elements=["name"], set_={"at": new.excluded.at})


_BEAT = prepared(_beating)


def seconds(db: Db) -> float:
    """Seconds by a clock that all workers share and nobody sets: of the database's server, or, where only one
    machine is there, since it was switched on.
    """
    if db.connection.dialect.name == "sqlite":
        return time.monotonic()
    return float(db.run(_SERVERS_CLOCK, {}).scalar_one())


def beat(db: Db, *names: str) -> None:
    """Says that these are alive."""
    now = seconds(db)
    db.run_each(_BEAT, [{"name": name, "at": now} for name in sorted(names)])


def pause_all(db: Db, seconds_from_now: float) -> None:
    """All workers wait so long with their broadcasts; an hour at most, then one of them asks again."""
    db.run(_BEAT, {"name": HELD, "at": seconds(db) + min(seconds_from_now, FORGOTTEN_AFTER)})


def paused_for(db: Db) -> float:
    """For how many seconds broadcasts wait. A clock that begins anew leaves moments far ahead: none is believed
    that is more than an hour away.
    """
    until = db.run(_AT, {"name": HELD}).scalar()
    ahead = float(until) - seconds(db) if until is not None else 0.0
    return ahead if 0 < ahead <= FORGOTTEN_AFTER else 0.0


def stop(db: Db, name: str) -> None:
    """Says that something is surely not alive any more."""
    db.run(_STOP, {"dead": name})


def since(db: Db, name: str) -> float | None:
    """How many seconds ago something was last alive; None where it never was. After a restart of the machine its
    clock begins anew, and what is in the future is long ago.
    """
    at = db.run(_AT, {"name": name}).scalar()
    if at is None:
        return None
    ago = seconds(db) - float(at)
    return ago if ago >= 0 else None


def workers_alive(db: Db) -> frozenset[str]:
    """The names of the workers that gave a sign of life lately. One in the future is of before the machine was
    started anew, and its worker is gone.
    """
    rows = db.run(_WORKERS).all()
    now = seconds(db)  # after the signs were read, so that none of a living worker is in the future
    return frozenset(row.name.removeprefix(WORKER) for row in rows if 0 <= now - row.at < GONE_AFTER)


def forget_old(db: Db) -> None:
    """Drops what nobody believes any more: workers that are long gone, and moments by a clock that began anew since."""
    now = seconds(db)
    db.run(_OLD, {"since": now - FORGOTTEN_AFTER, "until": now + FORGOTTEN_AFTER})
