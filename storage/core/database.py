"""One way in to SQLite or PostgreSQL: a whole piece of work crosses over at once, in one transaction.

The work itself is plain code over a connection, without `await`. What it does elsewhere than in the database it
may do twice: on SQLite it is carried out again where another piece of work failed beside it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.core import json_codec, sqlite
from storage.core.errors import Unavailable, named, told_apart
from storage.core.sqlite_writer import Result, Work, Writer

_CONNECT_SECONDS = 10


class Database(Protocol):
    """`write` returns after the commit; `read` sees what was committed. What the work raises, they raise. `on_loop` says
    that the work takes a millisecond or so: on SQLite it then keeps the loop meanwhile.

    `reshape` is for migrations: a table that is made anew must not take along the rows that hang on it. All
    of them raise Unavailable where the work itself made no mistake.
    """

    async def write(self, work: Work[Result], *, on_loop: bool = False) -> Result: ...
    async def read(self, work: Work[Result]) -> Result: ...
    async def reshape(self, work: Work[Result]) -> Result: ...
    async def close(self) -> None: ...


def open_database(url: str) -> Database:
    """A database by its URL: `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`."""
    return Sqlite(url) if make_url(url).get_backend_name() == "sqlite" else Postgres(url)


class Sqlite:
    """One writer, which commits together whatever waits; aiosqlite reads."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._writer = Writer(url)
        self._readers = create_async_engine(
            url,
            connect_args={"timeout": sqlite.BUSY_SECONDS},
            pool_size=3,
            hide_parameters=True,
            **json_codec.ENGINE,
        )
        event.listen(self._readers.sync_engine, "connect", sqlite.read_only)

    async def write(self, work: Work[Result], *, on_loop: bool = False) -> Result:
        with told_apart():
            return await self._writer.carry_out(work, on_loop=on_loop)

    async def read(self, work: Work[Result]) -> Result:
        with told_apart():
            async with self._readers.connect() as connection:
                return await connection.run_sync(work)

    async def reshape(self, work: Work[Result]) -> Result:
        def done() -> Result:
            engine = sqlite.engine(self._url, foreign_keys=False)
            try:
                with engine.begin() as connection:
                    return work(connection)
            finally:
                engine.dispose()

        with told_apart():
            return await asyncio.to_thread(done)

    async def close(self) -> None:
        """Waits for what is in hand. Whoever still comes gets Unavailable."""
        await self._writer.close()
        await self._readers.dispose()


class Postgres:
    """READ COMMITTED; a person's turns wait for one another on the row of their door."""

    def __init__(self, url: str) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=10,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"timeout": _CONNECT_SECONDS},
            **json_codec.ENGINE,
        )

    async def write(self, work: Work[Result], *, on_loop: bool = False) -> Result:  # noqa: ARG002 - nothing waits here
        with told_apart():
            async with self._connected() as connection, connection.begin():
                return await connection.run_sync(work)

    async def read(self, work: Work[Result]) -> Result:
        with told_apart():
            async with self._connected() as connection:
                return await connection.run_sync(work)

    async def reshape(self, work: Work[Result]) -> Result:
        return await self.write(work)

    async def close(self) -> None:
        await self._engine.dispose()

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        """A connection. While there is none to be had, the driver raises many kinds of errors."""
        connection = self._engine.connect()
        try:
            await connection.start()
        except Exception as error:
            raise Unavailable(named(error)) from error
        async with contextlib.aclosing(connection):
            yield connection
