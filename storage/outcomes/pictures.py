"""Pictures of outcomes: sanitised before they come here, and sealed like texts."""

import base64
from hashlib import sha256

from sqlalchemy import ColumnElement, select

from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db
from storage.tables import outcomes, pictures


def replace(db: Db, outcome: int, content: bytes) -> None:
    """Stores an outcome's JPEG in place of the old one."""
    remove(db, outcome)
    sealed = db.vault.seal(base64.b64encode(content).decode(), sealing_context(outcome))
    digest = sha256(content).hexdigest()
    db.run(pictures.insert().values(outcome_id=outcome, digest=digest, sealed=sealed))


def remove(db: Db, outcome: int) -> None:
    db.run(pictures.delete().where(pictures.c.outcome_id == outcome))


def content(db: Db, outcome: int, *, published_only: bool) -> bytes | None:
    """An outcome's JPEG; None if it has none, or with `published_only` is not published yet."""
    wanted: list[ColumnElement[bool]] = [pictures.c.outcome_id == outcome]
    if published_only:
        wanted.append(outcomes.c.state == "published")
    query = select(pictures.c.sealed).join(outcomes, outcomes.c.id == pictures.c.outcome_id)
    sealed = db.run(query.where(*wanted)).scalar()
    return base64.b64decode(db.vault.open(sealed, sealing_context(outcome))) if sealed is not None else None


def sealing_context(outcome: int) -> str:
    return f"pictures:sealed:{outcome}"


SEALED: SealedColumns = (
    SealedColumn(pictures.c.sealed, lambda row: sealing_context(row["outcome_id"]), piece=10),
)
