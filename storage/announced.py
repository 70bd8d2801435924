"""The facts of what is built when it is sent: how far a broadcast is."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from conversations.progress import HowFar, Progress
from conversations.rules import next_waking
from conversations.speech import Session
from storage import broadcasts
from storage.carry import Loaders
from storage.consultations import consultation
from storage.db import Db
from storage.people import Door
from storage.tables import broadcasts as table
from storage.tables import outbox


def how_far(db: Db, _door: Door, session: Session) -> HowFar:
    return HowFar(_progress(db, session.number("broadcast")))


def _progress(db: Db, number: int) -> Progress | None:
    row = db.run(select(table).where(table.c.id == number)).first()
    if row is None:
        return None
    about = broadcasts.subject(db, row.kind, row.about)
    waking = next_waking(max(db.now, row.due), db.rules)
    return Progress(
        kind=row.kind,
        consultation=consultation(db, about) if about else None,
        **_counted(db, number),
        a_second=_a_second(db, number, next_waking(row.due, db.rules)),
        queued=row.queued_at is not None,
        goes_on=waking if waking > db.now else None,
    )


def _counted(db: Db, number: int) -> dict[str, int]:
    """People by what became of their message; those whose page was not opened yet apart."""
    by_state = (
        select(outbox.c.state, outbox.c.door_kind, func.count().label("n"))
        .where(outbox.c.broadcast_id == number)
        .group_by(outbox.c.state, outbox.c.door_kind)
    )
    counted = dict.fromkeys(("sent", "waiting", "failed", "unreachable", "unknown", "held", "on_pages"), 0)
    for row in db.run(by_state):
        state = {"taken": "waiting", "sending": "waiting", "shown": "sent"}.get(row.state, row.state)
        counted["on_pages" if state == "waiting" and row.door_kind == "web" else state] += row.n
    return counted


def _a_second(db: Db, number: int, began: datetime) -> float:
    """How many were sent a second in the last minute, or since it began."""
    seconds = min(60.0, (db.now - began).total_seconds())
    if seconds < 1:
        return 0
    since = outbox.c.settled_at > db.now - timedelta(seconds=seconds)
    lately = select(func.count()).where(outbox.c.broadcast_id == number, outbox.c.state == "sent", since)
    return int(db.run(lately).scalar_one()) / seconds


FACTS: Loaders = {HowFar: how_far}
