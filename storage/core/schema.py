"""The schema version: migrates a database, or refuses it with a message that says what to do."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, inspect, text

from storage.core.errors import Unavailable

_STARTUP_LOCK = 0x4845_4152_44  # an advisory lock for workers that start together; "HEARD"

MOVING = "moving-"  # begins the version of an incomplete transfer: see storage/operations/transfer.py


class SchemaMismatch(Exception):
    """This database's schema is not this version's. The message says what to do."""


def lock_startup(connection: Connection) -> None:
    """Lets only one worker at a time do its start-up work. Held until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _STARTUP_LOCK})


def migrate(connection: Connection) -> None:
    """Migrates the database to the newest schema, or leaves it unchanged. Raises SchemaMismatch.

    Call it through `Database.reshape`: one transaction, in which SQLite does not enforce foreign keys. Otherwise
    rebuilding a table would delete the rows that refer to it.
    """
    lock_startup(connection)
    found = revision(connection)
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
    """Raises SchemaMismatch if the database's schema is not the newest."""
    if revision(connection) != newest():
        raise SchemaMismatch(
            "This database was created by an older version of Heard. Run `python -m bot migrate`."
        )


def check_writable(connection: Connection) -> None:
    """Raises if this transaction of the writer's could not write here. SQLite refuses it before it begins."""
    check(connection)
    on_server = connection.dialect.name == "postgresql"
    if on_server and connection.execute(text("SHOW transaction_read_only")).scalar() == "on":
        raise Unavailable("read-only")


def revision(connection: Connection) -> str | None:
    """The database's migration; None if it is empty. Raises SchemaMismatch if this version cannot use it."""
    found = stored_revision(connection)
    if found and found.startswith(MOVING):
        raise SchemaMismatch(
            "The transfer into this database is incomplete: run `move-database` once more, to its end. Or empty it."
        )
    if found is None and not is_empty(connection):
        raise SchemaMismatch(
            "This database holds tables that are not Heard's. Point DATABASE_URL somewhere else."
        )
    if found not in {None, newest()} and not _is_known(found):
        raise SchemaMismatch(
            "This database was made by a newer Heard. Install that version, or restore a backup from before."
        )
    return found


def stored_revision(connection: Connection) -> str | None:
    """The stored version: a migration, or `MOVING` and a name. None if there is none."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest() -> str | None:
    """The migration that this version needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_empty(connection: Connection) -> bool:
    """Whether the database has no tables."""
    return not inspect(connection).get_table_names()


def _is_known(revision: str | None) -> bool:
    try:
        return bool(ScriptDirectory.from_config(_config()).get_revision(revision or ""))
    except CommandError:
        return False


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
