"""Verifies the audit log from its first line to its end, and reports what was altered, taken out or cut off."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, bindparam, func, select

from conversations.core.record import Record, replace
from storage.core.unit_of_work import Db
from storage.security.audit_log import Head, open_head, stamped_text
from storage.security.erasure_log import LogContents
from storage.security.vault import KeyMismatch
from storage.tables import audit, audit_head

PIECE = 2000  # lines in memory at a time
_AT_MOST = 8  # stamps to try for a line, if several lines before it were altered

_NEXT = select(audit).where(audit.c.id > bindparam("after")).order_by(audit.c.id).limit(bindparam("most"))
_END = select(
    select(func.max(audit.c.id)).scalar_subquery().label("last"),
    select(audit_head.c.sealed).where(audit_head.c.id == 1).scalar_subquery().label("sealed"),
)


class AuditFault(Record):
    """A fault in the lines numbered `first` to `last`. `at` (UTC) is the line's own date; for missing lines, that of the
    last one before them.

    `foreign`: lines after the recorded end. `end`: the record of the end was altered or removed. `rolled back`: the
    erasure log knows of these lines, and they are gone; `replaced`: they are different.
    """

    what: Literal["altered", "missing", "cut off", "foreign", "end", "rolled back", "replaced"]
    first: int = 0
    last: int = 0
    at: datetime | None = None


class Walk(Record):
    """How far the verification came: the last line's number and date, and the stamps that the next line may follow."""

    line: int = 0
    began: datetime | None = None
    at: datetime | None = None
    follows: tuple[bytes, ...] = (b"",)
    stamp: bytes = b""
    faults: tuple[AuditFault, ...] = ()

    def with_fault(self, fault: AuditFault) -> "Walk":
        """Adds a fault. Adjacent altered lines become one fault."""
        *others, before = self.faults or (None,)
        if before and fault.what == before.what == "altered" and fault.first == before.last + 1:
            return replace(self, faults=(*others, replace(before, last=fault.last)))
        return replace(self, faults=(*self.faults, fault))


def count_lines(db: Db) -> int:
    return int(db.run(select(func.count()).select_from(audit)).scalar_one())


def walk_on(db: Db, walk: Walk, most: int = PIECE) -> Walk | None:
    """Verifies the next lines; None if there are no more. Each call may be its own transaction."""
    rows = db.run(_NEXT, {"after": walk.line, "most": most}).all()
    for row in rows:
        walk = _check_line(db, walk, row)
    return walk if rows else None


def check_end(db: Db, walk: Walk) -> Walk:
    """Compares the log's end with the head record, after verifying lines that were added meanwhile."""
    while True:
        # One statement, because the log and its head may grow while we read.
        row = db.run(_END).one()
        if (row.last or 0) <= walk.line:
            break
        walk = walk_on(db, walk) or walk
    found = open_head(db.vault, row.sealed) if row.sealed is not None else None
    if row.sealed is None and not walk.line:
        found = Head()
    return _check_head(walk, found)


def check_against_log(db: Db, walk: Walk, log: LogContents) -> Walk:
    """Compares the log with the last checkpoint in the erasure log. This finds a log that was cut off together with its
    head, or restored.
    """
    mark = log.checkpoint
    if mark is None or any(fault.first <= mark.lines <= fault.last for fault in walk.faults):
        return walk
    if mark.lines > walk.line:
        return walk.with_fault(AuditFault("rolled back", walk.line + 1, mark.lines, mark.at))
    stamp = db.run(select(audit.c.stamp).where(audit.c.id == mark.lines)).scalar()
    if mark.last and stamp != mark.last:
        return walk.with_fault(AuditFault("replaced", mark.lines, mark.lines, mark.at))
    return walk


def _check_head(walk: Walk, found: Head | None) -> Walk:
    here = (walk.line, walk.line, walk.at)
    if found is None:
        return walk.with_fault(AuditFault("end", *here))
    if found.lines > walk.line:
        return walk.with_fault(AuditFault("cut off", walk.line + 1, found.lines, walk.at))
    if found.lines < walk.line:
        return walk.with_fault(AuditFault("foreign", found.lines + 1, walk.line, walk.at))
    last_is_altered = bool(walk.faults) and walk.faults[-1].last == walk.line
    if found.last != walk.stamp and not last_is_altered:
        return walk.with_fault(AuditFault("end", *here))
    return walk


def _check_line(db: Db, walk: Walk, row: Row[Any]) -> Walk:
    gap = row.id > walk.line + 1
    if gap:
        walk = walk.with_fault(AuditFault("missing", walk.line + 1, row.id - 1, walk.at))
    may_be = [
        stamped_text(row.id, row.at, row.person_id, row.did, row.about, before) for before in walk.follows
    ]
    # A line after a gap cannot be checked: the line that it followed is gone.
    if gap or any(_fits(db, row.stamp, text) for text in may_be):
        had: tuple[bytes, ...] = ()
    else:
        walk = walk.with_fault(AuditFault("altered", row.id, row.id, row.at))
        # If only this line's stamp was altered, the next line still follows its original stamp.
        had = tuple(stamp for text in may_be for stamp in db.vault.stamps_ever(text))[:_AT_MOST]
    began = walk.began or row.at
    return replace(walk, line=row.id, began=began, at=row.at, follows=(row.stamp, *had), stamp=row.stamp)


def _fits(db: Db, stamp: bytes, text: str) -> bool:
    try:
        return db.vault.fits(stamp, text)
    except KeyMismatch:
        return False
