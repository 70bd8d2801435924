"""A turn that the page's script takes: one trip to the database, and only what the page does not show yet."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from handlers.web.templates_api import FRAGMENT
from storage.core.database import Sqlite
from tests.web.browsing import answers, joins, now, somebody, taps
from tests.web.serving import Served, at_the_first_question

ENTRY = re.compile(r'<article class="[^"]*" id="m-(\d+)"')
KEPT = re.compile(r'data-kept="([\d ]*)"')
LINE = re.compile(r'<input type="hidden" name="line" value="(\d+)">')


def entries(html: str) -> list[int]:
    return [int(key) for key in ENTRY.findall(html)]


def kept(html: str) -> list[int]:
    found = KEPT.search(html)
    return [int(key) for key in found[1].split()] if found else []


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What goes to the database, in order."""
    seen: list[str] = []
    for name in ("read", "write"):
        before = getattr(Sqlite, name)

        def counted(self, work, *, name=name, before=before):
            seen.append(name)
            return before(self, work)

        monkeypatch.setattr(Sqlite, name, counted)
    return seen


async def test_a_turn_is_one_write_and_no_read(door: Served, trips: list[str]) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        fields = {**ana.page.forms[-1].hidden, "choice": ana.page.forms[-1].buttons[0].value}
        trips.clear()
        status, _, _ = await ana.asks("POST", "/turn", data=fields, headers={"Accept": FRAGMENT})
        assert (status, trips) == (200, ["write"])
        await ana.opens()
        trips.clear()
        await ana.opens()
        assert trips == ["read"]
        fields = {**ana.page.forms[-1].hidden, "said": "more lights"}
        trips.clear()
        status, _, _ = await ana.asks("POST", "/turn", data=fields)
        assert (status, trips) == (303, ["write"])
        trips.clear()
        await ana.opens()
        assert trips == ["read"], "its reply is in the thread already"


async def test_only_what_the_page_lacks_comes_with_words(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        whole = entries(ana.page.html)
        form = ana.page.forms[-1]
        has = form.hidden["line"]
        fields = {**form.hidden, "choice": form.buttons[0].value, "has": has}
        _, _, html = await ana.asks("POST", "/turn", data=fields, headers={"Accept": FRAGMENT})
        assert set(kept(html)) | set(entries(html)) > set(whole)
        assert not set(kept(html)) & set(entries(html))
        assert len(kept(html)) >= len(whole) - 1
        await ana.opens()
        assert sorted({*kept(html), *entries(html)}) == entries(ana.page.html)
        assert kept(ana.page.html) == []


@pytest.mark.parametrize("has", ["", "0", "nonsense", "99999999999999999999", "-1", "¹"])
async def test_whatever_a_page_says_that_it_has_the_question_comes(door: Served, has: str) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        form = ana.page.forms[-1]
        fields = {**form.hidden, "choice": form.buttons[0].value, "has": has}
        status, _, html = await ana.asks("POST", "/turn", data=fields, headers={"Accept": FRAGMENT})
        assert status == 200
        assert LINE.findall(html)
        assert kept(html) == []


async def log_of(page: Page) -> list[tuple[str, str]]:
    found = page.locator("#thread > article")
    return [(await one.get_attribute("id") or "", await one.inner_text()) for one in await found.all()]


@pytest.mark.asyncio(loop_scope="session")
async def test_after_many_turns_the_page_shows_what_a_reload_shows(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await joins(ana, door)
        await answers(ana)
        await taps(ana, "Change an answer", "Change an answer", re.compile("What would make it better"))
        before = await log_of(ana)
        await ana.reload()
        await expect(now(ana)).to_be_visible()
        assert await log_of(ana) == before
        assert len(before) > 10
