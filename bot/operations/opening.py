"""Opens the store: checks the database, migrates it, and checks that the data key fits."""

import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from bot.config.data_key import vault_for
from bot.config.settings import Settings
from bot.operations import backups
from bot.operations.startup_recovery import catch_up
from bot.operations.store import Store
from conversations.core.record import replace
from storage.core import schema
from storage.core.database import Database, open_database
from storage.core.errors import Unavailable
from storage.operations.backup import BackupFailed
from storage.security import key_checks
from storage.security.erasure_log import ErasureLog
from storage.security.vault import KeyMismatch, Vault

_CHECKED_BYTES = 500_000_000
_MAGIC = b"SQLite format 3\x00"
_DAMAGED = "The database is damaged. Put a backup in its place."


class DatabaseUnusable(Exception):
    """The database cannot be used as it is. Its message says what to do."""


async def open_store(settings: Settings, *, restored: bool = False) -> Store:
    """Opens and migrates the database. `restored`: it was just restored from a backup.

    Raises DatabaseUnusable if it is damaged, too new or not Heard's, or if the key does not fit. Then nothing was
    changed.
    """
    if settings.on_sqlite:
        check_file(path_of(settings))
    return await _open(settings, partial(_upgrade, settings=settings, restored=restored))


async def look_into_store(settings: Settings) -> Store:
    """Opens the database without creating or changing anything. Raises DatabaseUnusable, also if there is no database
    or if it needs a migration.
    """
    if settings.on_sqlite and not path_of(settings).exists():
        raise DatabaseUnusable("There is no database yet. `run` makes it.")
    return await _open(settings, partial(_check_only, settings=settings))


async def _open(settings: Settings, how: Callable[[Database], Awaitable[Store]]) -> Store:
    database = open_database(settings.database_url.get_secret_value())
    try:
        return await how(database)
    except BaseException as error:
        await database.close()
        if isinstance(error, KeyMismatch | schema.SchemaMismatch | BackupFailed | DatabaseError | OSError):
            raise DatabaseUnusable(reason(error)) from None
        raise


async def _upgrade(database: Database, settings: Settings, *, restored: bool) -> Store:
    """Runs all checks before it changes anything."""
    empty = await database.read(schema.is_empty)
    if not empty:
        if settings.on_sqlite:
            await database.read(check_pages)
        standing = await database.read(schema.revision)
    vault, new_key = vault_for(settings, empty=empty)
    if not empty:
        await database.read(lambda connection: key_checks.check(connection, vault))
        if standing != schema.newest():
            await backups.back_up_before_migration(settings, str(schema.newest()))
    await database.reshape(schema.migrate)
    await database.write(lambda connection: key_checks.begin(connection, vault))
    store = replace(await _with_vault(database, vault, settings), new_key=new_key)
    return replace(store, recovery=await catch_up(store, settings.rules(None), restored=restored))


async def _check_only(database: Database, settings: Settings) -> Store:
    await database.read(schema.check)
    vault, _ = vault_for(settings, empty=False)
    await database.read(lambda connection: key_checks.check(connection, vault))
    return await _with_vault(database, vault, settings)


async def _with_vault(database: Database, vault: Vault, settings: Settings) -> Store:
    retired = await database.read(lambda connection: key_checks.retired_hashers(connection, vault))
    return Store(database, vault.with_retired(retired), ErasureLog(settings.erasure_log_file))


def path_of(settings: Settings) -> Path:
    """The SQLite file."""
    return settings.sqlite_file or Path()


def check_file(path: Path) -> None:
    """Checks that the file can be written and is a SQLite database or empty. Creates it, private, if it is missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except OSError as error:
        raise DatabaseUnusable(
            f"{path} cannot be written ({error.strerror}). Give this account the right to."
        ) from None
    if start and start != _MAGIC:
        raise DatabaseUnusable(f"{path} is damaged, or is not a database. Put a backup in its place.")


def check_pages(connection: Connection) -> None:
    """Raises DatabaseUnusable if the SQLite file is damaged."""
    # Reads the whole file: about a second for 500 MB. A larger file is not checked, to keep the start short.
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    if pages * size > _CHECKED_BYTES:
        return
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
        raise DatabaseUnusable(_DAMAGED)


def reason(error: BaseException) -> str:
    """Why the database cannot be used, and what to do about it."""
    match error:
        case KeyMismatch() | schema.SchemaMismatch() | DatabaseUnusable() | BackupFailed():
            return str(error)
        case Unavailable() if str(error).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return _DAMAGED
        case Unavailable() if str(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return "The database is locked by another program. Stop that one first."
        case DatabaseError():
            what = type(error.orig).__name__
        case OSError(strerror=str(words), filename=name) if name:
            return f"{name} cannot be used ({words}). Give this account the right to."
        case _:
            what = str(error)
    return f"The database cannot be used ({what}). Check DATABASE_URL, and that it is running."
