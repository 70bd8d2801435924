"""When the database cannot be used: faults of the moment, which pass, told from a statement's own mistakes."""

import contextlib
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

# SQLite's result codes that blame the statement: ERROR, TOOBIG, CONSTRAINT, MISMATCH, MISUSE, RANGE.
_MISTAKES = frozenset({1, 18, 19, 20, 21, 25})
# PostgreSQL's errors, by class, that blame the moment: no connection, a deadlock, a full disk, a lock that is
# held, a server that goes down or is damaged; and, by code, one that only reads, as after a switch of servers.
_MOMENTS = ("08", "40", "53", "55", "57", "58", "XX", "25006")


class Unavailable(OSError):
    """The database cannot be reached, read or written now. Nothing of the work is known to be kept: later it is
    to be done again, as an update is that comes again.

    Its text is the driver's name for what happened, such as SQLITE_FULL, and never what was to be stored.
    """


@contextlib.contextmanager
def told_apart() -> Iterator[None]:
    """Tells the moment's faults, which pass, from the work's own mistakes, which do not."""
    try:
        yield
    except NoFreeConnection as error:
        raise Unavailable("no free connection") from error
    except DBAPIError as error:
        name = _of_the_moment(error.orig, lost=error.connection_invalidated)
        if name is None:
            raise
        raise Unavailable(name) from error
    except sqlite3.Error as error:  # as it comes while a connection is being set up
        raise Unavailable(getattr(error, "sqlite_errorname", named(error))) from error


def _of_the_moment(error: BaseException | None, *, lost: bool) -> str | None:
    """The driver's name for a fault that passes; None for a mistake of the statement."""
    if isinstance(error, sqlite3.Error):
        mistake = getattr(error, "sqlite_errorcode", 1) & 0xFF in _MISTAKES
        return None if mistake else error.sqlite_errorname
    state = str(getattr(error, "sqlstate", None) or "")
    return named(error) if lost or state.startswith(_MOMENTS) else None


def named(error: BaseException | None) -> str:
    """The driver's own name for an error, which SQLAlchemy wraps."""
    error = getattr(error, "orig", error)
    return type(getattr(error, "__cause__", None) or error).__name__
