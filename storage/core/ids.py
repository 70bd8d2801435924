"""The ids that rows have been given: none is given twice, though its row may be gone. See `storage/tables/columns.py`."""

from sqlalchemy import Connection, text

from storage.tables import metadata

# More than anybody gives between a backup and the day on which it is put back, of what people see the ids of.
LEFT_OUT = 100_000

NUMBERED = tuple(t for t in metadata.sorted_tables if t.dialect_options["sqlite"]["autoincrement"])

_ON_SQLITE = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_SEQUENCE = text("SELECT pg_get_serial_sequence(:name, 'id')")
_NEXT_ON_POSTGRES = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)")
_FORGOTTEN_ON_SQLITE = text("DELETE FROM sqlite_sequence WHERE name = :name")
_NEXT_ON_SQLITE = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)")


def highest(connection: Connection) -> dict[str, int]:
    """The highest id that was ever given in each table; 0 where none was."""
    return {table.name: _highest(connection, table.name) for table in NUMBERED}


def _highest(connection: Connection, name: str) -> int:
    if connection.dialect.name == "sqlite":
        return int(connection.execute(_ON_SQLITE, {"name": name}).scalar() or 0)
    sequence = connection.execute(_SEQUENCE, {"name": name}).scalar_one()
    row = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608 - its own
    return int(row.last_value) if row.is_called else 0


def go_on_after(connection: Connection, numbers: dict[str, int]) -> None:
    """The next id of each of these tables is the one after its number."""
    for name, number in numbers.items():
        if number == 0:
            continue
        if connection.dialect.name == "postgresql":
            connection.execute(_NEXT_ON_POSTGRES, {"name": name, "number": number})
        else:
            connection.execute(_FORGOTTEN_ON_SQLITE, {"name": name})
            connection.execute(_NEXT_ON_SQLITE, {"name": name, "number": number})


def leave_out_the_lost(connection: Connection) -> None:
    """Leaves out the ids that an older database cannot know of. Links to them are about, on posters and in chats, and
    must not lead to something else.
    """
    numbers = highest(connection)
    go_on_after(connection, {name: number + LEFT_OUT for name, number in numbers.items()})
