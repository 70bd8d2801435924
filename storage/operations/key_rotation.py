"""A new data key takes the old one's place: every sealed value is opened and sealed anew, in pieces.

What is done shows in the values themselves, which begin with the id of their key: so it goes on where it was
stopped, and whoever writes meanwhile is not in the way.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, func, literal, select, tuple_, update

from storage.core.sealing import SealedColumn
from storage.core.unit_of_work import Db
from storage.registry import SEALED
from storage.security import audit_log, key_checks
from storage.security.vault import ID_BYTES, KeyMismatch

Key = tuple[Any, ...]


def begin(db: Db) -> None:
    """What must be kept of the old keys is kept before anything is sealed anew."""
    key_checks.retire(db)


def left(db: Db) -> int:
    """How many values are not sealed with the newest key."""
    return sum(_left(db, one) for one in SEALED)


def go_on(db: Db, one: SealedColumn, after: Key | None, most: int | None = None) -> tuple[int, Key | None]:
    """Seals the next so many values of a column anew. How many, and the last one's key; none at the end."""
    key = list(one.column.table.primary_key.columns)
    query = select(one.column.table).where(_older(db, one)).order_by(*key).limit(most or one.piece)
    if after is not None:
        last = tuple_(*(literal(value, column.type) for value, column in zip(after, key, strict=True)))
        query = query.where(tuple_(*key) > last)
    rows = db.run(query).mappings().all()
    if not rows:
        return 0, None
    _put(db, one, rows)
    return len(rows), tuple(rows[-1][column.name] for column in key)


def finish(db: Db) -> bool:
    """Lets the old keys go, if nothing needs them any more. Whether it did."""
    if left(db):
        return False
    key_checks.let_go(db)
    audit_log.note(db, None, "changed the data key")
    return True


def _put(db: Db, one: SealedColumn, rows: Sequence[RowMapping]) -> None:
    """Only where it is still what was read: whoever changed it meanwhile sealed it with the newest key."""
    key = enumerate(one.column.table.primary_key.columns)
    same = (column == bindparam(f"key_{n}") for n, column in key)
    names = [column.name for column in (one.column, one.hashed) if column is not None]
    anew = update(one.column.table).where(*same, one.column == bindparam("as_read"))
    db.run(
        anew.values({name: bindparam(f"new_{name}") for name in names}), [_anew(db, one, row) for row in rows]
    )


def _anew(db: Db, one: SealedColumn, found: RowMapping) -> dict[str, Any]:
    row = dict(found)
    was = row[one.column.name]
    try:
        text = db.vault.open(was, one.context(row))
    except KeyMismatch:
        raise KeyMismatch(
            f"A value in {one.column} opens with none of the keys in DATA_KEY: one is missing, or it is damaged."
        ) from None
    key = one.column.table.primary_key.columns
    values = {f"key_{n}": row[column.name] for n, column in enumerate(key)} | {"as_read": was}
    if one.hashed is not None:
        row[one.hashed.name] = values[f"new_{one.hashed.name}"] = db.vault.hashed(text)
    return {**values, f"new_{one.column.name}": db.vault.seal(text, one.context(row))}


def _left(db: Db, one: SealedColumn) -> int:
    count = select(func.count()).select_from(one.column.table).where(_older(db, one))
    return int(db.run(count).scalar_one())


def _older(db: Db, one: SealedColumn) -> ColumnElement[bool]:
    """Nothing is sealed in an empty value: what was there was erased."""
    with_newest = func.substr(one.column, 1, ID_BYTES) == literal(db.vault.newest, one.column.type)
    return and_(one.column.is_not(None), func.length(one.column) > 0, ~with_newest)
