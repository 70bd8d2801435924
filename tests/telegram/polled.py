"""Polling against the double, as the process runs it."""

import asyncio
import contextlib

from handlers.telegram.client import LeanBot
from handlers.telegram.polling import poll
from storage.core.errors import Unavailable
from tests.waiting import LONG


@contextlib.asynccontextmanager
async def polling_with(double, take):
    """The loop as the process runs it, stopped cleanly at the end."""
    bot = LeanBot(double.token, double.url)
    await bot.initialize()
    stopping = asyncio.Event()
    running = asyncio.create_task(poll(bot, take, stopping))
    try:
        yield running
    finally:
        stopping.set()
        await asyncio.wait_for(running, LONG)
        await bot.shutdown()


class Taker:
    """Takes updates as the test wants: `hold` delays one, `fail` cannot store it."""

    def __init__(self):
        self.begun, self.stored = [], []
        self.held = {}
        self.failing = False

    def hold(self, number):
        self.held[number] = asyncio.Event()

    async def __call__(self, update):
        self.begun.append(update.number)
        if update.number in self.held:
            await self.held[update.number].wait()
        await asyncio.sleep(0)
        if self.failing:
            raise Unavailable("SQLITE_BUSY")
        self.stored.append(update.number)


def offsets(double):
    return [call.values.get("offset", 0) for call in double.calls_of("getUpdates")]
