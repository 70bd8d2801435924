"""The open store: the database with its vault, and the erasure log."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from conversations.core.config import Rules
from conversations.core.record import Record
from storage.core.database import Database
from storage.core.unit_of_work import Db
from storage.operations.after_restore import HoldCounts
from storage.operations.replay_erasures import ReplayCounts
from storage.registry import HOOKS
from storage.security import lineage
from storage.security.erasure_log import ErasureLog
from storage.security.vault import Vault

Result = TypeVar("Result")


class RecoveryReport(Record):
    """What was redone after a restore (`again`), and what is held; None if there was no restore. `fresh`: the erasure
    log was missing, so that nothing could be redone.
    """

    again: ReplayCounts
    held: HoldCounts | None
    fresh: bool


class Store(Record):
    """An open database with its vault and erasure log. `new_key` is the key file, if it was just created; `recovery` is
    what was redone at this start.
    """

    database: Database
    vault: Vault
    erasure_log: ErasureLog
    new_key: Path | None = None
    recovery: RecoveryReport | None = None

    async def write(self, rules: Rules, work: Callable[[Db], Result]) -> Result:
        """Runs `work` in its own transaction."""
        return await self.database.write(lambda connection: work(self._db(connection, rules)))

    async def read(self, rules: Rules, work: Callable[[Db], Result]) -> Result:
        return await self.database.read(lambda connection: work(self._db(connection, rules)))

    def _db(self, connection: Connection, rules: Rules) -> Db:
        return Db(connection, self.vault, datetime.now(UTC), rules, HOOKS, erasure_log=self.erasure_log)

    async def write_checkpoint(self, rules: Rules) -> None:
        """Writes a checkpoint to the database and, after the commit, to the erasure log."""
        self.erasure_log.add(await self.write(rules, lineage.next_checkpoint))
