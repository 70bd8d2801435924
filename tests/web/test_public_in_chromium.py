"""The public page in a real browser: narrowed without a script, fair from right to left, and sent on."""

import pytest
from playwright.async_api import Browser, expect

from tests.web.browsing import PHONE, somebody
from tests.web.test_in_chromium import fair
from tests.web.test_public import OPEN_DAY, published

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_is_narrowed_without_a_script(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium, PHONE, java_script_enabled=False) as ana:
        await published(door.house, "lamps", themes=("safe",))
        await published(door.house, "club", (OPEN_DAY,), themes=("learning",))
        await ana.goto(f"{door.url}/changed?lang=en")
        await ana.get_by_text("Choose what to see").click()
        await ana.get_by_label("Theme").select_option("Learning")
        await ana.get_by_role("button", name="Show", exact=True).click()
        await expect(ana.locator("article")).to_have_count(1)
        await expect(ana.locator("article")).to_contain_text("About club")
        await ana.get_by_role("link", name="Show everything").click()
        await expect(ana.locator("article")).to_have_count(2)
        await ana.get_by_role("link", name="About lamps").click()
        await expect(ana.get_by_role("heading", level=1)).to_have_text("About lamps: here is what happened.")


async def test_axe_finds_nothing_on_it_from_right_to_left(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        number = await published(door.house, "lamps", themes=("safe",), area="North End")
        door.house.clock.on(days=150)
        for address in (f"/changed/{number}?lang=ar", "/changed?lang=ar&theme=safe"):
            await ana.goto(door.url + address)
            await fair(ana)
        await expect(ana.locator(".overdue")).to_be_visible()
        await expect(ana.locator("html")).to_have_attribute("dir", "rtl")
