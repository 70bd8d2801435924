"""Backs up a SQLite database: a snapshot, copied while others write, and checked before it counts.

It never holds the key. A backup that fails leaves nothing behind.
"""

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from storage.security.vault import sync_folder

OnProgress = Callable[[int, int], None]  # pages done, pages in all
RowCounts = Mapping[str, int]  # by table

PAGES = 500  # copied at a time: 2 MB
_WHY = {"SQLITE_FULL": "the disk is full", "SQLITE_CORRUPT": "the database is damaged"}


class BackupFailed(Exception):
    """A backup cannot be made or used. The message says why."""


def copy(source: Path, target: Path, step: OnProgress, when: datetime) -> RowCounts:
    """Copies a snapshot of the database and returns its row counts. `when` (UTC) is stored in the copy.

    Raises BackupFailed. A file at `target` is replaced only by a whole copy.
    """
    check_place(source, target)
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        counts = _copy(source, part, step, when)
        _move_into_place(part, target)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(
            f"{target} could not be written ({_why(error)}). No partial file is left."
        ) from None
    finally:
        for left in (part, Path(f"{part}-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return counts


def check_place(source: Path, target: Path) -> None:
    """Raises BackupFailed if `target` is something that a backup must not replace."""
    if not target.exists():
        return
    if target.is_dir():
        raise BackupFailed(f"{target} is a folder. Name a file in it.")
    if target.samefile(source):
        raise BackupFailed(f"{target} is the database itself. Name another file.")
    if not is_backup(target):
        raise BackupFailed(f"{target} exists and is no backup of Heard. Name another file.")


def is_backup(path: Path) -> bool:
    """Whether this file is a SQLite database of Heard."""
    with suppress(sqlite3.Error), closing(open_read_only(path)) as found:
        return bool(found.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone())
    return False


def open_read_only(path: Path) -> sqlite3.Connection:
    """Opens a SQLite file that nobody writes to, without creating any file next to it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def row_counts(connection: sqlite3.Connection) -> RowCounts:
    """How many rows each table has."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    count = 'SELECT count(*) FROM "{}"'  # a name from the database itself
    return {name: connection.execute(count.format(name)).fetchone()[0] for (name,) in names}


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether the pages are intact and no foreign key is broken."""
    pages = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    return pages == "ok" and connection.execute("PRAGMA foreign_key_check").fetchone() is None


def _copy(source: Path, part: Path, step: OnProgress, when: datetime) -> RowCounts:
    with closing(_open_source(source)) as here, closing(sqlite3.connect(part)) as there:
        # The first read takes the snapshot that is copied.
        here.execute("BEGIN")
        counts = row_counts(here)
        here.backup(there, pages=PAGES, progress=lambda _, left, total: step(total - left, total))
        if "keeping" in counts:
            there.execute("UPDATE keeping SET copied_at = ?", (_format_time(when),))
        there.commit()
        there.execute("PRAGMA journal_mode=DELETE").close()  # leaves one file
        if not is_whole(there):
            raise sqlite3.DatabaseError(_WHY["SQLITE_CORRUPT"])
        if row_counts(there) != counts:
            raise sqlite3.DatabaseError("the copy differs from the database: check the disk")
    return counts


def _open_source(source: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    connection.execute("PRAGMA query_only=ON")
    return connection


def _move_into_place(part: Path, target: Path) -> None:
    handle = os.open(part, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    part.replace(target)
    sync_folder(target.parent)


def _format_time(when: datetime) -> str:
    """A time in the format of our tables."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _why(error: OSError | sqlite3.Error) -> str:
    if isinstance(error, OSError):
        return str(error.strerror)
    return _WHY.get(getattr(error, "sqlite_errorname", ""), str(error))
