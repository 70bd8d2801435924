"""The real page in a real browser: a young person and staff, with the script and without, by hand and by keyboard."""

import asyncio
import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Browser, Page, expect
from sqlalchemy import func, select

from conversations.consultations.messages import INVITATION
from storage.outbox import outbox
from storage.tables import doors
from tests.raised import with_areas
from tests.sample_forms import publish
from tests.web.browsing import DESK, SMALL, accepts, answers, joins, now, publishes, somebody, taps, writes

pytestmark = pytest.mark.asyncio(loop_scope="session")
WORKBOOK = Path(__file__).parents[2] / "docs/samples/buses-after-school.xlsx"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


async def test_an_outcome_arrives_by_itself_next_to_a_half_typed_answer(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana, somebody(chromium, DESK) as olu:
        await joins(ana, door)
        await answers(ana)
        await expect(now(ana)).to_contain_text(CODE)
        await taps(ana, "Change an answer", "Change an answer", re.compile("What would make it better"))
        await now(ana).get_by_label("Your words").fill("more lights, and a shel")
        await accepts(olu, door)
        await publishes(olu, door)
        log = ana.get_by_role("log")
        await expect(log).to_contain_text("We will: put two lamps at the stop on London Road.")
        await expect(log).to_contain_text('(You wrote: "more lights at the stop")')
        assert await now(ana).get_by_label("Your words").input_value() == "more lights, and a shel"
        await ana.get_by_role("button", name="See all changes").click()
        await expect(now(ana)).to_contain_text("You took part.")
        await ana.goto(f"{door.url}/changed")
        await expect(ana.locator("article")).to_contain_text("put two lamps at the stop on London Road")
        await expect(ana.locator("article")).to_contain_text("This is a sample. Nobody decided it.")


async def test_the_return_code_stays_until_its_person_moves_on(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await joins(ana, door)
        await answers(ana)
        shown = await now(ana).inner_text()
        await ana.reload()
        await expect(now(ana)).to_contain_text(CODE.findall(shown)[0])
        await taps(ana, "Home")
        await expect(ana.get_by_text(CODE)).to_have_count(0)


async def test_words_that_are_too_many_come_back_into_their_field(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await joins(ana, door)
        await taps(ana, "Not very safe")
        field = now(ana).get_by_label("Your words")
        for _ in range(2):
            await writes(ana, "lights! " * 600)
            await expect(now(ana).get_by_role("alert")).to_contain_text("Can you say it in 4000 letters?")
            await expect(field).to_have_value(("lights! " * 600).strip())
            await expect(field).to_be_focused()
        await door.house.run(lambda db: outbox.announce(db, 1, "news", INVITATION, 1))
        await expect(ana.get_by_role("log")).to_contain_text("Something new is open")
        await expect(field).to_have_value(("lights! " * 600).strip())
        await writes(ana, "lights!")
        await expect(now(ana)).to_contain_text("Which of these")


async def test_a_page_in_the_background_looks_again_when_somebody_comes_back(
    chromium: Browser, new_door
) -> None:
    hidden = "Object.defineProperty(document, 'hidden', {{value: {}, configurable: true}}); document.dispatchEvent(new Event('visibilitychange'))"
    async with new_door() as door, somebody(chromium) as ana:
        await joins(ana, door)
        await ana.evaluate(hidden.format("true"))
        await door.house.run(lambda db: outbox.announce(db, 1, "news", INVITATION, 1))
        await ana.evaluate(hidden.format("false"))
        await expect(ana.get_by_role("log")).to_contain_text("Something new is open")


async def test_who_deletes_everything_reads_that_it_is_done_before_the_start_comes(
    chromium: Browser, new_door
) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await joins(ana, door)
        await ana.locator("summary", has_text="Menu").click()
        await ana.get_by_role("button", name="Delete everything").click()
        await taps(ana, "Yes, delete it")
        await expect(ana.get_by_role("log")).to_contain_text("Everything you told me is deleted.")
        assert [one["name"] for one in await ana.context.cookies() if one["name"].endswith("heard")] == []
        await expect(now(ana)).to_contain_text("Start again")


async def test_the_same_without_a_script(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium, java_script_enabled=False) as ana:
        await joins(ana, door)
        await answers(ana)
        await expect(now(ana)).to_contain_text(CODE)
        await ana.locator("summary", has_text="Menu").click()
        await ana.get_by_role("button", name="Delete everything").click()
        await taps(ana, "Yes, delete it")
        await expect(ana.get_by_role("log")).to_contain_text("Everything you told me is deleted.")


async def test_a_file_is_sent_without_a_script_and_with_it(chromium: Browser, new_door) -> None:
    for script in (False, True):
        async with new_door() as door, somebody(chromium, DESK, java_script_enabled=script) as olu:
            await accepts(olu, door)
            await taps(olu, "Ask young people", "New: send a workbook")
            await olu.get_by_label("Your workbook (.xlsx)").set_input_files(WORKBOOK)
            await olu.get_by_role("button", name="Send the workbook").click()
            await expect(now(olu)).to_contain_text("A draft: nobody has seen it yet")
        (Path(door.house.runtime.database._url.removeprefix("sqlite+aiosqlite:///"))).unlink()


async def test_a_picture_is_sent_with_a_script_and_without_and_back_goes_back(
    chromium: Browser, new_door, tmp_path: Path
) -> None:
    photo = tmp_path / "lamps.png"
    Image.new("RGB", (60, 40), "teal").save(photo)
    for script in (False, True):
        async with new_door() as door, somebody(chromium, java_script_enabled=script) as dee:
            await door.house.run(lambda db: publish(db, 1, 1, state="draft"))
            await accepts(dee, door)
            await taps(dee, "You said, we did", re.compile("Sample: buses"), "Go on", "Add a picture")
            await now(dee).get_by_label("Your picture").set_input_files(photo)
            await taps(dee, "Back", "Add a picture")
            await now(dee).get_by_label("Your picture").set_input_files(photo)
            await taps(dee, "Send the picture")
            await expect(now(dee)).to_contain_text("What does it show")
            await writes(dee, "Two lamps at a bus stop.")
            shown = now(dee).get_by_alt_text("Picture: Two lamps at a bus stop.")
            await expect(shown).to_be_visible()
            assert await shown.evaluate("one => one.naturalWidth") == 60
        (Path(door.house.runtime.database._url.removeprefix("sqlite+aiosqlite:///"))).unlink()


async def test_the_keyboard_alone_is_enough(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await ana.goto(door.url)

        async def presses(label: str, key: str = "Enter") -> None:
            """Goes on with Tab, as far as a button with this label, and presses it."""
            for _ in range(40):
                await ana.keyboard.press("Tab")
                found = await ana.evaluate("document.activeElement.innerText?.trim().split('\\n')[0] ?? ''")
                if found == label:
                    await ana.keyboard.press(key)
                    return
            raise AssertionError(f"Tab does not lead to {label!r}")

        await presses("Start")
        for label in ("English", "Normal", "OK", "16–17", "Yes, keep it", "Have your say", "Start"):
            await expect(now(ana).get_by_role("button", name=label, exact=True)).to_be_visible()
            await presses(label)
        await expect(now(ana)).to_contain_text("How safe do you feel")
        await presses("Not safe", "Space")
        await expect(now(ana)).to_contain_text("What would make it better?")
        await ana.keyboard.press("Tab")
        await ana.keyboard.type("more lights")
        await presses("Send")
        await expect(now(ana)).to_contain_text("Which of these")
        await presses("Live bus times", "Space")
        await expect(ana.get_by_role("button", name="Live bus times")).to_be_focused()
        await presses("Done")
        await expect(now(ana)).to_contain_text("How easy is it")


async def test_leaving_is_at_once_and_a_shared_device_is_signed_out(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await ana.route(
            "https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<title>Weather</title>")
        )
        await ana.goto(door.url)
        await ana.get_by_label("This is a shared device").check()
        await ana.get_by_role("button", name="Start", exact=True).click()
        await expect(now(ana)).to_be_visible()
        await ana.get_by_role("button", name="Leave this page").click()
        await ana.wait_for_url("https://www.bbc.co.uk/**")
        while await door.house.run(lambda db: db.run(select(func.count()).select_from(doors)).scalar()):
            await asyncio.sleep(0.05)
        await ana.goto(door.url)
        await expect(ana.get_by_role("heading", name="Say what you think.")).to_be_visible()


# --- what axe says --------------------------------------------------------------------------------


async def fair(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the screen: small and light, large and dark."""
    for size, scheme in ((SMALL, "light"), (DESK, "dark")):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = await Axe().run(page)
        where = f"{scheme} {size[0]}: {await page.locator('h1').inner_text()}"
        assert found.violations_count == 0, f"{where}\n{found.generate_report()}"
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, where


@pytest.mark.left_to_all("axe on whole conversations")
async def test_axe_finds_nothing_on_a_young_persons_pages(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        for address in (
            "/",
            "/changed",
            "/privacy",
            "/parents",
            "/accessibility",
            "/help",
            "/j/sample-buses",
        ):
            await ana.goto(door.url + address)
            await fair(ana)
        await joins(ana, door)
        await fair(ana)
        await taps(ana, "Not very safe")
        await fair(ana)
        await writes(ana, "more lights at the stop")
        await fair(ana)
        await taps(ana, "Lights at the stop", "Done", "4", "Skip", "Done")
        await expect(now(ana)).to_contain_text(CODE)
        await fair(ana)
        await ana.locator("summary", has_text="Menu").click()
        await fair(ana)
        await ana.get_by_role("button", name="My data").click()
        await expect(now(ana)).to_contain_text("What I keep about you")
        await fair(ana)


@pytest.mark.left_to_all("axe on whole conversations")
async def test_axe_finds_nothing_while_an_issue_is_raised_and_answered(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana, somebody(chromium, DESK) as olu:
        await door.house.run(with_areas)
        await accepts(olu, door)
        await joins(ana, door)
        await taps(ana, "Stop", "Raise something")
        await fair(ana)
        await taps(ana, re.compile("Learning: school"))
        await fair(ana)
        await taps(ana, "North End")
        await writes(ana, "our school has no bike racks\n\n· not one\n1. not two")
        await fair(ana)
        await taps(ana, "Send it", "What I raised", re.compile("our school has no bike racks"))
        await fair(ana)
        await taps(olu, "Inbox")
        await fair(olu)
        await taps(olu, re.compile("our school has no bike racks"))
        await fair(olu)
        await taps(olu, "Ask them")
        await writes(olu, "How many would you need?")
        arrived = ana.locator("article.letter", has_text="How many would you need?")
        await expect(arrived).to_be_visible()
        await fair(ana)
        await arrived.get_by_role("button", name="Answer").click()
        await expect(now(ana)).to_contain_text("What would you like to tell them?")
        await taps(olu, "Back to the inbox", "In numbers")
        await fair(olu)


@pytest.mark.left_to_all("axe on whole conversations")
async def test_axe_finds_nothing_while_good_news_is_written(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium, DESK) as olu:
        await accepts(olu, door)
        await taps(olu, "Good news", "Write good news")
        await fair(olu)
        for words in ("The skate park opens", "You asked for it, and it opens on Friday."):
            await writes(olu, words)
        await fair(olu)
        await taps(olu, "Languages and versions")
        await fair(olu)
        await taps(olu, "Back", "Preview", re.compile("Easy Read"))
        await fair(olu)


@pytest.mark.left_to_all("axe on whole conversations")
async def test_axe_finds_nothing_from_right_to_left(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await ana.goto(f"{door.url}/?lang=ar")
        await fair(ana)
        await ana.locator("form.begin button.send").click()
        for _ in range(2):
            await expect(ana.locator("html")).to_have_attribute("dir", "rtl")
            await fair(ana)
            visit = await now(ana).get_attribute("data-visit")
            await now(ana).locator(".answers button").first.click()
            await expect(now(ana)).not_to_have_attribute("data-visit", visit or "")
        await fair(ana)


@pytest.mark.left_to_all("axe on whole conversations")
async def test_axe_finds_nothing_on_staffs_pages(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana, somebody(chromium, DESK) as olu:
        await olu.goto(door.url + await door.invite("decider"))
        await fair(olu)
        await accepts(olu, door)
        await fair(olu)
        await taps(olu, "Ask young people")
        await fair(olu)
        await taps(olu, "Home")
        await joins(ana, door)
        await answers(ana)
        await publishes(olu, door)
        await fair(olu)
        await taps(olu, "Home", "Results", re.compile("Sample: buses"), "As a picture")
        await expect(olu.locator("figure.picture img").last).to_have_js_property("complete", value=True)
        await fair(olu)
