"""Telegram answers late, wrongly, or not at all: what is sent again, what never, and what staff see of it."""

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.botapi import Double, How, Phone
from tests.faults.waiting import LONG, until
from tests.walks.page import Browser
from tests.walks.running import Heard
from tests.walks.steps import OLU
from tests.walks.test_many import FIRST, Many, many_people
from tests.walks.test_web_walk import join

BAD_GATEWAY = How.answer(502, "<html>Bad gateway</html>", accepted=False)


# --- Telegram is down -----------------------------------------------------------------------------------


async def down(crowd: Many, how: How | None) -> None:
    """From now on nobody listens there, or whoever listens answers so."""
    if how is None:
        await crowd.double.goes_away()
    else:
        crowd.double.fail("*", 1_000_000, how)


async def up_again(crowd: Many, how: How | None) -> None:
    if how is None:
        await crowd.double.comes_back()
    else:
        crowd.double.faults.orders.clear()


@pytest.mark.parametrize("how", [None, BAD_GATEWAY], ids=["refuses connections", "answers 502"])
async def test_while_telegram_is_down_the_page_works_and_then_the_queue_drains_at_the_allowed_rate(
    tmp_path: Path, how: How | None
):
    async with many_people(tmp_path, 40, SENDS_PER_SECOND="10") as crowd, Browser(crowd.heard.url) as ana:
        await crowd.send()
        await crowd.until(lambda: len(crowd.told()) >= 5)
        await down(crowd, how)
        before = len(crowd.told())
        await join(ana)
        await asyncio.sleep(12)
        assert len(crowd.told()) <= before + 1
        assert crowd.states("unknown") <= 2
        await up_again(crowd, how)
        back = time.time()
        await crowd.until(lambda: crowd.states("sent", "unknown") == 40, LONG)
        assert set(crowd.told().values()) == {1}
        assert len(crowd.told()) >= 38
        check_rate([call.at for call in crowd.double.calls_of("sendMessage") if call.at > back], 10)


def check_rate(moments: list[float], most: int) -> None:
    """Never more than so many in any second; a tenth of a second for the way over the wire."""
    for first, last in zip(moments, moments[most:], strict=False):
        assert last - first > 0.9
