"""Three workers on one database: whichever takes a turn, everybody hears of it once; one that dies leaves nobody out."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.botapi import Double
from tests.crowd import add_crowd
from tests.waiting import LONG, until
from tests.walks.account import told
from tests.walks.page import Browser
from tests.walks.several import Several
from tests.walks.steps import A_SHORT_OUTCOME, OLU, OWNING, SAM, THE_LOOP, Walk
from tests.walks.test_many import FIRST, TOLD
from tests.walks.test_web_walk import answer, be_told, decide, join

MANY = 40
UNDER_WAY = "select count(*) from outbox where state in ('taken', 'sending') or (state = 'waiting' and door_kind <> 'web')"


async def test_the_whole_loop_goes_through_three_workers_in_turn(tmp_path: Path, empty_postgres: str):
    async with Double() as double, Several(tmp_path, double, empty_postgres, 3) as heard:
        walk = Walk(heard, double)
        await walk.take(*THE_LOOP)
        assert "[error" not in heard.output, heard.output
        assert set(Counter(told(double)[walk.phones[SAM].id]).values()) == {1}
        assert await heard.count("select count(distinct taken_by) from outbox where state = 'sent'") == 3
        for worker in heard.workers:
            assert await worker.stop() == 0


async def test_a_page_at_one_worker_shows_at_once_what_was_published_at_another(
    tmp_path: Path, empty_postgres: str
):
    async with Several(tmp_path, None, empty_postgres, 2, TELEGRAM_MODE="polling") as heard:
        one, two = heard.workers
        assert await one.stop() == 0
        # Only the other worker's notice may reach the page: it neither polls nor keeps the stream alive.
        one.constants = {"handlers.web.watch:_SWEEP": 3600.0, "handlers.web.live:_KEEP_ALIVE": 3600.0}
        await one.start()
        async with Browser(one.url) as ana, Browser(two.url) as otto:
            await join(ana)
            await answer(ana)
            async with ana.listens() as news:
                await news.readuntil(b"\n\n")
                await decide(otto, heard.owner_token)
                async with asyncio.timeout(LONG):
                    await news.readuntil(b"\n\n")
                await be_told(ana)


async def nothing_is_under_way(heard: Several) -> bool:
    return await heard.count(UNDER_WAY) == 0


@pytest.mark.left_to_all("kill runs")
async def test_another_worker_continues_the_work_of_a_killed_one(tmp_path: Path, empty_postgres: str):
    async with (
        Double() as double,
        Several(tmp_path, double, empty_postgres, 2, SENDS_PER_SECOND="10") as heard,
    ):
        walk = Walk(heard, double)
        for number in range(FIRST, FIRST + MANY):
            await double.act("joins", who=number, language_code="en", name="Kim")
        await heard.change(lambda db: add_crowd(db, MANY, consultation=1, first=FIRST))
        await walk.take(OWNING[0], *A_SHORT_OUTCOME)
        double.latency = 0.3
        await walk.phones[OLU].taps("Send now")
        await walk.phones[OLU].taps("Yes, send it")
        await until(lambda: len(reached(double)) >= 10)
        heard.workers[0].kill()
        await until(lambda: nothing_is_under_way(heard))
        unknown = await heard.count("select count(*) from outbox where state = 'unknown'")
        assert set(reached(double).values()) == {1}
        assert MANY - unknown <= len(reached(double)) <= MANY
        assert unknown <= 10  # no more than were under way


def reached(double: Double) -> Counter[int]:
    calls = [call for call in double.calls_of("sendMessage") if isinstance(call.result, dict)]
    told_so = [call.result["chat"]["id"] for call in calls if TOLD in call.result["text"]]
    return Counter(chat for chat in told_so if FIRST <= chat < FIRST + MANY)
