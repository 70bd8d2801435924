"""What every storage function works with: the open transaction, the vault, the moment, the team's rules."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from conversations.rules import Rules
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Db:
    """One transaction. `now` is UTC and the same for all that happens in it."""

    connection: Connection
    vault: Vault
    now: datetime
    rules: Rules

    def run(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:
        """Carries out a statement; with a list of rows, once for each of them."""
        return self.connection.execute(statement, rows)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT, which both databases write alike."""
        return sqlite.insert(table) if self.connection.dialect.name == "sqlite" else postgresql.insert(table)

    @property
    def locks_rows(self) -> bool:
        """Whether SELECT … FOR UPDATE means anything here; SQLite has one writer and needs none."""
        return self.connection.dialect.name == "postgresql"


def new_id(result: CursorResult[Any]) -> int:
    """The id of the row that was just put in."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
