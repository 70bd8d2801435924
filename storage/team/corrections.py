"""What was corrected and withdrawn: stored without its text, for as long as the notice stands."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from conversations.team.corrections import Correction, PublishedKind, Why
from storage.core.unit_of_work import Db, new_id
from storage.security import audit_log
from storage.tables import corrections


def add(
    db: Db, by: int | None, kind: PublishedKind, about: int, why: Why, text: str = "", **notice: object
) -> int:
    """Stores a correction or, with `withdrawn`, a withdrawal; returns its id. The audit log gets a hash of the old text."""
    withdrawn = bool(notice.pop("withdrawn", False))
    values = {"kind": kind, "about": about, "withdrawn": withdrawn, "why": why, "at": db.now, "made_by": by}
    number = new_id(db.run(corrections.insert().values(**values, **notice)))
    hashed = f" {db.vault.keyed_hash(f'published:{text}').hex()[:32]}" if text else ""
    audit_log.note(db, by, f"{kind}.{'withdrawn' if withdrawn else 'corrected'}", f"{kind} {about}{hashed}")
    return number


def rows_where(db: Db, *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    return db.run(select(corrections).where(*conditions).order_by(corrections.c.id)).all()


def correction_in(row: Row[Any]) -> Correction:
    return Correction(row.id, row.kind, row.about, row.withdrawn, row.why, row.at)


def of(db: Db, kind: PublishedKind, about: Collection[int]) -> dict[int, tuple[Correction, ...]]:
    """The corrections of these, by id, oldest first; those never corrected are left out."""
    found: dict[int, tuple[Correction, ...]] = {}
    rows = rows_where(db, corrections.c.kind == kind, corrections.c.about.in_(about)) if about else ()
    for row in rows:
        found[row.about] = (*found.get(row.about, ()), correction_in(row))
    return found


def withdrawal_of(db: Db, kind: PublishedKind, about: int) -> Correction | None:
    """How it was withdrawn; None if it was not."""
    return next((one for one in of(db, kind, (about,)).get(about, ()) if one.withdrawn), None)
