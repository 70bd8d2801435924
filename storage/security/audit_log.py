"""The audit log: who of the staff did what, when, and to what. It holds no text and names no young person.

Each line carries a stamp over itself and the line before, which only the data key can make. A sealed head record holds
the number of lines and the last stamp. So nothing can be altered, taken out or cut off unnoticed.
"""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from conversations.core.record import Record
from storage.core.sealing import SealedColumn, SealedColumns, Sealer
from storage.core.unit_of_work import Db, prepared
from storage.security.vault import KeyMismatch
from storage.tables import audit, audit_head

SEALING_CONTEXT = "audit_head:sealed"

# The statements for one line. On PostgreSQL a writer waits for the other's commit, so no two lines follow the same one.
_HEAD = select(audit_head.c.sealed).where(audit_head.c.id == 1)
_HEAD_LOCKED = _HEAD.with_for_update()
_BEGIN = prepared(lambda insert: insert(audit_head).on_conflict_do_nothing())
_PUT = prepared(lambda insert: insert(audit).on_conflict_do_nothing())
_MOVE_ON = update(audit_head).where(audit_head.c.id == 1).values(sealed=bindparam("sealed"))


class Head(Record):
    """The end of the log: its number of lines and the last one's stamp."""

    lines: int = 0
    last: bytes = b""

    def seal(self, vault: Sealer) -> bytes:
        return vault.seal(f"{self.lines} {self.last.hex()}", SEALING_CONTEXT)


def note(db: Db, by: int | None, did: str, about: str = "") -> None:
    """Adds a line. `by` is a team member's id (None: the command line); `about` is such as "consultation 3"."""
    line = {"at": db.now, "person_id": by, "did": did, "about": about}
    # If there are lines that the head does not know of, continue after them.
    if not _append(db, _lock_head(db), line):
        _append(db, Head(_last_line(db)), line)


def head(db: Db) -> Head | None:
    """The end of the log; None if its record was altered or removed."""
    sealed = db.run(_HEAD).scalar()
    if sealed is None:
        return None if _last_line(db) else Head()
    return open_head(db.vault, sealed)


def stamped_text(number: int, at: datetime, by: int | None, did: str, about: str, before: bytes) -> str:
    """The text that a line's stamp covers: all its values, and the stamp of the line before."""
    return json.dumps([number, at.astimezone(UTC).isoformat(), by, did, about, before.hex()])


def _append(db: Db, before: Head, line: dict[str, Any]) -> bool:
    """Appends a line. False if another line has its number."""
    number = before.lines + 1
    text = stamped_text(number, line["at"], line["person_id"], line["did"], line["about"], before.last)
    stamp = db.vault.stamp(text)
    if db.run(_PUT, {**line, "id": number, "stamp": stamp}).rowcount == 0:
        return False
    db.run(_MOVE_ON, {"sealed": Head(number, stamp).seal(db.vault)})
    return True


def _lock_head(db: Db) -> Head:
    """Locks the end of the log until this transaction ends, and returns it.

    If the record was lost, the log continues after the lines that are there, but with a break in the chain, which stays
    visible.
    """
    sealed = db.run(_HEAD_LOCKED).scalar()
    if sealed is None:
        db.run(_BEGIN, {"id": 1, "sealed": Head(_last_line(db)).seal(db.vault)})
        sealed = db.run(_HEAD_LOCKED).scalar_one()
    return open_head(db.vault, sealed) or Head(_last_line(db))


def open_head(vault: Sealer, sealed: bytes) -> Head | None:
    """Opens a sealed head record; None if it was altered."""
    try:
        lines, _, last = vault.open(sealed, SEALING_CONTEXT).partition(" ")
    except KeyMismatch:
        return None
    return Head(int(lines), bytes.fromhex(last))


def _last_line(db: Db) -> int:
    found: Any = db.run(select(func.max(audit.c.id))).scalar()
    return found or 0


SEALED: SealedColumns = (SealedColumn(audit_head.c.sealed, lambda _row: SEALING_CONTEXT),)
