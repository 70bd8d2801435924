"""A database moves to another, of the same kind or the other: table by table, in the order of keys, and compared.

How far it came shows in what is there already: so it goes on where it was stopped. Until all is there and the same,
the new one says that it is only half moved, and no Heard starts on it.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    String,
    Table,
    func,
    insert,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy.exc import DBAPIError

from storage.core import ids, schema
from storage.tables import heartbeats, metadata, pictures, seals, tokens

PIECE, LARGE = 2000, 10  # rows in memory at a time; so many of a table whose rows are large

# What only says what goes on just now: it begins anew.
TABLES = tuple(table for table in metadata.sorted_tables if table not in {heartbeats, tokens})

Key = tuple[Any, ...]
Rows = Sequence[RowMapping]


class TransferFailed(Exception):
    """It cannot be moved there, or what is there is not the same. Its message says what to do."""


# --- the beginning and the end ------------------------------------------------------------------------


def named(connection: Connection) -> str:
    """What tells this database from any other: by it one that is half moved is known again."""
    samples = sorted(map(bytes, connection.execute(select(seals.c.sample)).scalars()))
    return hashlib.sha256(b"".join(samples)).hexdigest()[:16]


def begin(connection: Connection, name: str) -> None:
    """Makes room for the database with this name, or finds what is there of it. Raises TransferFailed where something else
    is. For `Database.reshape`.
    """
    if schema.is_empty(connection):
        schema.migrate(connection)
        connection.execute(_STANDS_AT, {"version": f"{schema.MOVING}{name}"})
        return
    found = schema.version(connection)
    if found == f"{schema.MOVING}{name}":
        return
    if found and found.startswith(schema.MOVING):
        raise TransferFailed(
            "The target holds an incomplete transfer from a different database. Empty it first, or choose another target."
        )
    raise TransferFailed("There is something there already. Name a database that is empty.")


def finish(connection: Connection, highest: dict[str, int]) -> None:
    """From now on it is a whole database. `highest` are the highest ids ever given, by table: none is given twice."""
    ids.go_on_after(connection, highest)
    connection.execute(_STANDS_AT, {"version": schema.newest()})


_STANDS_AT = text("UPDATE alembic_version SET version_num = :version")


# --- rows ---------------------------------------------------------------------------------------------


def how_many(connection: Connection) -> int:
    """All rows that are to be moved."""
    counts = (connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES)
    return sum(counts)


def last_key(connection: Connection, table: Table) -> Key | None:
    """How far a table is filled; None where it is empty."""
    key = _key(connection, table)
    row = connection.execute(select(*key).order_by(*(column.desc() for column in key)).limit(1)).first()
    return tuple(row) if row else None


def piece(connection: Connection, table: Table, after: Key | None) -> Rows:
    """The next rows after this key, in the same order on either kind of database."""
    key = _key(connection, table)
    query = select(table).order_by(*key).limit(LARGE if table is pictures else PIECE)
    if after is not None:
        columns = table.primary_key.columns
        last = (literal(value, column.type) for value, column in zip(after, columns, strict=True))
        query = query.where(tuple_(*key) > tuple_(*last))
    return connection.execute(query).mappings().all()


def put(connection: Connection, table: Table, rows: Rows) -> None:
    """Raises TransferFailed where the other kind of database does not take a row."""
    try:
        connection.execute(insert(table), [dict(row) for row in rows])
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        what = type(getattr(error.orig, "__cause__", None) or error.orig).__name__
        raise TransferFailed(
            f"A row of {table.name} cannot be stored there ({what}). Nothing is lost. Please report this as a bug."
        ) from None


def key_of(table: Table, row: RowMapping) -> Key:
    return tuple(row[column.name] for column in table.primary_key.columns)


def check_same(table: Table, here: Rows, there: Rows, before: int) -> None:
    """Raises TransferFailed where two pieces are not the same; `before` are the rows that were compared already."""
    if len(here) == len(there) and _digest(table, here) == _digest(table, there):
        return
    pairs = zip(count(before + 1), here, there, strict=False)
    first = next((n for n, one, other in pairs if _digest(table, [one]) != _digest(table, [other])), None)
    place = first or before + min(len(here), len(there)) + 1
    raise TransferFailed(
        f"In {table.name}, row {place:,} is not the same on both sides: was Heard running on one of them?"
        " Empty the new database, and begin again."
    )


def _key(connection: Connection, table: Table) -> list[ColumnElement[Any]]:
    """A table's key. Texts in the order of their bytes, as SQLite has them; not in a language's."""
    on_postgres = connection.dialect.name == "postgresql"
    columns: Sequence[Column[Any]] = list(table.primary_key.columns)
    return [
        column.collate("C") if on_postgres and isinstance(column.type, String) else column
        for column in columns
    ]


def _digest(table: Table, rows: Rows) -> bytes:
    """The same on either kind of database, if every value is."""
    found = hashlib.sha256()
    for row in rows:
        values = [row[column.name] for column in table.columns]
        found.update(json.dumps(values, sort_keys=True, default=_plain).encode() + b"\n")
    return found.digest()


def _plain(value: object) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
    raise TypeError(type(value).__name__)
