"""A backup that is put back in the place of a SQLite database: looked at first, then there as a whole or not at all."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, select
from sqlalchemy.pool import NullPool

from conversations.core.record import record
from storage.core import schema
from storage.operations.backup import PAGES, BackupFailed, OnProgress, RowCounts, is_whole, rows, unchanged
from storage.security import key_checks
from storage.security.vault import Vault, lasting
from storage.tables import keeping

_BESIDE = ("-wal", "-shm", "-journal")


@record
class BackupContents:
    """What a backup holds: which migration it stands at, when it was made (UTC; None where a hand made it), rows."""

    migration: str | None
    made: datetime | None
    counts: RowCounts


def look(file: Path, vault: Vault) -> BackupContents:
    """Looks through a backup, and changes nothing. Raises BackupFailed where it is damaged or is none, SchemaMismatch where
    it is of a newer Heard, and KeyMismatch where the key does not open it.
    """
    _check(file)
    with _opened(file) as connection:
        standing = schema.standing(connection)
        key_checks.check(connection, vault)
        made = connection.execute(select(keeping.c.copied_at)).scalar() if _has_keeping(connection) else None
    with closing(unchanged(file)) as found:
        return BackupContents(standing, made, rows(found))


def is_healthy(path: Path) -> bool:
    """Whether the database that is there can be read from end to end."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as found:
        return is_whole(found)
    return False


def set_aside(path: Path, kept: Path) -> None:
    """Keeps a damaged database as it is, with its log of writes: somebody may get something out of it."""
    for ending in ("", "-wal"):
        if Path(f"{path}{ending}").exists():
            shutil.copyfile(f"{path}{ending}", f"{kept}{ending}")
            Path(f"{kept}{ending}").chmod(0o600)


def put_over(file: Path, path: Path, step: OnProgress) -> None:
    """Puts it in the place of a database that can be used, in one transaction there: whoever has it open goes on."""
    with _told(path), closing(unchanged(file)) as backup, closing(sqlite3.connect(path, timeout=30)) as there:
        there.execute("PRAGMA synchronous=FULL").close()
        backup.backup(there, pages=PAGES, progress=lambda _, left, total: step(total - left, total))
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def put_in_place(file: Path, path: Path, step: OnProgress) -> None:
    """Puts it where no database is, or one that nobody can use."""
    part = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with _told(path):
        try:
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            put_over(file, part, step)
            for (
                ending
            ) in _BESIDE:  # a log of writes belongs to the file that it was written for, and to no other
                Path(f"{path}{ending}").unlink(missing_ok=True)
            part.replace(path)
            lasting(path.parent)
        finally:
            part.unlink(missing_ok=True)


def _check(file: Path) -> None:
    if not file.is_file():
        raise BackupFailed(f"{file} is not there.")
    log = Path(f"{file}-wal")
    if log.exists() and log.stat().st_size:
        raise BackupFailed(
            f"{file} has a log of writes beside it ({log.name}): it is a database that ran, and no backup."
        )
    try:
        with closing(unchanged(file)) as found:
            whole = is_whole(found)
    except sqlite3.Error:
        whole = False
    if not whole:
        raise BackupFailed(f"{file} is damaged, or is no backup. It cannot be put back.")


@contextmanager
def _opened(file: Path) -> Iterator[Connection]:
    engine = create_engine("sqlite://", creator=lambda: unchanged(file), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def _has_keeping(connection: Connection) -> bool:
    return inspect(connection).has_table(keeping.name)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BackupFailed(f"{path} could not be written ({why}). What was there is there still.") from None
