"""What became of a case, in the erasure log: a restore must not bring its words back, nor hide again what the team has."""

from typing import Literal

from sqlalchemy import select

from storage.core.unit_of_work import Db
from storage.security import lineage
from storage.tables import cases


def note(db: Db, what: Literal["closed", "released"], case: int) -> None:
    """Notes that a case was closed, or that the team may read its texts, before this transaction commits."""
    lineage.note(db, what, (name_of(db, case),))


def name_of(db: Db, case: int) -> str:
    """What the erasure log stamps for a case: its number, and its beginning, because a number may come twice."""
    opened = db.run(select(cases.c.opened_at).where(cases.c.id == case)).scalar_one()
    return f"case:{case}:{int(opened.timestamp())}"
