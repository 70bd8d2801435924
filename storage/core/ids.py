"""Row ids are never reused, even after a delete, a transfer or a restore. See `storage/tables/columns.py`."""

from sqlalchemy import Connection, text

from storage.tables import metadata

# More ids than a table can have used between a backup and its restore.
SKIPPED = 100_000

NUMBERED = tuple(t for t in metadata.sorted_tables if t.dialect_options["sqlite"]["autoincrement"])

_ON_SQLITE = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_SEQUENCE = text("SELECT pg_get_serial_sequence(:name, 'id')")
_NEXT_ON_POSTGRES = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)")
_FORGOTTEN_ON_SQLITE = text("DELETE FROM sqlite_sequence WHERE name = :name")
_NEXT_ON_SQLITE = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)")


def highest(connection: Connection) -> dict[str, int]:
    """The highest id that each table ever used; 0 if none."""
    return {table.name: _highest(connection, table.name) for table in NUMBERED}


def _highest(connection: Connection, name: str) -> int:
    if connection.dialect.name == "sqlite":
        return int(connection.execute(_ON_SQLITE, {"name": name}).scalar() or 0)
    sequence = connection.execute(_SEQUENCE, {"name": name}).scalar_one()
    row = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608 - its own
    return int(row.last_value) if row.is_called else 0


def continue_after(connection: Connection, numbers: dict[str, int]) -> None:
    """Makes each table's next id the one after its number."""
    for name, number in numbers.items():
        if number == 0:
            continue
        if connection.dialect.name == "postgresql":
            connection.execute(_NEXT_ON_POSTGRES, {"name": name, "number": number})
        else:
            connection.execute(_FORGOTTEN_ON_SQLITE, {"name": name})
            connection.execute(_NEXT_ON_SQLITE, {"name": name, "number": number})


def skip_lost(connection: Connection) -> None:
    """Skips the ids that were used after this backup was made. Links with them are on posters and in chats, and must not
    lead to something else.
    """
    numbers = highest(connection)
    continue_after(connection, {name: number + SKIPPED for name, number in numbers.items()})
