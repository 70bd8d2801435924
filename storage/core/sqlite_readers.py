"""The readers of a SQLite file: aiosqlite connections, each with its own thread, in which a whole read runs at once.

SQLAlchemy's way over aiosqlite crosses to the thread and back for each statement, which costs ten times what the
statements do; see decision 34.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TypeVar

import aiosqlite
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url

from storage.core import json_codec, sqlite
from storage.core.errors import Unavailable

Result = TypeVar("Result")

_MOST = 8  # reads at a time; a further one waits


class Readers:
    """Connections that are opened when they are needed, and kept. Use them from one event loop."""

    def __init__(self, url: str) -> None:
        self._path = make_url(url).database or ""
        self._idle: list[_Reader] = []
        self._free = asyncio.Semaphore(_MOST)
        self._closed = False

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """Returns what the work reads of one moment. Raises what it raises."""
        async with self._free:
            if self._closed:
                raise Unavailable("closed")
            reader = self._idle.pop() if self._idle else await _Reader.open(self._path)
            try:
                return await reader.run(work)
            finally:
                self._idle.append(reader)

    async def close(self) -> None:
        """Waits for reads in progress. Later ones raise Unavailable."""
        self._closed = True
        for _ in range(_MOST):
            await self._free.acquire()
        for reader in self._idle:
            await reader.close()
        self._idle.clear()
        for _ in range(_MOST):
            self._free.release()


class _Reader:
    """One connection and its thread."""

    def __init__(self, opened: aiosqlite.Connection, engine: Engine) -> None:
        self._opened, self._engine = opened, engine

    @classmethod
    async def open(cls, path: str) -> "_Reader":
        connection = sqlite3.connect(path, timeout=sqlite.BUSY_SECONDS, check_same_thread=False)
        engine = create_engine(
            "sqlite://",
            creator=lambda: connection,
            poolclass=StaticPool,
            hide_parameters=True,
            **json_codec.ENGINE,
        )
        event.listen(engine, "connect", sqlite.read_only)
        event.listen(engine, "begin", sqlite.begin_read)
        reading = aiosqlite.Connection(lambda: connection, 64)
        reading._thread.daemon = True  # noqa: SLF001 - as in SQLAlchemy: a forgotten one must not hold up the exit
        return cls(await reading, engine)

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        def read() -> Result:
            with self._engine.connect() as connection:
                return work(connection)

        # aiosqlite has no public way to run more than one call in its thread.
        result: Result = await self._opened._execute(read)  # type: ignore[no-untyped-call]  # noqa: SLF001
        return result

    async def close(self) -> None:
        await self._opened.close()
