"""Instance locks: one process per SQLite file, any number on PostgreSQL. Each publishes the id of its newest key.

The operating system and PostgreSQL release a process's locks however it ends.
"""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import TextClause, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from storage.core.errors import Unavailable, error_name

PublishKey = Callable[[bytes], Awaitable[None]]


class InUse(Exception):
    """Another process uses this database, or its lock file cannot be written. The message says what to do."""


class InstanceLock(Protocol):
    """`shared` is held by a running Heard, and yields the function that publishes the id of its newest key. `exclusive`
    keeps every Heard out. Both raise InUse. `keys` returns the key ids of all that run now.
    """

    def shared(self) -> AbstractAsyncContextManager[PublishKey]: ...
    def exclusive(self) -> AbstractAsyncContextManager[None]: ...
    async def keys(self) -> frozenset[bytes]: ...


def lock_for(url: str) -> InstanceLock:
    """The instance lock of the database with this URL."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        return _FileLock(Path(found.database or ""))
    return _AdvisoryLock(url)


class _FileLock:
    """A lock on a file next to the database, which holds the key's id."""

    def __init__(self, database: Path) -> None:
        self._database, self._file = database, database.with_name(f"{database.name}.lock")

    @contextlib.asynccontextmanager
    async def shared(self) -> AsyncIterator[PublishKey]:
        with self._lock(f"Another Heard is running on {self._database}. Stop it first.") as handle:

            async def publish(key: bytes) -> None:
                os.pwrite(handle, key, 0)

            yield publish

    @contextlib.asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        with self._lock(f"Heard is running on {self._database}. Stop it first."):
            yield

    async def keys(self) -> frozenset[bytes]:
        try:
            with self._lock(""):
                return frozenset()
        except InUse:
            return frozenset({self._file.read_bytes()})

    @contextlib.contextmanager
    def _lock(self, in_use: str) -> Iterator[int]:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise InUse(
                f"{self._file} cannot be written ({error.strerror}). Give this account write permission."
            ) from None
        try:
            _lock_file(handle, in_use)
            yield handle
        finally:
            os.close(handle)


def _lock_file(handle: int, in_use: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InUse(in_use) from None
    os.truncate(handle, 0)


# PostgreSQL's advisory locks have two numbers. The first is the purpose: "HRUN", "HKEY".
_RUNS, _KEY = 0x4852_554E, 0x484B_4559
_SHARED = text("SELECT pg_try_advisory_lock_shared(:kind, :number)")
_ALONE = text("SELECT pg_try_advisory_lock(:kind, :number)")
_KEYS = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid::bigint = :kind"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_CHECK_SECONDS = 20.0  # seconds between two checks of our connection
_MOVED = "This database is being transferred. Wait until that is done."


class _AdvisoryLock:
    """Advisory locks on a connection of their own, which is reopened if it breaks."""

    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
        )
        self._connection: AsyncConnection | None = None
        self._key: bytes | None = None

    @contextlib.asynccontextmanager
    async def shared(self) -> AsyncIterator[PublishKey]:
        await self._lock_shared()
        watching = asyncio.create_task(self._watch())
        try:
            yield self._publish
        finally:
            watching.cancel()
            await self._disconnect()

    @contextlib.asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        try:
            if not await self._lock(_ALONE, _RUNS, 0):
                raise InUse("Heard is running on this database. Stop every worker first.")
            yield
        finally:
            await self._disconnect()

    async def keys(self) -> frozenset[bytes]:
        try:
            numbers = await (await self._connect()).execute(_KEYS, {"kind": _KEY})
            return frozenset((number % 2**32).to_bytes(4, "big") for number in numbers.scalars())
        finally:
            await self._disconnect()

    async def _publish(self, key: bytes) -> None:
        self._key = key
        await self._lock(_SHARED, _KEY, int.from_bytes(key, "big", signed=True))

    async def _lock_shared(self) -> None:
        if not await self._lock(_SHARED, _RUNS, 0):
            await self._disconnect()
            raise InUse(_MOVED)
        if self._key:
            await self._publish(self._key)

    async def _watch(self) -> None:
        """Takes the locks again if the connection was lost, because they went with it."""
        while True:
            await asyncio.sleep(_CHECK_SECONDS)
            try:
                await (await self._connect()).execute(text("SELECT 1"))
            except Exception:  # noqa: BLE001 - whatever broke it, reconnect now or at the next check
                with contextlib.suppress(Unavailable, InUse):
                    await self._disconnect()
                    await self._lock_shared()

    async def _lock(self, how: TextClause, kind: int, number: int) -> bool:
        taken = await (await self._connect()).execute(how, {"kind": kind, "number": number})
        return bool(taken.scalar_one())

    async def _connect(self) -> AsyncConnection:
        if self._connection is None:
            try:
                self._connection = await self._engine.connect()
            except Exception as error:
                raise Unavailable(error_name(error)) from error
        return self._connection

    async def _disconnect(self) -> None:
        gone, self._connection = self._connection, None
        if gone is not None:
            with contextlib.suppress(Exception):
                await gone.close()
