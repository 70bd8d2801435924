"""The database's shape: brought up to date, or refused with a clear line."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, inspect, text

_ONE_AT_A_TIME = 0x4845_4152_44  # the advisory lock that workers starting together wait for; "HEARD"

MOVING = "moving-"  # what a database says that is half moved: see storage/operations/transfer.py


class SchemaMismatch(Exception):
    """This database is of a newer Heard, or of none. Its message says what to do."""


def one_at_a_time(connection: Connection) -> None:
    """Waits until no other worker is at what workers do when they start, to the end of this transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})


def migrate(connection: Connection) -> None:
    """Brings the database to the newest shape, or leaves it as it is; what is there stays. Raises SchemaMismatch.

    For `Database.reshape`: all of it is one transaction, and on SQLite foreign keys are not enforced in it, or
    a table that is made anew would take along the rows that hang on it.
    """
    one_at_a_time(connection)
    found = standing(connection)
    if found == newest():
        return
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite and found is not None:
        assert not connection.exec_driver_sql("PRAGMA foreign_keys").scalar(), "migrate by Database.reshape"
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise SchemaMismatch(
            "The migration would break foreign keys, so nothing was changed. Please report this as a bug."
        )


def check(connection: Connection) -> None:
    """Raises SchemaMismatch where the database is not of this Heard's shape."""
    if standing(connection) != newest():
        raise SchemaMismatch(
            "This database was created by an older version of Heard. Run `python -m bot migrate`."
        )


def standing(connection: Connection) -> str | None:
    """The migration that the database stands at; None where it is empty. Raises SchemaMismatch."""
    found = version(connection)
    if found and found.startswith(MOVING):
        raise SchemaMismatch(
            "The transfer into this database is incomplete: run `move-database` once more, to its end. Or empty it."
        )
    if found is None and not is_empty(connection):
        raise SchemaMismatch(
            "This database holds tables that are not Heard's. Point DATABASE_URL somewhere else."
        )
    if found not in {None, newest()} and not _known(found):
        raise SchemaMismatch(
            "This database was made by a newer Heard. Install that version, or restore a backup from before."
        )
    return found


def version(connection: Connection) -> str | None:
    """What the database says of itself: a migration, or that it is half moved. None where it says nothing."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest() -> str | None:
    """The migration that this Heard needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_empty(connection: Connection) -> bool:
    """Whether nothing was ever stored here."""
    return not inspect(connection).get_table_names()


def _known(revision: str | None) -> bool:
    try:
        return bool(ScriptDirectory.from_config(_config()).get_revision(revision or ""))
    except CommandError:
        return False


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
