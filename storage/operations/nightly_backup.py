"""When the next backup is due: every night at three, by the team's clocks."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import bindparam, update

from storage.core.unit_of_work import Db
from storage.security import lineage
from storage.tables import keeping

_AT_NIGHT = update(keeping).where(keeping.c.id == 1).values(backup_due=bindparam("due"))
_AT = time(3)


def is_due(db: Db) -> bool:
    """Whether it is time. The first one is due in the first night."""
    due = lineage.state(db).backup_due
    if due is None:
        db.run(_AT_NIGHT, {"due": next_night(db)})
        return False
    return bool(due <= db.now)


def claim(db: Db) -> bool:
    """Whether it is ours to make: nobody else's any more."""
    claimed = update(keeping).where(keeping.c.backup_due <= db.now).values(backup_due=next_night(db))
    return bool(db.run(claimed).rowcount)


def try_again(db: Db) -> None:
    """It could not be made: once more in an hour."""
    db.run(_AT_NIGHT, {"due": db.now + timedelta(hours=1)})


def backed_up(db: Db) -> None:
    db.run(update(keeping).values(backed_up_at=db.now))


def next_night(db: Db) -> datetime:
    """The next three o'clock, by the team's clocks; a little after it where a clock change leaves it out."""
    local = db.now.astimezone(db.rules.zone)
    day = local.date() if local.time() < _AT else local.date() + timedelta(days=1)
    return datetime.combine(day, _AT, db.rules.zone).astimezone(UTC)
