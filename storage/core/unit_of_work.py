"""What every storage function works with: the open transaction, the vault, the time and the team's rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from datetime import date, datetime
from typing import Any, Protocol, overload

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from conversations.core.config import Rules
from conversations.core.record import record
from storage.core.sealing import Sealer
from storage.core.statements import Build, Insert, Prepared, Rows, savepoint

__all__ = ["Db", "Hook", "Hooks", "Insert", "Prepared", "Rows", "new_id", "prepared"]


class Recorder(Protocol):
    """What is on the disk before this transaction is committed, and not in the database: the erasure log."""

    def add(self, *lines: Any) -> None:
        """Adds lines, of the kinds that storage/security/erasure_log.py knows. Raises Unavailable."""


# What later subjects do, in the same transaction, when an earlier one says that something happens: by its type.
Hook = Callable[["Db", Any], None]
Hooks = Mapping[type, Hook]


@record
class Db:
    """One transaction. `now` is UTC and the same for all that happens in it; `hooks` are those of all subjects, in their
    order (storage/registry.py); `worker` is the process that it is of. `erasure_log` is the log outside the database; a
    throw-away database has none. `seen` holds what was looked up already and no prepared statement changes.
    """

    connection: Connection
    vault: Sealer
    now: datetime
    rules: Rules
    hooks: Mapping[type, Sequence[Hook]]
    worker: str = ""
    erasure_log: Recorder | None = None
    seen: dict[tuple[str, int], Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day on the team's calendar."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        """The day of a moment on the team's calendar."""
        return moment.astimezone(self.rules.zone).date()

    @overload
    def run(self, statement: Executable, values: Any = None) -> CursorResult[Any]: ...
    @overload
    def run(self, statement: Prepared, values: Mapping[str, Any]) -> Rows: ...

    def run(self, statement: Executable | Prepared, values: Any = None) -> CursorResult[Any] | Rows:
        """Carries out a statement, with these values by name."""
        if isinstance(statement, Prepared):
            return statement.run(self.connection, values)
        self.seen.clear()
        return self.connection.execute(statement, values)

    def run_each(self, statement: Prepared, values: Sequence[Mapping[str, Any]]) -> None:
        """Carries out a statement once for each of these values."""
        if values:
            statement.run_each(self.connection, values)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All that is done within it or, where that raises, nothing of it."""
        try:
            with savepoint(self.connection):
                yield
        except BaseException:
            self.seen.clear()
            raise

    def run_hooks(self, happens: object) -> None:
        """Lets later subjects do what is theirs to do about something that happens."""
        for hook in self.hooks[type(happens)]:
            hook(self, happens)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT, which both databases write alike."""
        return sqlite.insert(table) if self.connection.dialect.name == "sqlite" else postgresql.insert(table)


def prepared(statement: Executable | Build) -> Prepared:
    """A statement that is built and compiled once, for what every turn carries out."""
    return Prepared((lambda _: statement) if isinstance(statement, Executable) else statement)


def new_id(result: CursorResult[Any]) -> int:
    """The id of the row that was just put in."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
