"""LISTEN/NOTIFY between workers on PostgreSQL, so that none waits for its next tick."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import asyncpg
import structlog
from sqlalchemy import make_url

log = structlog.get_logger()

CHANNEL = "heard"
MIN_GAP = 0.03  # seconds between two notices, however many turns there are
RETRY_SECONDS = 2.0  # until the next try, while the server cannot be reached
CHECK_SECONDS = 15.0  # between two checks of the connection


class Notifications:
    """One open connection for notices. Ticks make up for notices that a lost connection misses."""

    def __init__(self, url: str) -> None:
        address = make_url(url).set(drivername="postgresql")
        self._address = address.render_as_string(hide_password=False)
        self._connection: asyncpg.Connection[Any] | None = None
        self._notifying: asyncio.Task[None] | None = None
        self._next = 0.0

    async def listen(self, heard: Callable[[], None]) -> None:
        """Calls `heard` at each notice and after each reconnect, until it is cancelled."""
        while True:
            try:
                await self._listen_once(heard)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("notices from other workers interrupted; reconnecting", kind=type(error).__name__)
            finally:
                await self._disconnect()
            await asyncio.sleep(RETRY_SECONDS)

    def notify(self) -> None:
        """Notifies all workers, this one too. Never waits, never raises."""
        if self._notifying is None or self._notifying.done():
            self._notifying = asyncio.create_task(self._notify_soon())

    async def _listen_once(self, heard: Callable[[], None]) -> None:
        self._connection = await asyncpg.connect(self._address, timeout=10)
        await self._connection.add_listener(CHANNEL, lambda *_notice: heard())
        heard()
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            await self._connection.execute("SELECT 1", timeout=10)

    async def _notify_soon(self) -> None:
        now = asyncio.get_running_loop().time
        await asyncio.sleep(self._next - now())
        self._next = now() + MIN_GAP
        if self._connection is not None:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._connection.execute(f"NOTIFY {CHANNEL}", timeout=10)

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=2)
