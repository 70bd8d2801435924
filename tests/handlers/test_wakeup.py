"""A wake-up wakes all waiters, and never prevents their cancellation."""

import asyncio

from handlers.wakeup import Wakeup


async def test_a_waiter_cancelled_during_a_wakeup_is_cancelled():
    wakeup = Wakeup()

    async def wait_and_wait():
        while True:
            await wakeup.wait(1000)

    waiting = asyncio.create_task(wait_and_wait())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    wakeup.notify()
    waiting.cancel()
    gone, _ = await asyncio.wait([waiting], timeout=60)
    assert gone == {waiting}
    assert waiting.cancelled()


async def test_one_wakeup_wakes_everybody_who_waits():
    wakeup = Wakeup()
    waiting = [asyncio.create_task(wakeup.wait(1000)) for _ in range(3)]
    await asyncio.sleep(0)
    wakeup.notify()
    woken, _ = await asyncio.wait(waiting, timeout=60)
    assert len(woken) == 3
