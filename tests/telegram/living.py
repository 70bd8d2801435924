"""The Telegram side of a house as the process runs it: the loop, the door, the courier, all around one desk."""

import asyncio
import contextlib
from dataclasses import replace

from bot.app import Wake
from bot.courier.courier import Courier
from handlers.files.render import draw
from handlers.telegram.client import LeanBot
from handlers.telegram.polling import poll
from handlers.telegram.receiver import TelegramDoor
from handlers.telegram.transport import TelegramPost
from handlers.wakeup import Bell


@contextlib.asynccontextmanager
async def living(double, house):
    """Gives the bot; what people do at the double's phones is answered there."""
    bot = LeanBot(double.token, double.url)
    await bot.initialize()
    wake = Wake(Bell())
    desk = replace(house.desk, wake=wake, rules=replace(house.desk.rules, sends_per_second=1000))
    courier = Courier(desk, TelegramPost(bot, desk.library, lambda paper: draw(desk, paper)), wake.bell)
    wake.couriers = [courier]
    await courier.begin()
    door, stopping = TelegramDoor(desk, bot), asyncio.Event()
    running = [asyncio.create_task(work) for work in (courier.run(), poll(bot, door.take, stopping))]
    try:
        yield bot
    finally:
        stopping.set()
        await running[1]
        await door.finish()
        await courier.finish()
        await running[0]
        await bot.shutdown()
