"""Delivery results are written in batches, so a reply costs at most a share of a commit."""

import asyncio

import structlog

from handlers.turns import Runtime
from storage.core.errors import Unavailable
from storage.outbox import dispatching
from storage.outbox.dispatching import Settlement

log = structlog.get_logger()

WINDOW = 0.03  # seconds to collect results before writing them
AGAIN = 1.0  # seconds between tries while the database cannot be written


class ResultWriter:
    """Collects results and writes them together. It keeps each until it is written, as long as the process runs."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._waiting: list[Settlement] = []
        self._writing: asyncio.Task[None] | None = None

    def add(self, settled: Settlement) -> None:
        self._waiting.append(settled)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def finish(self) -> None:
        """Returns when everything is written."""
        if self._writing:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            await asyncio.sleep(WINDOW)
            block, self._waiting = self._waiting, []
            try:
                await self._settle(block)
            except Unavailable as fault:
                log.warning("delivery results not saved yet", fault=str(fault), how_many=len(block))
                self._waiting = [*block, *self._waiting]
                await asyncio.sleep(AGAIN)

    async def _settle(self, block: list[Settlement]) -> None:
        await self._runtime.database.write(
            lambda connection: dispatching.settle(self._runtime.db(connection), block)
        )
