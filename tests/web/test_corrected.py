"""What was corrected or taken back, as anybody reads it: the page, the feed and the data, over HTTP."""

import asyncio
import json
from xml.etree import ElementTree as ET

import pytest

from conversations.corrections.effects import CorrectText, Withdraw
from handlers.web.public import cache
from tests.conversations.test_correct import does
from tests.web.serving import Served
from tests.web.test_public import ATOM, newer, published

pytestmark = pytest.mark.usefixtures("looks_often")
OLD = "put two lamps at the stop"


async def feed_of(visitor):
    await asyncio.sleep(cache.LOOK_EVERY)
    status, headers, text = await visitor.asks("GET", "/changed.atom")
    assert status == 200
    return headers["ETag"], ET.fromstring(text)


async def test_a_correction_is_on_the_page_in_the_feed_and_in_the_data(door: Served) -> None:
    number = await published(door.house, "lamps")
    owner = await door.house.staff("owner")
    async with door.browser() as ana:
        before, feed = await feed_of(ana)
        entry = feed.find(f"{ATOM}entry")
        assert OLD in entry.findtext(f"{ATOM}content")
        door.house.clock.on(days=2)
        fix = CorrectText("outcome", number, "0 what", "en", "figure", "put three lamps at the stop")
        await does(door.house, owner, fix)
        page = await newer(ana, f"/changed/{number}")
        assert "put three lamps at the stop" in page
        assert "Corrected on 3 December 2026: a number was wrong." in page
        assert OLD not in page
        after, feed = await feed_of(ana)
        assert after != before, "whoever asks with the old tag gets the new text"
        entry = feed.find(f"{ATOM}entry")
        assert "put three lamps" in entry.findtext(f"{ATOM}content")
        assert entry.findtext(f"{ATOM}updated") > entry.findtext(f"{ATOM}published")
        data = json.loads((await ana.asks("GET", "/changed.json"))[2])
        assert [one["why"] for one in data["outcomes"][0]["corrected"]] == ["figure"]
        assert OLD not in json.dumps(data)


async def test_what_is_taken_back_leaves_a_dated_notice_in_its_place(door: Served) -> None:
    number = await published(door.house, "lamps")
    owner = await door.house.staff("owner")
    async with door.browser() as ana:
        tag, feed = await feed_of(ana)
        its_id = feed.find(f"{ATOM}entry").findtext(f"{ATOM}id")
        await does(door.house, owner, Withdraw("outcome", number, "personal"))
        await asyncio.sleep(cache.LOOK_EVERY)
        status, _headers, page = await ana.asks("GET", f"/changed/{number}")
        assert status == 410
        assert "We took this back on 1 December 2026: it said something about one person." in page
        assert OLD not in page
        after, feed = await feed_of(ana)
        assert after != tag
        (entry,) = feed.findall(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}id") == its_id, "feed readers replace their copy"
        assert "We took this back" in entry.findtext(f"{ATOM}content")
        data = json.loads((await ana.asks("GET", "/changed.json"))[2])
        assert data["outcomes"] == []
        assert [(one["id"], one["why"]) for one in data["withdrawn"]] == [(number, "personal")]
        assert OLD not in await newer(ana, "/changed")
        assert (await ana.asks("GET", f"/changed/picture/{number}"))[0] == 404


async def test_in_every_language_the_notice_is_in_that_language(door: Served) -> None:
    number = await published(door.house, "lamps")
    owner = await door.house.staff("owner")
    await does(door.house, owner, Withdraw("outcome", number, "wrong"))
    async with door.browser() as ana:
        assert "Wycofaliśmy to" in (await ana.asks("GET", f"/changed/{number}?lang=pl"))[2]
