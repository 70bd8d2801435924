"""The loop on the page, by its real forms: once calmly, and once with everything sent twice around a kill -9."""

import asyncio
import contextlib
import random
from pathlib import Path

import pytest
from aiohttp import ClientError

from tests.walks.account import Account, account_of, differences
from tests.walks.page import Browser, Page, Posted
from tests.walks.running import Heard
from tests.walks.steps import BECAUSE, OWN_WORDS


class Impatient(Browser):
    """Every form that they send goes out twice: the process dies during the first, or as soon as it is over."""

    def __init__(self, heard: Heard, chance: random.Random) -> None:
        super().__init__(heard.url)
        self.heard, self.chance = heard, chance

    async def _send(self, posted: Posted) -> Page:
        if posted[0] == "/start":  # who lost that answer has no cookie yet, and is somebody new
            return await super()._send(posted)
        first = asyncio.create_task(super()._send(posted))
        if self.chance.random() < 0.5:
            await asyncio.sleep(self.chance.uniform(0, 0.03))
        else:
            await first
        self.heard.kill()
        with contextlib.suppress(ClientError):
            await first
        await self.heard.start()
        return await super()._send(posted)


async def join(ana: Browser) -> None:
    await ana.opens("/")
    for label in ("Start", "English", "Normal", "OK", "16–17", "Yes, keep it"):
        await ana.presses(label)
    assert "Have your say" in ana.sees


async def answer(ana: Browser) -> None:
    for label in ("Have your say", "Start", "Not very safe"):
        await ana.presses(label)
    await ana.writes(OWN_WORDS)
    for label in ("Lights at the stop", "Done", "4", "Skip", "Done"):
        await ana.presses(label)
    assert "Your answers are in" in ana.sees


async def decide(otto: Browser, token: str) -> None:
    await otto.opens(f"/i/{token}")
    await otto.presses("Accept the invite")
    assert "Welcome to the team" in (await otto.opens()).text
    for label in ("You said, we did", "1", "Begin"):
        await otto.presses(label)
    await otto.writes("You want more light on the way home")
    await otto.presses("2")
    await otto.writes("It's the dark, not the bus")
    await otto.presses("We can't")
    await otto.writes("put up lamps this year")
    assert "needs its because" in otto.sees
    await otto.writes(BECAUSE)
    for label in ("That's all", "Use this"):
        await otto.presses(label)
    assert "1 person who took part" in otto.sees
    await otto.presses("Send now")
    await otto.presses("Yes, send it")
    assert "on its way to 1 person" in otto.sees


async def be_told(ana: Browser) -> None:
    await ana.hears("here is what happened")
    assert f'(You wrote: "{OWN_WORDS}")' in ana.sees
    assert BECAUSE in ana.sees
    await ana.opens("/changed")
    assert BECAUSE in ana.sees
    await ana.opens()


async def walk(heard: Heard, ana: Browser, otto: Browser) -> Account:
    async with ana, otto:
        await join(ana)
        await answer(ana)
        await decide(otto, heard.owner_token)
        await be_told(ana)
        await otto.opens()
    assert await heard.stop() == 0
    assert "[error" not in heard.output, heard.output
    return account_of(heard)


@pytest.mark.left_to_all("kill runs")
async def test_a_form_sent_twice_around_a_kill_has_one_effect(tmp_path: Path):
    (tmp_path / "calm").mkdir()
    (tmp_path / "shaken").mkdir()
    async with Heard(tmp_path / "calm") as heard:
        calm = await walk(heard, Browser(heard.url), Browser(heard.url))
    chance = random.Random(1)
    async with Heard(tmp_path / "shaken") as heard:
        shaken = await walk(heard, Impatient(heard, chance), Impatient(heard, chance))
        assert heard.starts > 25
    assert list(differences(calm, shaken)) == []


async def test_a_stop_does_not_wait_for_open_pages(tmp_path: Path):
    async with Heard(tmp_path) as heard, Browser(heard.url) as ana:
        await join(ana)
        async with ana.listens() as news:
            assert await news.readany() == b"retry: 3000\n\n"
            assert await heard.stop() == 0
