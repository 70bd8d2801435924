"""Tells the database's passing faults from mistakes in a statement."""

import contextlib
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

# SQLite's result codes that blame the statement: ERROR, TOOBIG, CONSTRAINT, MISMATCH, MISUSE, RANGE.
_MISTAKES = frozenset({1, 18, 19, 20, 21, 25})
# PostgreSQL's error classes that pass: no connection, deadlock, full disk, lock not available, server shutting down or
# damaged. And one code: a read-only server, as after a failover.
_MOMENTS = ("08", "40", "53", "55", "57", "58", "XX", "25006")


class Unavailable(OSError):
    """The database cannot be reached, read or written now. The work may not have been committed, so repeat it later.

    The text is the driver's name for the fault, such as SQLITE_FULL, and never holds stored values.
    """


@contextlib.contextmanager
def translate_errors() -> Iterator[None]:
    """Turns faults that pass into Unavailable, and lets the work's own errors through."""
    try:
        yield
    except NoFreeConnection as error:
        raise Unavailable("no free connection") from error
    except DBAPIError as error:
        name = _passing_fault(error.orig, lost=error.connection_invalidated)
        if name is None:
            raise
        raise Unavailable(name) from error
    except sqlite3.Error as error:  # raised unwrapped while a connection is being set up
        raise Unavailable(getattr(error, "sqlite_errorname", error_name(error))) from error


def is_deadlock(error: DBAPIError) -> bool:
    """Whether PostgreSQL undid the work because it and another waited for each other."""
    return getattr(error.orig, "sqlstate", None) == "40P01"


def _passing_fault(error: BaseException | None, *, lost: bool) -> str | None:
    """The driver's name for a fault that passes; None for a mistake of the statement."""
    if isinstance(error, sqlite3.Error):
        mistake = getattr(error, "sqlite_errorcode", 1) & 0xFF in _MISTAKES
        return None if mistake else error.sqlite_errorname
    state = str(getattr(error, "sqlstate", None) or "")
    return error_name(error) if lost or state.startswith(_MOMENTS) else None


def error_name(error: BaseException | None) -> str:
    """The driver's own name for an error, which SQLAlchemy wraps."""
    error = getattr(error, "orig", error)
    return type(getattr(error, "__cause__", None) or error).__name__
