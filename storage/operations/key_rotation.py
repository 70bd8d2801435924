"""Rotates the data key: opens every sealed value and seals it with the newest key, in pieces.

Each value begins with the id of its key. So a rotation that was stopped resumes, and others may write meanwhile.
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
    """Keeps the old keys' hashers before anything is resealed."""
    key_checks.retire(db)


def count_left(db: Db) -> int:
    """How many values are not sealed with the newest key."""
    return sum(_count_left(db, one) for one in SEALED)


def reseal_piece(
    db: Db, one: SealedColumn, after: Key | None, most: int | None = None
) -> tuple[int, Key | None]:
    """Reseals the next values of a column, at most `most`. Returns how many, and the last row's primary key; (0, None) at
    the end.
    """
    key = list(one.column.table.primary_key.columns)
    query = select(one.column.table).where(_needs_resealing(db, one)).order_by(*key).limit(most or one.piece)
    if after is not None:
        last = tuple_(*(literal(value, column.type) for value, column in zip(after, key, strict=True)))
        query = query.where(tuple_(*key) > last)
    rows = db.run(query).mappings().all()
    if not rows:
        return 0, None
    _store(db, one, rows)
    return len(rows), tuple(rows[-1][column.name] for column in key)


def finish(db: Db) -> bool:
    """Retires the old keys. False if some values still need them."""
    if count_left(db):
        return False
    key_checks.forget_old_keys(db)
    audit_log.note(db, None, "changed the data key")
    return True


def _store(db: Db, one: SealedColumn, rows: Sequence[RowMapping]) -> None:
    """Updates values that are still as they were read. A value that changed meanwhile has the newest key already."""
    key = enumerate(one.column.table.primary_key.columns)
    same = (column == bindparam(f"key_{n}") for n, column in key)
    names = [column.name for column in (one.column, one.hash_column) if column is not None]
    anew = update(one.column.table).where(*same, one.column == bindparam("as_read"))
    db.run(
        anew.values({name: bindparam(f"new_{name}") for name in names}),
        [_reseal(db, one, row) for row in rows],
    )


def _reseal(db: Db, one: SealedColumn, found: RowMapping) -> dict[str, Any]:
    row = dict(found)
    was = row[one.column.name]
    try:
        text = db.vault.open(was, one.context(row))
    except KeyMismatch:
        raise KeyMismatch(
            f"A value in {one.column} opens with none of the keys in DATA_KEY: a key is missing, or the value is damaged."
        ) from None
    key = one.column.table.primary_key.columns
    values = {f"key_{n}": row[column.name] for n, column in enumerate(key)} | {"as_read": was}
    if one.hash_column is not None:
        row[one.hash_column.name] = values[f"new_{one.hash_column.name}"] = db.vault.keyed_hash(text)
    return {**values, f"new_{one.column.name}": db.vault.seal(text, one.context(row))}


def _count_left(db: Db, one: SealedColumn) -> int:
    count = select(func.count()).select_from(one.column.table).where(_needs_resealing(db, one))
    return int(db.run(count).scalar_one())


def _needs_resealing(db: Db, one: SealedColumn) -> ColumnElement[bool]:
    """Whether a value has an older key. An empty one was erased and holds nothing."""
    with_newest = func.substr(one.column, 1, ID_BYTES) == literal(db.vault.newest, one.column.type)
    return and_(one.column.is_not(None), func.length(one.column) > 0, ~with_newest)
