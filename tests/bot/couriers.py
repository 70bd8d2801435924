"""A running courier with a scripted transport, and helpers that wait for it."""

import asyncio
import contextlib

from msgspec.structs import force_setattr
from sqlalchemy import select

from bot.courier.courier import Courier
from conversations.core.channels import TELEGRAM
from conversations.core.record import replace
from handlers.incoming import Incoming
from handlers.wakeup import Wakeup
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.outbox import broadcasts
from storage.tables import outbox as table
from tests.crowd import add_crowd, open_hub
from tests.house import House
from tests.waiting import until


@contextlib.asynccontextmanager
async def courier(house: House, post, rate=1000.0, worker="one"):
    """A running courier that the house's turns wake."""
    runtime = replace(house.runtime, rules=replace(house.runtime.rules, sends_per_second=rate), worker=worker)
    working = Courier(runtime, post, Wakeup())
    force_setattr(house.runtime, "notify", working.hand_over)
    await working.begin()
    running = asyncio.create_task(working.run())
    try:
        yield working
    finally:
        await working.finish()
        await running


async def killed(working: Courier):
    """Acts like `kill -9`: every task stops, and nothing more is written."""
    working._results._write = asyncio.sleep  # never again
    working._gate.close()
    for task in list(working._serving):
        task.cancel()
    working._chats.clear()
    await asyncio.sleep(0)


async def types(house, address, text="/start"):
    from handlers.input import command_or_words

    await house.runtime.take_turn(Incoming(TELEGRAM, address, house.update()), command_or_words(text))


async def told(house, many, first=1000):
    number = await house.run(open_hub)
    ids = await house.run(lambda db: add_crowd(db, many, first=first))
    await house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    return ids


async def states(house):
    return await house.run(lambda db: list(db.run(select(table.c.state).order_by(table.c.id)).scalars()))


async def settled(house, many):
    async def all_are():
        found = await states(house)
        return len(found) == many and not set(found) & {"waiting", "taken", "sending"}

    await until(all_are)
