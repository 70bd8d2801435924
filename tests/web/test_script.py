"""The page in use: with the script, without it, slow, broken, and with incoming news."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, Route, expect

from conversations.core.messages import Choice, Say
from handlers.web.templates_api import ThreadItem
from handlers.web.view_model import past_view
from tests.waiting import LONG
from tests.web.loopback import Loopback, serving
from tests.web.preview import BETTER, NUMBER, SCALE, WAYS

pytestmark = pytest.mark.asyncio(loop_scope="session")
LAST = Say("That's everything.", rows=((Choice("0", "Done"),),), visit=20)
NEWS = Say("The lamps are there.", heading="Buses after school")


@asynccontextmanager
async def at(chromium: Browser, door: Loopback, **more: object) -> AsyncIterator[Page]:
    """A phone with the page open."""
    more = {"viewport": {"width": 390, "height": 700}, "reduced_motion": "reduce", **more}
    async with serving(door):
        context = await chromium.new_context(**more)  # type: ignore[arg-type]
        page = await context.new_page()
        page.set_default_timeout(60_000)
        try:
            await page.goto(door.address)
            yield page
        finally:
            await context.close()


async def test_a_tap_is_answered_without_leaving_the_page(chromium: Browser) -> None:
    door = Loopback(script=(SCALE, BETTER))
    async with at(chromium, door) as page:
        await page.evaluate("window.stayed = true")
        await page.get_by_role("button", name="Not very safe").click()
        await expect(page.get_by_role("heading", name="What would make it better?")).to_be_focused()
        assert await page.evaluate("window.stayed")
        assert door.posts == [
            {
                "csrf": "c1",
                "once": "once1",
                "visit": "3",
                "line": "0",
                "said": "",
                "choice": "3:2",
                "has": "0",
            }
        ]


async def test_the_same_page_works_without_the_script(chromium: Browser) -> None:
    door = Loopback(script=(SCALE, BETTER, NUMBER, LAST))
    async with at(chromium, door, java_script_enabled=False) as page:
        await page.get_by_role("button", name="Not very safe").click()
        await page.get_by_label("Your words").fill("more lights")
        await page.get_by_role("button", name="Send").click()
        await page.get_by_label("Your number").fill("3")
        await page.keyboard.press("Enter")
        await expect(page.locator("#m-a2")).to_contain_text("3")
    assert [(post.get("choice"), post["said"]) for post in door.posts] == [
        ("3:2", ""),
        (None, "more lights"),
        (None, "3"),
    ]


async def test_the_menu_opens_and_commands_without_the_script(chromium: Browser) -> None:
    door = Loopback(script=(SCALE, LAST))
    async with at(chromium, door, java_script_enabled=False) as page:
        await page.locator("summary", has_text="Menu").click()
        await page.get_by_role("button", name="My data").click()
        await expect(page.get_by_text("That's everything.")).to_be_visible()
    assert door.posts[0]["command"] == "mydata"


async def test_an_old_question_loses_its_buttons_and_shows_the_answer(chromium: Browser) -> None:
    async with at(chromium, Loopback(script=(BETTER, LAST))) as page:
        await page.get_by_label("Your words").fill("more lights")
        await page.get_by_role("button", name="Send").click()
        log = page.get_by_role("log")
        await expect(log).to_contain_text("What would make it better?")
        await expect(log).to_contain_text("more lights")
        await expect(page.get_by_role("button", name="Skip")).to_have_count(0)


async def test_a_ticked_option_keeps_the_focus(chromium: Browser) -> None:
    unticked = tuple(tuple(Choice(one.key, one.label, None if one.ticked is None else not one.ticked, one.aside)
                           for one in row if isinstance(one, Choice)) for row in WAYS.rows)  # fmt: skip
    async with at(chromium, Loopback(script=(WAYS, Say(WAYS.text, rows=unticked, visit=WAYS.visit)))) as page:
        sport = page.get_by_role("button", name="Sport")
        await sport.click()
        await expect(sport).to_have_attribute("aria-pressed", "true")
        await expect(sport).to_be_focused()


async def test_two_quick_taps_are_one_turn(chromium: Browser) -> None:
    door = Loopback(script=(SCALE, BETTER, LAST))
    async with at(chromium, door) as page:
        door.open.clear()
        await page.get_by_role("button", name="Mostly safe").dblclick()
        door.open.set()
        await expect(page.get_by_label("Your words")).to_be_visible()
    assert len(door.posts) == 1


async def test_a_slow_turn_shows_that_it_is_sending(chromium: Browser) -> None:
    door = Loopback(script=(SCALE, BETTER))
    async with at(chromium, door) as page:
        door.open.clear()
        await page.get_by_role("button", name="Mostly safe").click()
        await expect(page.locator("#news")).to_have_text("Sending…")
        door.open.set()
        await expect(page.get_by_label("Your words")).to_be_visible()
        await expect(page.locator("#news")).to_have_text("")


@pytest.mark.parametrize(("status", "told"), [(500, "our side"), (413, "too big"), (429, "a lot at once")])
async def test_a_failed_post_is_reported_kindly_and_the_words_stay(
    chromium: Browser, status: int, told: str
) -> None:
    door = Loopback(script=(BETTER, LAST))
    async with at(chromium, door) as page:
        await page.get_by_label("Your words").fill("more lights")
        door.status = status
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator("#news")).to_contain_text(told)
        assert await page.get_by_label("Your words").input_value() == "more lights"
        door.status = 200
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_text("That's everything.")).to_be_visible()
    assert [post["once"] for post in door.posts] == ["once1"]


async def test_after_a_mere_tap_nothing_is_said_of_words(chromium: Browser) -> None:
    door = Loopback(script=(SCALE, BETTER), status=500)
    async with at(chromium, door) as page:
        await page.get_by_role("button", name="Not very safe").click()
        await expect(page.locator("#news")).to_have_text(
            "Something went wrong on our side. Try again in a minute."
        )
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Not very safe").click()
        await expect(page.locator("#news")).to_have_text(
            "That didn't reach us. Check your connection, then try again."
        )


@pytest.mark.parametrize("height", [700, 300])
async def test_the_status_is_seen_wherever_somebody_is_on_the_page(chromium: Browser, height: int) -> None:
    news = [ThreadItem(f"n{n}", past_view(Say("The lamps are there. " * 20), lang="en")) for n in range(9)]
    door = Loopback(script=(BETTER, LAST), news=news, status=500)
    async with at(chromium, door, viewport={"width": 360, "height": height}) as page:
        await page.get_by_label("Your words").fill("more lights")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator("#news")).to_contain_text("What you wrote is still here.")
        for where in ("0", "document.documentElement.scrollHeight"):
            await page.evaluate(f"scrollTo(0, {where})")
            await expect(page.locator("#news")).to_be_in_viewport(ratio=1)


async def test_without_a_network_the_words_stay(chromium: Browser) -> None:
    async with at(chromium, Loopback(script=(BETTER, LAST))) as page:
        await page.get_by_label("Your words").fill("more lights")
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator("#news")).to_contain_text("didn't reach us")
        assert await page.get_by_label("Your words").input_value() == "more lights"


async def test_news_arrives_next_to_a_half_typed_answer(chromium: Browser) -> None:
    door = Loopback(script=(BETTER, LAST))
    async with at(chromium, door) as page:
        field = page.get_by_label("Your words")
        await field.fill("more li")
        await field.evaluate("(box) => box.setSelectionRange(2, 2)")
        door.news.append(ThreadItem("n1", past_view(NEWS, lang="en")))
        await door.tell()
        await expect(page.get_by_role("log")).to_contain_text("The lamps are there.")
        await expect(field).to_be_focused()
        assert await field.input_value() == "more li"
        assert await field.evaluate("(box) => box.selectionStart") == 2
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_text("That's everything.")).to_be_visible()
    assert door.posts[0]["once"] == "once2"


async def test_a_page_that_gets_no_stream_looks_now_and_then_until_it_gets_one(chromium: Browser) -> None:
    door = Loopback(script=(BETTER, LAST), streams=0)
    async with at(chromium, door) as page:
        await page.clock.install()
        await page.reload()
        for told in ("The lamps are there.", "The benches too."):
            await asyncio.wait_for(door.listened.wait(), LONG)
            door.listened.clear()
            door.news.append(ThreadItem(told, past_view(Say(told), lang="en")))
            await page.wait_for_timeout(100)  # the page hears that it was refused
            await page.clock.fast_forward("00:41")
            await expect(page.get_by_role("log")).to_contain_text(told)
        await asyncio.wait_for(door.listened.wait(), LONG)
        door.streams = 10
        await page.wait_for_timeout(100)
        await page.clock.fast_forward("00:41")
        await door.tell()


async def test_a_question_answered_elsewhere_changes_but_keeps_half_typed_words(chromium: Browser) -> None:
    door = Loopback(script=(BETTER, LAST))
    async with at(chromium, door) as page:
        await page.get_by_label("Your words").fill("more li")
        await page.get_by_label("Your words").evaluate("(box) => box.setSelectionRange(2, 2)")
        door.change(SCALE)
        await door.tell()
        await expect(page.get_by_role("heading", name="How safe do you feel")).to_be_visible()
        await expect(page.locator("#news")).to_have_text("Something new is here.")
        await expect(page.get_by_label("Your words")).to_be_focused()
        assert await page.get_by_label("Your words").input_value() == "more li"
        assert await page.get_by_label("Your words").evaluate("(box) => box.selectionStart") == 2


async def test_a_command_after_a_turn_counts_as_new(chromium: Browser) -> None:
    door = Loopback(script=(SCALE, BETTER, LAST))
    async with at(chromium, door) as page:
        await page.get_by_role("button", name="Mostly safe").click()
        await expect(page.get_by_label("Your words")).to_be_visible()
        await page.locator("summary", has_text="Menu").click()
        await page.get_by_role("button", name="My data").click()
        await expect(page.get_by_text("That's everything.")).to_be_visible()
        await expect(page.get_by_role("button", name="My data")).to_be_hidden()
    assert [post["once"] for post in door.posts] == ["once1", "once2"]


async def test_a_message_edited_in_place_is_not_read_out_again(chromium: Browser) -> None:
    door = Loopback(script=(BETTER,), news=[ThreadItem("n1", past_view(Say("Sent: 3"), lang="en"))])
    async with at(chromium, door) as page:
        door.news[0] = ThreadItem("n1", past_view(Say("Sent: 9"), lang="en"))
        await door.tell()
        message = page.locator("#m-n1")
        await expect(message).to_contain_text("Sent: 9")
        await expect(message).to_have_attribute("aria-live", "off")


async def test_another_language_redraws_the_whole_page(chromium: Browser) -> None:
    door = Loopback(script=(SCALE, BETTER))
    async with at(chromium, door) as page:
        door.language = "ar"
        await page.get_by_role("button", name="Mostly safe").click()
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")


async def test_leaving_hides_the_page_at_once_however_slow_the_way_out(chromium: Browser) -> None:
    async with at(chromium, Loopback(script=(BETTER,))) as page:
        slow = asyncio.Event()

        async def arrives(route: Route) -> None:
            await slow.wait()
            await route.continue_()

        say_so = "document.addEventListener('click', () => console.log('hidden:', document.body.hidden))"
        await page.evaluate(say_so)
        await page.route("**/elsewhere", arrives)
        async with page.expect_console_message(lambda message: message.text == "hidden: true"):
            await page.get_by_role("link", name="Leave this page").click(no_wait_after=True)
        slow.set()
        await page.wait_for_url("**/elsewhere")


async def test_leaving_goes_somewhere_harmless_and_does_not_stay_in_the_history(chromium: Browser) -> None:
    async with at(chromium, Loopback(script=(BETTER,))) as page:
        before = await page.evaluate("history.length")
        await page.get_by_role("link", name="Leave this page").click()
        await page.wait_for_url("**/elsewhere")
        assert await page.evaluate("history.length") == before


@pytest.mark.parametrize("script", [True, False])
async def test_leaving_a_shared_device_signs_out_first(chromium: Browser, script: bool) -> None:
    door = Loopback(script=(BETTER,), shared_minutes=15)
    async with at(chromium, door, java_script_enabled=script) as page:
        await page.get_by_role("button", name="Leave this page").click()
        await page.wait_for_url("**/elsewhere")
        assert await page.title() == "Elsewhere"
        assert door.left == 1


async def test_a_shared_device_asks_before_it_signs_out_and_then_hides_everything(chromium: Browser) -> None:
    async with at(chromium, Loopback(script=(BETTER,), shared_minutes=15)) as page:
        await page.clock.install()
        await page.reload()
        await page.clock.fast_forward("14:01")
        await expect(page.get_by_text("Still there?")).to_be_visible()
        await page.get_by_role("button", name="I'm still here").click()
        await expect(page.get_by_text("Still there?")).to_be_hidden()
        async with page.expect_navigation():
            await page.clock.fast_forward("15:01")


async def test_escape_closes_the_menu_and_gives_the_focus_back(chromium: Browser) -> None:
    async with at(chromium, Loopback(script=(BETTER,))) as page:
        summary = page.locator("summary", has_text="Menu")
        await summary.click()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="My data")).to_be_hidden()
        await expect(summary).to_be_focused()
