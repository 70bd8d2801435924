"""SQLite connection settings: commits survive a crash, and deleted data does not linger in the file."""

import contextlib
import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from storage.core import json_codec

BUSY_SECONDS = 5.0  # how long a writer waits for another program's lock

_WAL_TRIES = 20


def sync_url(url: str) -> str:
    """The same SQLite file, for the standard library's driver."""
    return make_url(url).set(drivername="sqlite").render_as_string(hide_password=False)


def engine(url: str, *, foreign_keys: bool = True) -> Engine:
    """A synchronous engine for a SQLite file, with the writer's settings."""
    made = create_engine(
        sync_url(url),
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
        **json_codec.ENGINE,
    )
    event.listen(made, "connect", _writer_pragmas)
    if not foreign_keys:
        event.listen(made, "connect", lambda opened, _: opened.execute("PRAGMA foreign_keys=OFF").close())
    event.listen(made, "begin", _begin_immediate)
    return made


def _writer_pragmas(connection: Any, _record: object) -> None:
    # Keeps the driver from beginning transactions itself: we send BEGIN IMMEDIATE.
    connection.isolation_level = None
    _use_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _use_wal(connection: Any) -> None:
    """Switches the file to WAL. SQLite ignores the busy timeout while another connection switches the same new file, so
    this waits for that connection's lock, which does keep the timeout, and tries again.
    """
    for left in reversed(range(_WAL_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
            connection.execute("BEGIN IMMEDIATE").close()
            connection.execute("COMMIT").close()
        else:
            return


def read_only(connection: Any, _record: object) -> None:
    """Makes a new connection read-only. Transactions are ours to begin."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def begin_read(connection: Connection) -> None:
    """All statements of a read see the same moment."""
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def empty_wal(writers: Engine) -> bool:
    """Empties the write-ahead log (WAL), so that erased data is in no file any more. False if somebody else uses it."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(writers.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        return not busy
    return False
