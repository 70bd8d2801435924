"""Access to SQLite and PostgreSQL: each piece of work runs whole, in one transaction.

The work is plain code over a connection, without `await`. It may run twice: on SQLite if other work in its batch failed,
on PostgreSQL if it was undone because of a deadlock.
So anything that it does outside the database may happen twice.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.core import json_codec, sqlite
from storage.core.errors import Unavailable, error_name, is_deadlock, translate_errors
from storage.core.sqlite_readers import Readers
from storage.core.sqlite_writer import Result, Work, Writer

_CONNECT_SECONDS = 10
_TRIES = 3  # of work that PostgreSQL undoes, because two waited for each other


class Database(Protocol):
    """`write` returns after the commit; `read` sees committed data.

    `reshape` is for migrations: on SQLite foreign keys are off, so rebuilding a table does not delete rows that refer to
    it. All three raise what the work raises, or Unavailable if the database is at fault.
    """

    async def write(self, work: Work[Result]) -> Result: ...
    async def read(self, work: Work[Result]) -> Result: ...
    async def reshape(self, work: Work[Result]) -> Result: ...
    async def close(self) -> None: ...


def open_database(url: str) -> Database:
    """A database by its URL: `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`."""
    return Sqlite(url) if make_url(url).get_backend_name() == "sqlite" else Postgres(url)


class Sqlite:
    """One writer, which commits waiting work together; aiosqlite reads."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._writer = Writer(url)
        self._readers = Readers(url)

    async def write(self, work: Work[Result]) -> Result:
        with translate_errors():
            return await self._writer.run(work)

    async def read(self, work: Work[Result]) -> Result:
        with translate_errors():
            return await self._readers.run(work)

    async def reshape(self, work: Work[Result]) -> Result:
        def run() -> Result:
            engine = sqlite.engine(self._url, foreign_keys=False)
            try:
                with engine.begin() as connection:
                    return work(connection)
            finally:
                engine.dispose()

        with translate_errors():
            return await asyncio.to_thread(run)

    async def close(self) -> None:
        """Waits for work in progress. Later calls raise Unavailable."""
        await self._writer.close()
        await self._readers.close()


class Postgres:
    """READ COMMITTED; turns at one door wait for one another on its row."""

    def __init__(self, url: str) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=10,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"timeout": _CONNECT_SECONDS},
            **json_codec.ENGINE,
        )

    async def write(self, work: Work[Result]) -> Result:
        with translate_errors():
            for _ in range(_TRIES - 1):
                try:
                    return await self._write(work)
                except DBAPIError as error:
                    if not is_deadlock(error):
                        raise
            return await self._write(work)

    async def _write(self, work: Work[Result]) -> Result:
        async with self._connect() as connection, connection.begin():
            return await connection.run_sync(work)

    async def read(self, work: Work[Result]) -> Result:
        with translate_errors():
            async with self._connect() as connection:
                return await connection.run_sync(work)

    async def reshape(self, work: Work[Result]) -> Result:
        return await self.write(work)

    async def close(self) -> None:
        await self._engine.dispose()

    @contextlib.asynccontextmanager
    async def _connect(self) -> AsyncIterator[AsyncConnection]:
        """Opens a connection. Raises Unavailable for the many kinds of errors with which the driver can fail."""
        connection = self._engine.connect()
        try:
            await connection.start()
        except Exception as error:
            raise Unavailable(error_name(error)) from error
        async with contextlib.aclosing(connection):
            yield connection
