"""Transfers everything to another database: copies all rows, compares them, then releases the new one for use."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from pydantic import SecretStr
from sqlalchemy import Connection, Table, make_url
from sqlalchemy.exc import ArgumentError

from bot.cli.console import OnProgress
from bot.config.data_key import key_file, vault_for
from bot.config.settings import Settings
from bot.operations.opening import check_file
from storage.core import ids, schema
from storage.core.database import Database, open_database
from storage.core.instance_lock import lock_for
from storage.core.unit_of_work import Db
from storage.operations import transfer
from storage.operations.transfer import TransferFailed
from storage.registry import HOOKS
from storage.security import audit_log, key_checks
from storage.security.vault import Vault


async def move(settings: Settings, source: str, target: str, step: OnProgress) -> int:
    """Copies everything from `source` to `target`, both URLs; continues an interrupted transfer. Returns the number of
    rows.

    Raises TransferFailed, DatabaseUnusable, InUse, KeyMismatch, SchemaMismatch or Unavailable. The source is not
    changed.
    """
    _check(settings, source, target)
    async with AsyncExitStack() as opened:
        for url in (source, target):
            await opened.enter_async_context(lock_for(url).exclusive())
        here = await opened.enter_async_context(_open(source))
        there = await opened.enter_async_context(_open(target))
        vault = await _vault(with_database(settings, source), here)
        await there.reshape(partial(transfer.begin, name=await here.read(transfer.fingerprint)))
        progress = _Progress(step, 2 * await here.read(transfer.count_rows))
        for table in transfer.TABLES:
            await _copy(here, there, table, progress)
        rows = 0
        for table in transfer.TABLES:
            rows += await _compare(here, there, table, progress)
        highest = await here.read(ids.highest)
        await there.write(partial(_finish, highest=highest, vault=vault, settings=settings))
    return rows


def with_database(settings: Settings, url: str) -> Settings:
    """The settings with another database URL."""
    return settings.model_copy(update={"database_url": SecretStr(url)})


def what_to_set(settings: Settings, source: str, target: str) -> list[str]:
    """The lines for .env after the transfer, with the password hidden."""
    before, after = with_database(settings, source), with_database(settings, target)
    lines = [f"DATABASE_URL={make_url(target).render_as_string(hide_password=True)}"]
    if make_url(target).password:
        lines[0] += "  (with its password instead of ***)"
    file = None if settings.data_key else key_file(before)
    if file and file != key_file(after):
        lines.append(f"DATA_KEY_FILE={file}")
    if before.erasure_log_file != after.erasure_log_file:
        lines.append(f"FORGOTTEN_LOG={before.erasure_log_file}")
    return lines


class _Progress:
    """Progress over all rows, each counted twice: copied and compared."""

    def __init__(self, step: OnProgress, total: int) -> None:
        self._step, self._total, self._done = step, total, 0

    def advance(self, rows: int) -> None:
        self._done += rows
        self._step(self._done, max(self._total, self._done))


def _check(settings: Settings, source: str, target: str) -> None:
    try:
        urls = make_url(source), make_url(target)
    except ArgumentError:
        raise TransferFailed(
            "Name both databases as DATABASE_URL does: sqlite+aiosqlite:///data/heard.db, or"
            " postgresql+asyncpg://NAME:PASSWORD@HOST/DATABASE."
        ) from None
    if any(url.drivername not in {"sqlite+aiosqlite", "postgresql+asyncpg"} for url in urls):
        raise TransferFailed("A database's URL begins with sqlite+aiosqlite:/// or postgresql+asyncpg://.")
    if urls[0] == urls[1]:
        raise TransferFailed("Both are the same database.")
    file = with_database(settings, source).sqlite_file
    if file is not None and not file.exists():
        raise TransferFailed(f"{file} does not exist.")
    for url in (source, target):
        place = with_database(settings, url).sqlite_file
        if place is not None:
            check_file(place)


@asynccontextmanager
async def _open(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        await database.close()


async def _vault(settings: Settings, database: Database) -> Vault:
    """The vault for the source database. Raises KeyMismatch or SchemaMismatch."""
    await database.read(schema.check)
    vault, _ = vault_for(settings, empty=False)
    await database.read(lambda connection: key_checks.check(connection, vault))
    return vault


async def _copy(here: Database, there: Database, table: Table, progress: _Progress) -> None:
    after = await there.read(partial(transfer.last_key, table=table))
    while rows := await here.read(partial(transfer.next_rows, table=table, after=after)):
        await there.write(partial(transfer.insert_rows, table=table, rows=rows))
        after = transfer.key_of(table, rows[-1])
        progress.advance(len(rows))


async def _compare(here: Database, there: Database, table: Table, progress: _Progress) -> int:
    after, compared = None, 0
    while True:
        work = partial(transfer.next_rows, table=table, after=after)
        rows, others = await here.read(work), await there.read(work)
        transfer.check_same(table, rows, others, compared)
        if not rows:
            return compared
        after = transfer.key_of(table, rows[-1])
        compared += len(rows)
        progress.advance(len(rows))


def _finish(connection: Connection, highest: dict[str, int], vault: Vault, settings: Settings) -> None:
    transfer.finish(connection, highest)
    audit_log.note(
        Db(connection, vault, datetime.now(UTC), settings.rules(None), HOOKS), None, "moved the database"
    )
