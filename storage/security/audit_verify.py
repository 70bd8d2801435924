"""Walks the audit log from its first line to its end, and says what was altered, taken out or cut off."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, bindparam, func, select

from conversations.core.record import record
from storage.core.unit_of_work import Db
from storage.security.audit_log import Head, opened, written
from storage.security.erasure_log import LogContents
from storage.security.vault import KeyMismatch
from storage.tables import audit, audit_head

PIECE = 2000  # lines in memory at a time
_AT_MOST = 8  # stamps that a line may have had, where several before it were altered

_NEXT = select(audit).where(audit.c.id > bindparam("after")).order_by(audit.c.id).limit(bindparam("most"))
_END = select(
    select(func.max(audit.c.id)).scalar_subquery().label("last"),
    select(audit_head.c.sealed).where(audit_head.c.id == 1).scalar_subquery().label("sealed"),
)


@record
class AuditFault:
    """What is not as it was written, from one line's number to another's. `at` (UTC) is the date of the line
    itself; of lines that are not there, that of the last one before them.

    `foreign` are lines after the end; `end`: the record of the end was altered or taken away. `rolled back`: the log
    outside the database knows of these lines since then, and they are not there; `replaced`: they are others.
    """

    what: Literal["altered", "missing", "cut off", "foreign", "end", "rolled back", "replaced"]
    first: int = 0
    last: int = 0
    at: datetime | None = None


@record
class Walk:
    """How far the walk came: the last line's number, its date, and the stamps that the next may follow."""

    line: int = 0
    began: datetime | None = None
    at: datetime | None = None
    follows: tuple[bytes, ...] = (b"",)
    stamp: bytes = b""
    faults: tuple[AuditFault, ...] = ()

    def with_fault(self, fault: AuditFault) -> "Walk":
        """Neighbours with the same fault are told as one."""
        *others, before = self.faults or (None,)
        if before and fault.what == before.what == "altered" and fault.first == before.last + 1:
            return replace(self, faults=(*others, replace(before, last=fault.last)))
        return replace(self, faults=(*self.faults, fault))


def how_many(db: Db) -> int:
    return int(db.run(select(func.count()).select_from(audit)).scalar_one())


def walk_on(db: Db, walk: Walk, most: int = PIECE) -> Walk | None:
    """Looks at the next lines; None when there are no more. Each call may be a transaction of its own."""
    rows = db.run(_NEXT, {"after": walk.line, "most": most}).all()
    for row in rows:
        walk = _line(db, walk, row)
    return walk if rows else None


def ended(db: Db, walk: Walk) -> Walk:
    """Holds the end of the log against the record of it, after whatever came to it meanwhile."""
    while True:
        # In one statement: the log may grow while it is read, and its record grows with it.
        row = db.run(_END).one()
        if (row.last or 0) <= walk.line:
            break
        walk = walk_on(db, walk) or walk
    found = opened(db.vault, row.sealed) if row.sealed is not None else None
    if row.sealed is None and not walk.line:
        found = Head()
    return _against(walk, found)


def beside(db: Db, walk: Walk, log: LogContents) -> Walk:
    """Holds the log against what is noted of it outside the database: where it was cut off, and its record with it,
    or all of it was put back.
    """
    mark = log.mark
    if mark is None or any(fault.first <= mark.lines <= fault.last for fault in walk.faults):
        return walk
    if mark.lines > walk.line:
        return walk.with_fault(AuditFault("rolled back", walk.line + 1, mark.lines, mark.at))
    stamp = db.run(select(audit.c.stamp).where(audit.c.id == mark.lines)).scalar()
    if mark.last and stamp != mark.last:
        return walk.with_fault(AuditFault("replaced", mark.lines, mark.lines, mark.at))
    return walk


def _against(walk: Walk, found: Head | None) -> Walk:
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


def _line(db: Db, walk: Walk, row: Row[Any]) -> Walk:
    gap = row.id > walk.line + 1
    if gap:
        walk = walk.with_fault(AuditFault("missing", walk.line + 1, row.id - 1, walk.at))
    may_be = [written(row.id, row.at, row.person_id, row.did, row.about, before) for before in walk.follows]
    # What a line after a gap followed is not there to be held against it.
    if gap or any(_fits(db, row.stamp, text) for text in may_be):
        had: tuple[bytes, ...] = ()
    else:
        walk = walk.with_fault(AuditFault("altered", row.id, row.id, row.at))
        # Where only this line's stamp was altered, the next one still follows the stamp that it had.
        had = tuple(stamp for text in may_be for stamp in db.vault.stamps_ever(text))[:_AT_MOST]
    began = walk.began or row.at
    return replace(walk, line=row.id, began=began, at=row.at, follows=(row.stamp, *had), stamp=row.stamp)


def _fits(db: Db, stamp: bytes, text: str) -> bool:
    try:
        return db.vault.fits(stamp, text)
    except KeyMismatch:
        return False
