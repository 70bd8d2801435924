"""Which database this is, and how far it came: written down here, and in the log outside.

A backup that is put back is behind that log: what people asked for since is done again, and what had gone out since
is known not to go out by itself.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from storage.core.unit_of_work import Db, prepared
from storage.operations.erasure_log import KEPT_FOR, Kind, Mark, Note, new_note
from storage.security import audit_log as audit
from storage.tables import keeping, noted

# Longer than the log outside, or one of its lines could seem to be new.
_REMEMBERED = KEPT_FOR + timedelta(days=30)

_ROW = select(keeping).where(keeping.c.id == 1)
_BEGIN = prepared(lambda insert: insert(keeping).on_conflict_do_nothing())
_KNOWN = prepared(lambda insert: insert(noted).on_conflict_do_nothing())
_RISE = update(keeping).where(keeping.c.id == 1).values(mark=keeping.c.mark + 1).returning(keeping.c.mark)
_AT_NIGHT = update(keeping).where(keeping.c.id == 1).values(backup_due=bindparam("due"))
_AT = time(3)


def look(db: Db) -> Row[Any] | None:
    """The one row."""
    return db.run(_ROW).first()


def state(db: Db) -> Row[Any]:
    """The one row; made where there is none yet."""
    found = look(db)
    if found is None:
        db.run(_BEGIN, {"id": 1, "lineage": secrets.token_hex(8)})
        found = db.run(_ROW).one()
    return found


def rise(db: Db) -> Mark:
    """The next mark. It goes into the log outside after the commit, never before: see `Outside.add`."""
    here = state(db)
    number = int(db.run(_RISE).scalar_one())
    ends = audit.head(db) or audit.Head()
    return Mark(db.now, here.lineage, number, ends.lines, ends.last)


def note(db: Db, kind: Kind, addresses: Iterable[str]) -> None:
    """Writes into the log outside what a backup must not undo of whoever has these addresses, before it is
    committed here.
    """
    stamps = [db.vault.stamp(address) for address in addresses]
    if db.outside is None or not stamps:
        return
    line = new_note(kind, db.now.date(), state(db).lineage, stamps)
    db.outside.add(line)
    db.run(_KNOWN, {"id": line.id, "day": line.day})


def unknown(db: Db, notes: Sequence[Note]) -> tuple[Note, ...]:
    """Those of these lines that this database does not know of: a backup from before them was put back."""
    known = set(db.run(select(noted.c.id)).scalars()) if notes else set()
    return tuple(line for line in notes if line.id not in known)


def know(db: Db, notes: Sequence[Note]) -> None:
    """What these lines tell of is done here too."""
    if notes:
        db.run_each(_KNOWN, [{"id": line.id, "day": line.day} for line in notes])


def forget_notes(db: Db) -> None:
    """Drops what the log outside has dropped before."""
    db.run(delete(noted).where(noted.c.day <= (db.now - _REMEMBERED).date()))


# --- the nightly backup -------------------------------------------------------------------------------


def backup_is_due(db: Db) -> bool:
    """Whether it is time. The first one is due in the first night."""
    due = state(db).backup_due
    if due is None:
        db.run(_AT_NIGHT, {"due": next_night(db)})
        return False
    return bool(due <= db.now)


def claim_backup(db: Db) -> bool:
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
