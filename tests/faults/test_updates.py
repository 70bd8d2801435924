"""Telegram repeats or reorders updates; and a flow raises on a person's text."""

import asyncio
from pathlib import Path

from tests.botapi import Double, Phone
from tests.waiting import until
from tests.walks.dying import Trap
from tests.walks.running import Heard

WEBHOOK = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-this-test"}
TAKEN_IN = "select count(*) from updates"
SECRET = "what nobody else may read"


async def test_repeated_and_reordered_updates_count_once_and_an_error_leaks_nothing_into_logs(tmp_path: Path):
    async with Double() as double, Heard(tmp_path, double, **WEBHOOK) as heard:
        sam = Phone(double, 700001)
        await sam.types("/start")
        await sam.hears("I'm Heard")
        await sam.taps("English")
        await sam.hears("should I write?")
        await check_nothing_happens_again(double, heard, sam)
        await heard.restart()  # a process with an empty memory
        await check_nothing_happens_again(double, heard, sam)

        [first, *_] = double.updates.past.values()
        newest = max(double.updates.past)
        for number in (newest + 20, newest + 10):
            double.deliver({**first, "update_id": number})
        await until(lambda: heard.count(TAKEN_IN) == 4)
        await sam.hears("should I write?")

        heard.trap = Trap("handlers.turns:_handle_event", "raises", words=f"{double.token} {SECRET}")
        await heard.restart()
        await sam.types(SECRET)
        await sam.hears("went wrong")
        assert "turn failed" in heard.output
        assert SECRET not in heard.output
        assert double.token not in heard.output


async def check_nothing_happens_again(double: Double, heard: Heard, phone: Phone) -> None:
    """Each update comes a hundred times more, and is fetched each time."""
    taken_in, shown = heard.count(TAKEN_IN), await phone.sees()
    for number in [*double.updates.past] * 100:
        double.redeliver(number)
    await until(lambda: not double.updates.queue)
    await asyncio.sleep(0.3)
    assert heard.count(TAKEN_IN) == taken_in
    assert await phone.sees() == shown
