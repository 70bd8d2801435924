"""Transfers a database to another SQLite or PostgreSQL database, table by table in key order, then compares both.

A transfer that was stopped resumes after the rows that the target already has. Until both are equal, the target's version
says that it is incomplete, and Heard does not start on it.
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

PIECE, LARGE = 2000, 10  # rows in memory at a time; LARGE for tables with large rows

# All tables but those of the moment.
TABLES = tuple(table for table in metadata.sorted_tables if table not in {heartbeats, tokens})

Key = tuple[Any, ...]
Rows = Sequence[RowMapping]


class TransferFailed(Exception):
    """The target cannot be used, or differs from the source. The message says what to do."""


# --- the beginning and the end ------------------------------------------------------------------------


def fingerprint(connection: Connection) -> str:
    """Identifies a database, so that its incomplete transfer is recognised."""
    samples = sorted(map(bytes, connection.execute(select(seals.c.sample)).scalars()))
    return hashlib.sha256(b"".join(samples)).hexdigest()[:16]


def begin(connection: Connection, name: str) -> None:
    """Prepares the target for the database with this fingerprint, or finds its incomplete transfer. Raises TransferFailed
    if anything else is there. Call it through `Database.reshape`.
    """
    if schema.is_empty(connection):
        schema.migrate(connection)
        connection.execute(_SET_VERSION, {"version": f"{schema.MOVING}{name}"})
        return
    found = schema.stored_revision(connection)
    if found == f"{schema.MOVING}{name}":
        return
    if found and found.startswith(schema.MOVING):
        raise TransferFailed(
            "The target holds an incomplete transfer from a different database. Empty it first, or choose another target."
        )
    raise TransferFailed("The target is not empty. Name an empty database.")


def finish(connection: Connection, highest: dict[str, int]) -> None:
    """Marks the target as complete. `highest` are the highest ids that each table ever used, so that none is reused."""
    ids.continue_after(connection, highest)
    connection.execute(_SET_VERSION, {"version": schema.newest()})


_SET_VERSION = text("UPDATE alembic_version SET version_num = :version")


# --- rows ---------------------------------------------------------------------------------------------


def count_rows(connection: Connection) -> int:
    """How many rows there are to transfer."""
    counts = (connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES)
    return sum(counts)


def last_key(connection: Connection, table: Table) -> Key | None:
    """A table's last primary key; None if the table is empty."""
    key = _key(connection, table)
    row = connection.execute(select(*key).order_by(*(column.desc() for column in key)).limit(1)).first()
    return tuple(row) if row else None


def next_rows(connection: Connection, table: Table, after: Key | None) -> Rows:
    """The next rows after this key, in the same order on both kinds of database."""
    key = _key(connection, table)
    query = select(table).order_by(*key).limit(LARGE if table is pictures else PIECE)
    if after is not None:
        columns = table.primary_key.columns
        last = (literal(value, column.type) for value, column in zip(after, columns, strict=True))
        query = query.where(tuple_(*key) > tuple_(*last))
    return connection.execute(query).mappings().all()


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Inserts rows. Raises TransferFailed if the target rejects one."""
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
    """Raises TransferFailed if two pieces differ. `before` is how many rows were compared already."""
    if len(here) == len(there) and _digest(table, here) == _digest(table, there):
        return
    pairs = zip(count(before + 1), here, there, strict=False)
    first = next((n for n, one, other in pairs if _digest(table, [one]) != _digest(table, [other])), None)
    place = first or before + min(len(here), len(there)) + 1
    raise TransferFailed(
        f"In {table.name}, row {place:,} differs between the two databases. Was Heard running on one of them?"
        " Empty the new database and start again."
    )


def _key(connection: Connection, table: Table) -> list[ColumnElement[Any]]:
    """A table's primary key. Text sorts by its bytes, as in SQLite, not by a locale."""
    on_postgres = connection.dialect.name == "postgresql"
    columns: Sequence[Column[Any]] = list(table.primary_key.columns)
    return [
        column.collate("C") if on_postgres and isinstance(column.type, String) else column
        for column in columns
    ]


def _digest(table: Table, rows: Rows) -> bytes:
    """A digest of rows that is equal on both kinds of database if the values are."""
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
