"""What every storage function works with: the open transaction, the vault, the moment, the team's rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from conversations.rules import Rules
from storage.outside import Outside
from storage.vault import Vault

Prepared = Mapping[str, Executable]  # by the database's name
Insert = Callable[[Table], sqlite.Insert | postgresql.Insert]


@dataclass(frozen=True, slots=True)
class Db:
    """One transaction. `now` is UTC and the same for all that happens in it; `worker` is the process that it is of.
    `outside` is the log outside the database; a throw-away database has none.
    """

    connection: Connection
    vault: Vault
    now: datetime
    rules: Rules
    worker: str = ""
    outside: Outside | None = None

    def run(self, statement: Executable | Prepared, values: Any = None) -> CursorResult[Any]:
        """Carries out a statement, with these values by name; with a list of them, once for each."""
        if isinstance(statement, Mapping):
            statement = statement[self.connection.dialect.name]
        return self.connection.execute(statement, values)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT, which both databases write alike."""
        return sqlite.insert(table) if self.connection.dialect.name == "sqlite" else postgresql.insert(table)


def prepared(build: Callable[[Insert], Executable]) -> Prepared:
    """A statement that is built once, and not each time that it is carried out: that costs several times what
    carrying it out does. `build` gets the INSERT that knows ON CONFLICT, which each database has its own of.
    """
    return {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}


def new_id(result: CursorResult[Any]) -> int:
    """The id of the row that was just put in."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
