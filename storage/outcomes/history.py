"""The history of promises: moved days and status changes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Row, Table, select

from conversations.outcomes.history import Change, Move
from conversations.promises.promise import PromiseKind
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, new_id
from storage.tables import promise_moves, status_changes


def moves_of(db: Db, kind: PromiseKind, ids: Collection[int]) -> dict[int, tuple[Move, ...]]:
    """The moves of these promises, by id, oldest first; those never moved are left out."""
    return {
        number: tuple(move_in(db, row) for row in rows)
        for number, rows in _rows_by_promise(db, promise_moves, kind, ids)
    }


def changes_of(db: Db, kind: PromiseKind, ids: Collection[int]) -> dict[int, tuple[Change, ...]]:
    """The status changes of these promises, by id, oldest first; those never changed are left out."""
    return {
        number: tuple(change_in(db, row) for row in rows)
        for number, rows in _rows_by_promise(db, status_changes, kind, ids)
    }


def move_in(db: Db, row: Row[Any]) -> Move:
    return Move(row.was, row.now, _unseal(db, promise_moves, row), row.language, row.moved_at)


def change_in(db: Db, row: Row[Any]) -> Change:
    because = _unseal(db, status_changes, row) if row.sealed else ""
    return Change(row.was, row.now, row.changed_at, because, row.language or "")


def add_move(db: Db, text: str, **values: object) -> int:
    """Stores a move with its reason and returns its id."""
    new = promise_moves.insert().values(**values, sealed=b"", moved_at=db.now)
    return _with_words(db, promise_moves, new_id(db.run(new)), text)


def add_change(db: Db, text: str, **values: object) -> int:
    """Stores a status change, with its because if there is one, and returns its id."""
    number = new_id(db.run(status_changes.insert().values(**values, changed_at=db.now)))
    return _with_words(db, status_changes, number, text) if text else number


def _with_words(db: Db, table: Table, number: int, text: str) -> int:
    sealed = db.vault.seal(text, sealing_context(table, number))
    db.run(table.update().where(table.c.id == number).values(sealed=sealed))
    return number


def _rows_by_promise(
    db: Db, table: Table, kind: PromiseKind, ids: Collection[int]
) -> list[tuple[int, list[Row[Any]]]]:
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
    return f"{table.name}:sealed:{number}"


SEALED: SealedColumns = (
    SealedColumn(promise_moves.c.sealed, lambda row: sealing_context(promise_moves, row["id"])),
    SealedColumn(status_changes.c.sealed, lambda row: sealing_context(status_changes, row["id"])),
)
