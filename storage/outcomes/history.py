"""What happened since something was promised: days that were moved, and where things stand by now."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Row, Table, select

from conversations.outcomes.history import Change, Move
from conversations.promises.promise import PromiseKind
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, new_id
from storage.tables import promise_moves, status_changes


def moves_of(db: Db, kind: PromiseKind, ids: Collection[int]) -> dict[int, tuple[Move, ...]]:
    """The moves of these, oldest first; what was never moved is left out."""
    return {
        number: tuple(move_in(db, row) for row in rows) for number, rows in _of(db, promise_moves, kind, ids)
    }


def changes_of(db: Db, kind: PromiseKind, ids: Collection[int]) -> dict[int, tuple[Change, ...]]:
    """The same of what stands elsewhere than before."""
    return {
        number: tuple(change_in(db, row) for row in rows)
        for number, rows in _of(db, status_changes, kind, ids)
    }


def move_in(db: Db, row: Row[Any]) -> Move:
    return Move(row.was, row.now, _unseal(db, promise_moves, row), row.language, row.moved_at)


def change_in(db: Db, row: Row[Any]) -> Change:
    because = _unseal(db, status_changes, row) if row.sealed else ""
    return Change(row.was, row.now, row.changed_at, because, row.language or "")


def add_move(db: Db, text: str, **values: object) -> int:
    """Stores a move with its reason. Its id."""
    new = promise_moves.insert().values(**values, sealed=b"", moved_at=db.now)
    return _with_words(db, promise_moves, new_id(db.run(new)), text)


def add_change(db: Db, text: str, **values: object) -> int:
    """Stores where something stands now, with the because that it may have. Its id."""
    number = new_id(db.run(status_changes.insert().values(**values, changed_at=db.now)))
    return _with_words(db, status_changes, number, text) if text else number


def _with_words(db: Db, table: Table, number: int, text: str) -> int:
    sealed = db.vault.seal(text, sealing_context(table, number))
    db.run(table.update().where(table.c.id == number).values(sealed=sealed))
    return number


def _of(db: Db, table: Table, kind: PromiseKind, ids: Collection[int]) -> list[tuple[int, list[Row[Any]]]]:
    if not ids:
        return []
    whose: Column[Any] = table.c[f"{kind}_id"]
    found: dict[int, list[Row[Any]]] = {}
    for row in db.run(select(table, whose.label("whose")).where(whose.in_(ids)).order_by(table.c.id)):
        found.setdefault(row.whose, []).append(row)
    return list(found.items())


def _unseal(db: Db, table: Table, row: Row[Any]) -> str:
    return db.vault.open(row.sealed, sealing_context(table, row.id))


def sealing_context(table: Table, number: int) -> str:
    """What the words of a row of `promise_moves` or `status_changes` are sealed for."""
    return f"{table.name}:sealed:{number}"


SEALED: SealedColumns = (
    SealedColumn(promise_moves.c.sealed, lambda row: sealing_context(promise_moves, row["id"])),
    SealedColumn(status_changes.c.sealed, lambda row: sealing_context(status_changes, row["id"])),
)
