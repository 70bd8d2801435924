"""Leaving the page, and what Back shows to the next user."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.browsing import joins, now, somebody

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOWN = "Heard|safe do you feel|Start|Your conversation"


async def leaves(page: Page) -> None:
    await page.route(
        "https://www.bbc.co.uk/**",
        lambda route: route.fulfill(body="<title>Elsewhere</title>", content_type="text/html"),
    )
    await page.get_by_role("link", name="Leave this page").click()
    await page.wait_for_url("https://www.bbc.co.uk/**")


async def test_back_shows_nothing_of_the_conversation_until_somebody_continues(
    chromium: Browser, new_door
) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await joins(ana, door)
        await leaves(ana)
        await ana.go_back()
        await expect(ana.get_by_role("heading", name="Weather")).to_be_visible()
        assert not re.search(SHOWN, await ana.locator("body").inner_text())
        assert await ana.title() == "Weather"
        await ana.reload()
        await expect(ana.get_by_role("heading", name="Weather")).to_be_visible()
        await ana.get_by_role("link", name="Go on").click()
        await expect(now(ana)).to_contain_text("How safe do you feel")


async def test_typing_the_address_again_continues_as_usual(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await joins(ana, door)
        await leaves(ana)
        await ana.goto(door.url)
        await expect(now(ana)).to_contain_text("How safe do you feel")
        await ana.goto(f"{door.url}/changed")
        await ana.go_back()
        await expect(now(ana)).to_contain_text("How safe do you feel")


async def test_going_back_among_our_own_pages_asks_nothing(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await joins(ana, door)
        await ana.get_by_role("link", name="Privacy").click()
        await expect(ana.get_by_role("heading", name="Your privacy")).to_be_visible()
        await ana.go_back()
        await expect(now(ana)).to_contain_text("How safe do you feel")
