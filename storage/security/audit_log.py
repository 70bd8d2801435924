"""What staff did, in order: who, when, and with what. Never a text, never a young person.

Each line carries a stamp over itself and the line before, which only the data key can make; a sealed record says
how many lines there are, and the last stamp. So nothing can be altered, taken out or cut off unnoticed.
"""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from conversations.core.record import record
from storage.core.sealing import SealedColumn, SealedColumns, Sealer
from storage.core.unit_of_work import Db, prepared
from storage.security.vault import KeyMismatch
from storage.tables import audit, audit_head

PLACE = "audit_head:sealed"

# A line costs these three. On PostgreSQL whoever writes one waits for the other's commit, so that no two follow
# the same line.
_HEAD = select(audit_head.c.sealed).where(audit_head.c.id == 1)
_HEAD_LOCKED = _HEAD.with_for_update()
_BEGIN = prepared(lambda insert: insert(audit_head).on_conflict_do_nothing())
_PUT = prepared(lambda insert: insert(audit).on_conflict_do_nothing())
_MOVE_ON = update(audit_head).where(audit_head.c.id == 1).values(sealed=bindparam("sealed"))


@record
class Head:
    """Where the log ends: how many lines, and the last one's stamp."""

    lines: int = 0
    last: bytes = b""

    def sealed(self, vault: Sealer) -> bytes:
        return vault.seal(f"{self.lines} {self.last.hex()}", PLACE)


def note(db: Db, by: int | None, did: str, about: str = "") -> None:
    """Adds a line: `by` is a person of the team (none: the command line), `about` such as "consultation 3"."""
    line = {"at": db.now, "person_id": by, "did": did, "about": about}
    # Where lines stand that the record does not know of, the log goes on after them.
    if not _put(db, _locked(db), line):
        _put(db, Head(_last_line(db)), line)


def head(db: Db) -> Head | None:
    """Where the log ends; None where that was altered, or taken away from under its lines."""
    sealed = db.run(_HEAD).scalar()
    if sealed is None:
        return None if _last_line(db) else Head()
    return opened(db.vault, sealed)


def written(number: int, at: datetime, by: int | None, did: str, about: str, before: bytes) -> str:
    """A line as it is stamped: all that it says, and the stamp of the line before."""
    return json.dumps([number, at.astimezone(UTC).isoformat(), by, did, about, before.hex()])


def _put(db: Db, before: Head, line: dict[str, Any]) -> bool:
    """Whether it was put there: not where another line has its number."""
    number = before.lines + 1
    text = written(number, line["at"], line["person_id"], line["did"], line["about"], before.last)
    stamp = db.vault.stamp(text)
    if db.run(_PUT, {**line, "id": number, "stamp": stamp}).rowcount == 0:
        return False
    db.run(_MOVE_ON, {"sealed": Head(number, stamp).sealed(db.vault)})
    return True


def _locked(db: Db) -> Head:
    """Where the log ends, until this transaction is over.

    Where the record was lost, the log goes on after what is there, but not as if it followed: that stays visible.
    """
    sealed = db.run(_HEAD_LOCKED).scalar()
    if sealed is None:
        db.run(_BEGIN, {"id": 1, "sealed": Head(_last_line(db)).sealed(db.vault)})
        sealed = db.run(_HEAD_LOCKED).scalar_one()
    return opened(db.vault, sealed) or Head(_last_line(db))


def opened(vault: Sealer, sealed: bytes) -> Head | None:
    """None where the record was altered."""
    try:
        lines, _, last = vault.open(sealed, PLACE).partition(" ")
    except KeyMismatch:
        return None
    return Head(int(lines), bytes.fromhex(last))


def _last_line(db: Db) -> int:
    found: Any = db.run(select(func.max(audit.c.id))).scalar()
    return found or 0


SEALED: SealedColumns = (SealedColumn(audit_head.c.sealed, lambda _row: PLACE),)
