"""What is on the screen after a tap: the reply, the validation, the news; on phone and computer, with and without script."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from bot.cli.play import open_now
from conversations.consultations.messages import INVITATION
from storage.outbox import outbox
from tests.sample_forms import KINDS
from tests.web.browsing import (
    DESK,
    PHONE,
    accepts,
    answers,
    commands,
    joins,
    now,
    on_screen,
    publishes,
    somebody,
    taps,
    writes,
)  # fmt: skip
from tests.web.serving import Served

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.left_to_all("what is on the screen")]

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with the script", "without it"])


async def to_the_notice(page: Page, door: Served) -> None:
    await page.goto(door.url)
    await page.get_by_role("button", name="Start", exact=True).click()
    await taps(page, "English", "Normal")


@SCRIPT
async def test_a_reply_is_seen_from_its_first_line_on_a_phone(chromium: Browser, new_door, script) -> None:
    async with new_door() as door, somebody(chromium, PHONE, java_script_enabled=script) as ana:
        log = ana.get_by_role("log")
        await to_the_notice(ana, door)
        await taps(ana, "Tell me more")
        await on_screen(log.get_by_text("runs me, so that what you say reaches"))
        await taps(ana, "OK", "26 or over")
        await on_screen(log.get_by_text("Heard is for people up to 25."))
        await to_the_notice(ana, door)
        await taps(ana, "OK", "16–17", "Yes, keep it")
        for command, heading in (
            ("Privacy", "Your privacy"),
            ("Your rights", "Your rights"),
            ("Help", "Help"),
        ):
            await commands(ana, command)
            await on_screen(log.get_by_role("heading", name=heading, exact=True).last)
        await taps(ana, "Ways to be involved", "Join a group", "I'd like that", "Done")
        await on_screen(log.get_by_text("You chose 1 way."))
        await taps(ana, "Have your say", "Why ask me?")
        await on_screen(log.get_by_role("heading", name="Why ask me?"))
        await commands(ana, "My data")
        await taps(ana, "Get it as a file")
        await on_screen(log.get_by_role("link", name="Get the file").last)


async def test_yes_and_no_to_the_notice_are_one_row_of_one_size(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium, PHONE) as ana:
        await to_the_notice(ana, door)
        yes, no, more = [
            await ana.get_by_role("button", name=label, exact=True).bounding_box()
            for label in ("OK", "No thanks", "Tell me more")
        ]
        assert (yes["width"], yes["height"], yes["y"]) == (no["width"], no["height"], no["y"])
        assert more["y"] > yes["y"]


async def test_a_page_that_glides_to_the_reply_arrives_there(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium, PHONE, reduced_motion="no-preference") as ana:
        await to_the_notice(ana, door)
        for _ in range(3):  # each turn also wakes the page, which reloads while it scrolls
            await taps(ana, "Tell me more")
            await ana.wait_for_timeout(600)
            await on_screen(ana.get_by_role("log").get_by_text("runs me, so that what you say reaches").last)


@SCRIPT
async def test_a_question_after_a_question_is_seen_whole(chromium: Browser, new_door, script) -> None:
    async with new_door() as door, somebody(chromium, PHONE, java_script_enabled=script) as ana:
        await joins(ana, door)
        await on_screen(now(ana))
        await taps(ana, "Not very safe")
        await on_screen(now(ana))
        await writes(ana, "more lights at the stop")
        await on_screen(now(ana))


@SCRIPT
async def test_invalid_input_is_reported_in_the_question_itself(chromium: Browser, new_door, script) -> None:
    async with new_door() as door, somebody(chromium, PHONE, java_script_enabled=script) as ana:
        await joins(ana, door)
        for words in ("bananas", "more bananas"):
            await ana.locator("summary", has_text="Write something instead").click()
            await writes(ana, words)
            remark = now(ana).get_by_role("alert")
            await expect(remark).to_have_text(
                "I can't find that choice. Tap one, or write what stands on it."
            )
            await on_screen(remark)
            await expect(now(ana)).to_have_attribute("aria-describedby", "remark")
        await expect(ana.get_by_role("log")).not_to_contain_text("I can't find that choice.")
        await taps(ana, "Not safe")
        await expect(now(ana).get_by_role("alert")).to_have_count(0)


async def test_an_old_button_is_explained_in_the_question_itself(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium, PHONE, java_script_enabled=False) as ana:
        await joins(ana, door)
        old = await ana.context.new_page()
        await old.goto(door.url)
        await taps(ana, "Safe")
        await old.locator("#now").get_by_role("button", name="Not safe").click()
        remark = old.locator("#now").get_by_role("alert")
        await expect(remark).to_have_text("That question is over. Here is where we are now.")
        await on_screen(remark)


async def test_a_remark_is_read_out_each_time_that_it_is_made(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await joins(ana, door)
        await taps(ana, "Not very safe")
        await writes(ana, "lights! " * 600)
        await ana.evaluate("window.first = document.getElementById('remark')")
        await writes(ana, "lights! " * 600)
        await expect(now(ana).get_by_role("alert")).to_be_visible()
        assert await ana.evaluate("window.first !== document.getElementById('remark')")
        await expect(now(ana).get_by_label("Your words")).to_have_attribute(
            "aria-describedby", "remark question"
        )


async def test_staff_see_what_they_asked_for_on_a_computer(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium, DESK) as olu, somebody(chromium) as ana:
        await accepts(olu, door)
        await taps(olu, "Ask young people", re.compile("Sample: buses"), "Poster")
        await on_screen(olu.get_by_role("log").get_by_role("img"))
        await joins(ana, door)
        await answers(ana)
        await taps(olu, "Results", "As a picture")
        await on_screen(now(olu))  # the picture, and every button with it
        await taps(olu, "Export to Excel", "Make the file")
        await on_screen(olu.get_by_role("log").get_by_role("link", name="Get the file"))


async def test_a_scheduled_time_is_shown_on_the_screen(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium, DESK) as olu:
        hub = await door.house.run(
            lambda db: open_now(db, KINDS, state="draft", reply_by=(db.now + timedelta(days=60)).date())
        )
        await accepts(olu, door)
        await olu.goto(door.url)
        await taps(olu, "Ask young people", re.compile("a draft"), "Choose a time")
        await now(olu).get_by_role("button", name=re.compile("09:00")).click()
        await taps(olu, "Yes, send it")
        await on_screen(olu.get_by_role("log").get_by_text("Done. It opens on"))
        assert hub


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_an_outcome_that_arrives_is_seen_from_its_first_line(chromium: Browser, new_door, size) -> None:
    async with new_door() as door, somebody(chromium, size) as ana, somebody(chromium, DESK) as olu:
        await joins(ana, door)
        await answers(ana)
        await accepts(olu, door)
        await publishes(olu, door)
        heading = ana.get_by_role("log").get_by_role("heading", name=re.compile("here is what happened"))
        await expect(heading).to_be_visible(timeout=8_000)
        await on_screen(heading)
        await expect(now(ana)).not_to_contain_text("You can change your answers until")


async def test_news_moves_no_half_typed_answer_and_can_be_shown(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium, PHONE) as ana:
        await joins(ana, door)
        await taps(ana, "Not very safe")
        await now(ana).get_by_label("Your words").fill("more li")
        await on_screen(now(ana))
        await door.house.run(lambda db: outbox.announce(db, 1, "news", INVITATION, 1))
        status = ana.locator("#news")
        await expect(status).to_have_text("Something new is here.")
        await on_screen(status)
        await on_screen(now(ana).get_by_label("Your words"))
        await ana.get_by_role("button", name="Show it").click()
        await on_screen(
            ana.get_by_role("log").get_by_role("heading", name=re.compile("Something new is open"))
        )
        await expect(status).to_have_text("")
        await expect(now(ana).get_by_label("Your words")).to_have_value("more li")


async def test_without_the_script_the_page_opens_at_the_news(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium, PHONE, java_script_enabled=False) as ana:
        await joins(ana, door)
        await door.house.run(lambda db: outbox.announce(db, 1, "news", INVITATION, 1))
        await taps(ana, "Not very safe")
        await on_screen(
            ana.get_by_role("log").get_by_role("heading", name=re.compile("Something new is open"))
        )
