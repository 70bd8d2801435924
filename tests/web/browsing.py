"""A person with a real browser on the real page: what they tap and write, and what is on their screen."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Locator, Page, expect

from tests.web.serving import Served

PHONE, SMALL, DESK = (360, 740), (320, 640), (1280, 800)

# Whether all of it is on the screen, or its top if it is taller: under the bar, and above the lower edge.
_SEEN = """(one) => {
  const bar = document.querySelector(".bar");
  const covered = getComputedStyle(bar).position === "sticky" ? bar.getBoundingClientRect().bottom : 0;
  const box = one.getBoundingClientRect();
  const room = innerHeight - covered;
  return one.checkVisibility() && box.top >= covered - 1
    && (box.height > room ? box.top < covered + 40 : box.bottom <= innerHeight + 1);
}"""


@asynccontextmanager
async def somebody(
    chromium: Browser, size: tuple[int, int] = PHONE, refused: bool = False, **more
) -> AsyncIterator[Page]:
    """A person with their own browser. Any console error fails the test; where a form is `refused`, Chromium tells of that."""
    complaints: list[str] = []
    viewport = {"width": size[0], "height": size[1]}
    context = await chromium.new_context(**{"viewport": viewport, "reduced_motion": "reduce", **more})
    page = await context.new_page()
    page.set_default_timeout(60_000)
    page.on("console", lambda message: message.type == "info" or complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        await context.close()
    assert [one for one in complaints if not (refused and "status of 422" in one)] == []


def now(page: Page) -> Locator:
    return page.locator("#now")


async def taps(page: Page, *labels: str | re.Pattern[str]) -> None:
    """Buttons of the question, one after the other; each is waited for, for many questions have a Skip."""
    for label in labels:
        once = now(page).locator("input[name=once]")
        before = await once.get_attribute("value") or ""
        async with page.expect_response("**/turn"):
            await now(page).get_by_role("button", name=label, exact=True).click()
        await expect(once).not_to_have_value(before)
        await expect(now(page)).not_to_have_attribute("aria-busy", "true")


async def writes(page: Page, words: str) -> None:
    await now(page).get_by_label("Your words").fill(words)
    await taps(page, "Send")


async def joins(page: Page, door: Served, language: str = "English") -> None:
    await page.goto(door.url)
    await page.get_by_role("button", name="Start", exact=True).click()
    await taps(page, language, "Normal", "OK", "16–17", "Yes, keep it", "Have your say", "Start")


async def answers(page: Page) -> None:
    await taps(page, "Not very safe")
    await writes(page, "more lights at the stop")
    await taps(page, "Lights at the stop", "Done", "4", "Skip", "Done")
    await expect(now(page)).to_contain_text("Your answers are in.")


async def accepts(page: Page, door: Served) -> None:
    """Becomes the owner."""
    await page.goto(door.url + await door.invite("owner"))
    await page.get_by_role("button", name="Accept the invite").click()
    await expect(now(page)).to_contain_text("Welcome to the team")


async def publishes(page: Page, door: Served) -> None:
    """You said, we heard, we will: from home to everybody who took part."""
    await taps(page, "You said, we did", re.compile("Sample: buses"), "Begin")
    await writes(page, "Waiting at the stop is too dark")
    await taps(page, re.compile("What would make it better"))
    await writes(page, "It's the dark, not the bus")
    await taps(page, "We will do it")
    for words in ("put two lamps at the stop on London Road", "Highways"):
        await writes(page, words)
    await taps(page, "In 3 months", "That's all")
    await writes(page, "The councillor for transport")
    await expect(now(page)).to_contain_text("1 person who took part")
    await taps(page, "Send now")
    await expect(now(page)).to_contain_text("Send it to 1 person now?")
    await taps(page, "Yes, send it")
    await expect(now(page)).to_contain_text("on its way")
    await door.tick()


async def on_screen(one: Locator) -> None:
    """Waits until it is on the screen, visible without scrolling."""
    await expect(one).to_be_visible()
    for _ in range(40):
        if await one.evaluate(_SEEN):
            return
        await one.page.wait_for_timeout(50)
    where = await one.evaluate("(one) => JSON.stringify([one.getBoundingClientRect(), innerHeight, scrollY])")
    raise AssertionError(f"out of sight: {await one.inner_text()!r} {where}")


async def commands(page: Page, label: str) -> None:
    """Something from the menu."""
    once = page.locator("#now input[name=once]")
    before = await once.get_attribute("value") or ""
    await page.locator("summary", has_text="Menu").click()
    await page.locator(".panel").get_by_role("button", name=label, exact=True).click()
    await expect(once).not_to_have_value(before)
