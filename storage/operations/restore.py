"""Restores a backup over a SQLite database: checked first, then put in place whole or not at all."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, select
from sqlalchemy.pool import NullPool

from conversations.core.record import Record
from storage.core import schema
from storage.operations.backup import (
    PAGES,
    BackupFailed,
    OnProgress,
    RowCounts,
    is_whole,
    open_read_only,
    row_counts,
)
from storage.security import key_checks
from storage.security.vault import Vault, sync_folder
from storage.tables import keeping

_BESIDE = ("-wal", "-shm", "-journal")


class BackupContents(Record):
    """A backup's migration, row counts, and when it was made (UTC; None if it was copied by hand)."""

    migration: str | None
    made: datetime | None
    counts: RowCounts


def read_contents(file: Path, vault: Vault) -> BackupContents:
    """Checks a backup without changing it. Raises BackupFailed if it is damaged or no backup, SchemaMismatch if it is from
    a newer version, KeyMismatch if the key does not open it.
    """
    _check(file)
    with _open(file) as connection:
        standing = schema.revision(connection)
        key_checks.check(connection, vault)
        made = connection.execute(select(keeping.c.copied_at)).scalar() if _has_keeping(connection) else None
    with closing(open_read_only(file)) as found:
        return BackupContents(standing, made, row_counts(found))


def is_healthy(path: Path) -> bool:
    """Whether the present database is intact."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as found:
        return is_whole(found)
    return False


def keep_damaged(path: Path, kept: Path) -> None:
    """Copies a damaged database and its WAL to `kept`, because something may be recovered from them."""
    for ending in ("", "-wal"):
        if Path(f"{path}{ending}").exists():
            shutil.copyfile(f"{path}{ending}", f"{kept}{ending}")
            Path(f"{kept}{ending}").chmod(0o600)


def copy_over(file: Path, path: Path, step: OnProgress) -> None:
    """Copies a backup over an intact database, in one transaction, so that open connections keep working."""
    with (
        _translate_errors(path),
        closing(open_read_only(file)) as backup,
        closing(sqlite3.connect(path, timeout=30)) as there,
    ):
        there.execute("PRAGMA synchronous=FULL").close()
        backup.backup(there, pages=PAGES, progress=lambda _, left, total: step(total - left, total))
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def replace_file(file: Path, path: Path, step: OnProgress) -> None:
    """Puts a backup where there is no database, or a damaged one."""
    part = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with _translate_errors(path):
        try:
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            copy_over(file, part, step)
            for ending in _BESIDE:  # a WAL belongs to the old file only
                Path(f"{path}{ending}").unlink(missing_ok=True)
            part.replace(path)
            sync_folder(path.parent)
        finally:
            part.unlink(missing_ok=True)


def _check(file: Path) -> None:
    if not file.is_file():
        raise BackupFailed(f"{file} is not there.")
    log = Path(f"{file}-wal")
    if log.exists() and log.stat().st_size:
        raise BackupFailed(
            f"{file} has a write-ahead log beside it ({log.name}), so it is a live database and no backup."
        )
    try:
        with closing(open_read_only(file)) as found:
            whole = is_whole(found)
    except sqlite3.Error:
        whole = False
    if not whole:
        raise BackupFailed(f"{file} is damaged, or is no backup. It cannot be restored.")


@contextmanager
def _open(file: Path) -> Iterator[Connection]:
    engine = create_engine("sqlite://", creator=lambda: open_read_only(file), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def _has_keeping(connection: Connection) -> bool:
    return inspect(connection).has_table(keeping.name)


@contextmanager
def _translate_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BackupFailed(f"{path} could not be written ({why}). The database is as it was.") from None
