"""The unit of work that every storage function gets: open transaction, vault, time and the team's rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Protocol, overload

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from conversations.core.config import Rules
from conversations.core.record import Record, field
from storage.core.sealing import Sealer
from storage.core.statements import Build, Insert, Prepared, Rows, savepoint

__all__ = ["Db", "Hook", "Hooks", "Insert", "Prepared", "Rows", "new_id", "prepared"]


class Recorder(Protocol):
    """The erasure log, whose lines are on disk before this transaction is committed."""

    def add(self, *lines: Any) -> None:
        """Adds lines of the kinds in storage/security/erasure_log.py. Raises Unavailable."""


# What later subjects do in the same transaction when an earlier one reports an event, by the event's type.
Hook = Callable[["Db", Any], None]
Hooks = Mapping[type, Hook]


class Db(Record):
    """One transaction. `now` (UTC) stays the same throughout. `hooks` come from all subjects, in the order of
    storage/registry.py. `worker` names this process. `erasure_log` is None for a throw-away database. `cache` holds rows
    that were read already; any statement but a prepared one clears it. `opened` are the people whose words were opened for somebody else.
    """

    connection: Connection
    vault: Sealer
    now: datetime
    rules: Rules
    hooks: Mapping[type, Sequence[Hook]]
    worker: str = ""
    erasure_log: Recorder | None = None
    cache: dict[tuple[str, int], Any] = field(default_factory=dict)
    opened: set[int] = field(default_factory=set)

    @property
    def today(self) -> date:
        """Today in the team's time zone."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        """The day of a moment in the team's time zone."""
        return moment.astimezone(self.rules.zone).date()

    @overload
    def run(self, statement: Executable, values: Any = None) -> CursorResult[Any]: ...
    @overload
    def run(self, statement: Prepared, values: Mapping[str, Any]) -> Rows: ...

    def run(self, statement: Executable | Prepared, values: Any = None) -> CursorResult[Any] | Rows:
        """Runs a statement with these values by name."""
        if isinstance(statement, Prepared):
            return statement.run(self.connection, values)
        self.cache.clear()
        return self.connection.execute(statement, values)

    def run_each(self, statement: Prepared, values: Sequence[Mapping[str, Any]]) -> None:
        """Runs a statement once for each of these values."""
        if values:
            statement.run_each(self.connection, values)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undoes the statements in its block if that raises."""
        try:
            with savepoint(self.connection):
                yield
        except BaseException:
            self.cache.clear()
            raise

    def run_hooks(self, event: object) -> None:
        """Runs the hooks that later subjects registered for this type of event."""
        for hook in self.hooks[type(event)]:
            hook(self, event)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that supports ON CONFLICT, for this database."""
        return sqlite.insert(table) if self.connection.dialect.name == "sqlite" else postgresql.insert(table)


def prepared(statement: Executable | Build) -> Prepared:
    """A statement that is built and compiled once, for queries that run in every turn."""
    return Prepared((lambda _: statement) if isinstance(statement, Executable) else statement)


def new_id(result: CursorResult[Any]) -> int:
    """The id of the row that was just inserted."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
