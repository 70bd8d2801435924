"""The Telegram side of a house as the process runs it: polling, receiver and courier around one runtime."""

import asyncio
import contextlib

from bot.app import Notifier
from bot.courier.courier import Courier
from conversations.core.record import replace
from handlers.files.render import draw
from handlers.telegram.client import LeanBot
from handlers.telegram.polling import poll
from handlers.telegram.receiver import TelegramReceiver
from handlers.telegram.transport import TelegramTransport
from handlers.wakeup import Wakeup


@contextlib.asynccontextmanager
async def living(double, house):
    """Yields the bot, which answers people on the double's phones."""
    bot = LeanBot(double.token, double.url)
    await bot.initialize()
    notifier = Notifier(Wakeup())
    runtime = replace(
        house.runtime, notify=notifier, rules=replace(house.runtime.rules, sends_per_second=1000)
    )
    courier = Courier(
        runtime,
        TelegramTransport(bot, runtime.library, lambda attachment: draw(runtime, attachment)),
        notifier.wakeup,
    )
    notifier.couriers = [courier]
    await courier.begin()
    door, stopping = TelegramReceiver(runtime, bot), asyncio.Event()
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
