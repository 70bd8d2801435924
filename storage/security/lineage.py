"""A database's lineage and checkpoint number, kept in the database and in the erasure log.

A restored backup is behind that log. So Heard repeats the erasures since then, and holds the broadcasts that may have
been sent already.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update

from storage.core.unit_of_work import Db, prepared
from storage.security import audit_log
from storage.security.erasure_log import KEPT_FOR, Checkpoint, Tombstone, TombstoneKind, new_tombstone
from storage.tables import keeping, noted

# Longer than the erasure log keeps its lines, or one of them could seem new.
_REMEMBERED = KEPT_FOR + timedelta(days=30)

_ROW = select(keeping).where(keeping.c.id == 1)
_BEGIN = prepared(lambda insert: insert(keeping).on_conflict_do_nothing())
_KNOWN = prepared(lambda insert: insert(noted).on_conflict_do_nothing())
_RISE = update(keeping).where(keeping.c.id == 1).values(mark=keeping.c.mark + 1).returning(keeping.c.mark)


def find(db: Db) -> Row[Any] | None:
    """The one row; None if there is none yet."""
    return db.run(_ROW).first()


def find_or_create(db: Db) -> Row[Any]:
    """The one row; created if there is none yet."""
    found = find(db)
    if found is None:
        db.run(_BEGIN, {"id": 1, "lineage": secrets.token_hex(8)})
        found = db.run(_ROW).one()
    return found


def next_checkpoint(db: Db) -> Checkpoint:
    """The next checkpoint. It is written to the erasure log after the commit, never before: see `ErasureLog.add`."""
    here = find_or_create(db)
    number = int(db.run(_RISE).scalar_one())
    ends = audit_log.head(db) or audit_log.Head()
    return Checkpoint(db.now, here.lineage, number, ends.lines, ends.last)


def note(db: Db, kind: TombstoneKind, named: Iterable[str]) -> None:
    """Adds a tombstone to the erasure log before this transaction commits: for the person with these addresses, or for a
    case.
    """
    stamps = [db.vault.stamp(name) for name in named]
    if db.erasure_log is None or not stamps:
        return
    line = new_tombstone(kind, db.now.date(), find_or_create(db).lineage, stamps)
    db.erasure_log.add(line)
    db.run(_KNOWN, {"id": line.id, "day": line.day})


def unknown_tombstones(db: Db, notes: Sequence[Tombstone]) -> tuple[Tombstone, ...]:
    """The tombstones that this database does not know, because it is a backup from before them."""
    known = set(db.run(select(noted.c.id)).scalars()) if notes else set()
    return tuple(line for line in notes if line.id not in known)


def mark_known(db: Db, notes: Sequence[Tombstone]) -> None:
    """Records that this database has applied these tombstones."""
    if notes:
        db.run_each(_KNOWN, [{"id": line.id, "day": line.day} for line in notes])


def forget_old_tombstones(db: Db) -> None:
    """Deletes the ids of tombstones that the erasure log has dropped already."""
    db.run(delete(noted).where(noted.c.day <= (db.now - _REMEMBERED).date()))
