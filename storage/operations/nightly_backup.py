"""The schedule of nightly backups: three o'clock in the team's time zone."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import bindparam, update

from storage.core.unit_of_work import Db
from storage.security import lineage
from storage.tables import keeping

_AT_NIGHT = update(keeping).where(keeping.c.id == 1).values(backup_due=bindparam("due"))
_AT = time(3)


def is_due(db: Db) -> bool:
    """Whether a backup is due. The first one is due in the first night."""
    due = lineage.find_or_create(db).backup_due
    if due is None:
        db.run(_AT_NIGHT, {"due": next_night(db)})
        return False
    return bool(due <= db.now)


def claim(db: Db) -> bool:
    """Claims a due backup for this worker. False if another was quicker."""
    claimed = update(keeping).where(keeping.c.backup_due <= db.now).values(backup_due=next_night(db))
    return bool(db.run(claimed).rowcount)


def retry_later(db: Db) -> None:
    """Makes a failed backup due again in an hour."""
    db.run(_AT_NIGHT, {"due": db.now + timedelta(hours=1)})


def mark_done(db: Db) -> None:
    db.run(update(keeping).values(backed_up_at=db.now))


def next_night(db: Db) -> datetime:
    """The next three o'clock in the team's time zone, in UTC; a little later if a clock change skips it."""
    local = db.now.astimezone(db.rules.zone)
    day = local.date() if local.time() < _AT else local.date() + timedelta(days=1)
    return datetime.combine(day, _AT, db.rules.zone).astimezone(UTC)
