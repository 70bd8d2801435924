"""Long polling: an update is confirmed only when it is stored, whatever is killed, late or in the way."""

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from handlers.telegram import polling
from tests.botapi import How, Phone
from tests.telegram.polled import Taker, offsets, polling_with
from tests.waiting import LONG, until

pytestmark = [pytest.mark.also_on_postgres, pytest.mark.usefixtures("impatient")]


async def test_updates_are_taken_and_then_confirmed(double, sam):
    taker = Taker()
    async with polling_with(double, taker):
        await sam.types("one")
        await sam.types("two")
        await until(lambda: len(taker.stored) == 2)
        await until(lambda: not double.updates.queue)
    assert offsets(double)[-1] == max(taker.stored) + 1


async def test_the_offset_never_passes_an_unstored_update(double, sam):
    taker = Taker()
    taker.failing = True
    async with polling_with(double, taker):
        await sam.types("one")
        await Phone(double, 700002).types("two")
        await until(lambda: len(taker.begun) > 8)
        waiting = {update["update_id"] for update in double.updates.queue}
        assert max(offsets(double)) <= min(waiting)
        taker.failing = False
        await until(lambda: set(taker.stored) == waiting)
    assert double.updates.queue == []


async def test_stopping_confirms_stored_updates_only(double, sam):
    taker = Taker()
    async with polling_with(double, taker):
        await sam.types("stored")
        await until(lambda: taker.stored)
        await until(lambda: not double.updates.queue)
        taker.failing = True
        await sam.types("not stored")
        await until(lambda: len(taker.begun) > 2)
    assert [update["message"]["text"] for update in double.updates.queue] == ["not stored"]


async def test_while_an_update_is_handled_others_are_taken_and_telegram_is_not_flooded(double, sam):
    taker = Taker()
    async with polling_with(double, taker):
        await sam.types("slow")
        await until(lambda: double.updates.queue)
        taker.hold(double.updates.queue[0]["update_id"])
        await until(lambda: taker.begun)
        await asyncio.sleep(0.3)
        await Phone(double, 700002).types("quick")
        await until(lambda: len(taker.stored) == 1)
        before, polls = time.monotonic(), len(offsets(double))
        await asyncio.sleep(1)
        assert len(offsets(double)) - polls <= 1 + 4 * (time.monotonic() - before)
        for event in taker.held.values():
            event.set()


async def test_a_second_polling_program_is_logged_and_polling_continues(double, sam):
    taker = Taker()
    double.fail("getUpdates", 2, How.refused(409, "Conflict: terminated by other getUpdates request"))
    with capture_logs() as logged:
        async with polling_with(double, taker):
            await sam.types("heard all the same")
            await until(lambda: taker.stored)
    said = [entry["event"] for entry in logged]
    assert said.count("another process is polling with this token; only one may run") == 2


@pytest.mark.parametrize(
    "how",
    [
        How.cut_before(),
        How.cut_after(),
        How.truncated(),
        How.answer(502, "<html>Bad Gateway</html>", accepted=False),
        How.answer(200, "not json", accepted=True),
        How.answer(200, {"ok": True, "result": [{"no": "id"}]}, accepted=False),
        How.refused(429, "Too Many Requests: retry after 1", retry_after=0.02),
        How.refused(500, "Internal Server Error"),
    ],
    ids=lambda how: f"{how.kind} {how.status}",
)
async def test_polling_survives_every_error_and_loses_nothing(double, sam, how):
    taker = Taker()
    double.fail("getUpdates", 2, how)
    async with polling_with(double, taker):
        for words in ("one", "two"):
            await sam.types(words)
        await until(lambda: len(taker.stored) == 2)
    assert len(set(taker.stored)) == 2


async def test_a_revoked_token_ends_the_asking_with_a_clear_line(double, sam):
    taker = Taker()
    with capture_logs() as logged:
        async with polling_with(double, taker) as running:
            await sam.types("before")
            await until(lambda: taker.stored)
            double.fail("getUpdates", 99, How.refused(401, "Unauthorized"))
            await sam.types("after")
            await asyncio.wait_for(asyncio.shield(running), LONG)
    assert [entry["log_level"] for entry in logged] == ["critical"]
    assert "rejected the bot token" in logged[0]["event"]
    assert double.token not in str(logged)


async def test_stopping_does_not_wait_for_a_long_poll(double, monkeypatch):
    monkeypatch.setattr(polling, "POLL_SECONDS", 2 * LONG)
    async with polling_with(double, Taker()):
        await until(lambda: double.calls_of("getUpdates"))
