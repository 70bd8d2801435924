"""Which database this is, and how far it came: written down here, and in the log outside.

A backup that is put back is behind that log: what people asked for since is done again, and what had gone out since
is known not to go out by itself.
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

# Longer than the log outside, or one of its lines could seem to be new.
_REMEMBERED = KEPT_FOR + timedelta(days=30)

_ROW = select(keeping).where(keeping.c.id == 1)
_BEGIN = prepared(lambda insert: insert(keeping).on_conflict_do_nothing())
_KNOWN = prepared(lambda insert: insert(noted).on_conflict_do_nothing())
_RISE = update(keeping).where(keeping.c.id == 1).values(mark=keeping.c.mark + 1).returning(keeping.c.mark)


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


def rise(db: Db) -> Checkpoint:
    """The next checkpoint. It is written to the erasure log after the commit, never before: see `ErasureLog.add`."""
    here = state(db)
    number = int(db.run(_RISE).scalar_one())
    ends = audit_log.head(db) or audit_log.Head()
    return Checkpoint(db.now, here.lineage, number, ends.lines, ends.last)


def note(db: Db, kind: TombstoneKind, addresses: Iterable[str]) -> None:
    """Writes into the log outside what a backup must not undo of whoever has these addresses, before it is
    committed here.
    """
    stamps = [db.vault.stamp(address) for address in addresses]
    if db.erasure_log is None or not stamps:
        return
    line = new_tombstone(kind, db.now.date(), state(db).lineage, stamps)
    db.erasure_log.add(line)
    db.run(_KNOWN, {"id": line.id, "day": line.day})


def unknown(db: Db, notes: Sequence[Tombstone]) -> tuple[Tombstone, ...]:
    """Those of these lines that this database does not know of: a backup from before them was put back."""
    known = set(db.run(select(noted.c.id)).scalars()) if notes else set()
    return tuple(line for line in notes if line.id not in known)


def know(db: Db, notes: Sequence[Tombstone]) -> None:
    """What these lines tell of is done here too."""
    if notes:
        db.run_each(_KNOWN, [{"id": line.id, "day": line.day} for line in notes])


def forget_notes(db: Db) -> None:
    """Drops what the log outside has dropped before."""
    db.run(delete(noted).where(noted.c.day <= (db.now - _REMEMBERED).date()))
