"""News between workers, by PostgreSQL's own NOTIFY: whoever listens looks at once and need not wait for a tick."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import asyncpg
import structlog
from sqlalchemy import make_url

log = structlog.get_logger()

CHANNEL = "heard"
TOGETHER = 0.03  # seconds between two notices: however many turns there are, so many a second are enough
AGAIN = 2.0  # seconds until another try, while the server cannot be reached
ALIVE = 15.0  # seconds between two looks at the connection


class Notifications:
    """One connection of its own, kept open. What a lost one misses, ticks sweep up."""

    def __init__(self, url: str) -> None:
        address = make_url(url).set(drivername="postgresql")
        self._address = address.render_as_string(hide_password=False)
        self._connection: asyncpg.Connection[Any] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._next = 0.0

    async def listen(self, heard: Callable[[], None]) -> None:
        """Calls `heard` at each notice, and after each time that some may have been missed; until it is cancelled."""
        while True:
            try:
                await self._listened(heard)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("no notices from other workers for now", kind=type(error).__name__)
            finally:
                await self._leave()
            await asyncio.sleep(AGAIN)

    def tell(self) -> None:
        """Tells all workers, this one too, that there is something new. Never waits, and never fails."""
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_soon())

    async def _listened(self, heard: Callable[[], None]) -> None:
        self._connection = await asyncpg.connect(self._address, timeout=10)
        await self._connection.add_listener(CHANNEL, lambda *_notice: heard())
        heard()
        while True:
            await asyncio.sleep(ALIVE)
            await self._connection.execute("SELECT 1", timeout=10)

    async def _tell_soon(self) -> None:
        now = asyncio.get_running_loop().time
        await asyncio.sleep(self._next - now())
        self._next = now() + TOGETHER
        if self._connection is not None:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._connection.execute(f"NOTIFY {CHANNEL}", timeout=10)

    async def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=2)
