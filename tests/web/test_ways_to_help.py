"""The ways to help, as a page draws them: after a sign of danger, and at /help."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from conversations.safeguarding.help.ways import CHILDLINE
from storage.core.errors import Unavailable
from tests.web.browsing import DESK, PHONE, joins, now, on_screen, somebody, taps, writes
from tests.web.serving import Served, at_the_first_question

IN_BROWSER = pytest.mark.asyncio(loop_scope="session")
WAYS = {
    "Call 999": "tel:999",
    "Call Childline": "tel:08001111",
    "Text SHOUT": "sms:85258?&body=SHOUT",
    "Chat online: Childline": CHILDLINE.chat,
}

# Of everything that can be tapped in the question: its label, height, width and letters' size.
_SIZES = """(form) => [...form.querySelectorAll("a, button")].filter((one) => one.checkVisibility()).map((one) => {
  const box = one.getBoundingClientRect();
  const letters = parseFloat(getComputedStyle(one.querySelector("b") ?? one).fontSize);
  return [one.className, Math.round(box.height), Math.round(box.width), letters];
})"""


async def in_danger(page: Page, door: Served) -> None:
    await joins(page, door)
    await taps(page, "Not very safe")
    await writes(page, "i dont want to be here anymore")


@IN_BROWSER
@pytest.mark.parametrize(
    ("size", "look"),
    [
        (PHONE, {}),
        (PHONE, {"java_script_enabled": False}),
        pytest.param(
            PHONE,
            {"forced_colors": "active", "color_scheme": "dark"},
            marks=pytest.mark.left_to_all("what is on the screen"),
        ),
        pytest.param(DESK, {"color_scheme": "dark"}, marks=pytest.mark.left_to_all("what is on the screen")),
    ],
    ids=["phone", "no script", "high contrast", "dark desk"],
)
async def test_after_a_sign_the_ways_to_help_are_the_largest_thing_there(
    chromium: Browser, new_door, size: tuple[int, int], look: dict
) -> None:
    async with new_door() as door, somebody(chromium, size, **look) as ana:
        await in_danger(ana, door)
        for label, address in WAYS.items():
            way = now(ana).get_by_role("link", name=label)
            await expect(way).to_have_attribute("href", address)
        await on_screen(now(ana).get_by_role("link", name="Call 999"))
        sizes = await now(ana).evaluate(_SIZES)
        ways, others = (
            [one for one in sizes if one[0] == "help"],
            [one for one in sizes if one[0] != "help"],
        )
        assert len(ways) == 4
        assert len(others) >= 2
        for place in (1, 3):
            assert min(one[place] for one in ways) > max(one[place] for one in others)
        assert min(one[2] for one in ways) >= max(one[2] for one in others)
        assert sizes[:4] == ways
        if look.get("java_script_enabled", True) and "forced_colors" not in look:  # which axe does not know
            found = await Axe().run(ana)
            assert found.violations_count == 0, found.generate_report()


@IN_BROWSER
async def test_by_keyboard_the_first_thing_after_the_text_is_999(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await in_danger(ana, door)
        await expect(ana.locator("#question")).to_be_focused()
        for label in WAYS:
            await ana.keyboard.press("Tab")
            await expect(now(ana).get_by_role("link", name=label)).to_be_focused()


@IN_BROWSER
async def test_from_right_to_left_numbers_stay_as_they_are_dialled(chromium: Browser, new_door) -> None:
    async with new_door() as door, somebody(chromium) as ana:
        await ana.goto(f"{door.url}/help?lang=ar&version=normal")
        way = ana.locator("#tel-08001111")
        await expect(way).to_contain_text("0800 1111")
        first, last = [
            await way.evaluate(
                """(one, [from, to]) => {
                  const text = [...one.querySelector("span").childNodes][0];
                  const at = text.data.indexOf("0800 1111");
                  const range = document.createRange();
                  range.setStart(text, at + from);
                  range.setEnd(text, at + to);
                  return range.getBoundingClientRect().left;
                }""",
                span,
            )
            for span in ([0, 4], [5, 9])
        ]
        assert first < last
        assert await ana.evaluate("document.documentElement.dir") == "rtl"


async def test_the_page_of_a_chats_button_opens_for_anybody_in_the_language_of_its_address(
    door: Served,
) -> None:
    async with door.browser() as stranger, door.browser() as ana:
        await at_the_first_question(ana)
        for somebody_ in (stranger, ana):
            status, headers, page = await somebody_.asks("GET", "/help?lang=ar&version=normal")
            assert status == 200
            assert 'dir="rtl"' in page
            assert headers["Cache-Control"] == "no-store"
            assert "Set-Cookie" not in headers
            for address in WAYS.values():
                assert f'href="{address.replace("&", "&amp;")}"' in page
        _, _, page = await stranger.asks("GET", "/help?lang=en&version=easy")
        assert 'data-version="easy"' in page
        status, _, _ = await stranger.asks("GET", "/help?lang=xx&version=9")
        assert status == 200


async def test_help_opens_while_the_database_does_not(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)

        async def gone(_work: object) -> None:
            raise Unavailable("SQLITE_BUSY")

        monkeypatch.setattr(door.house.runtime.database, "read", gone)
        status, _, page = await ana.asks("GET", "/help")
    assert status == 200
    assert 'href="tel:08001111"' in page


async def test_after_a_sign_the_ways_to_help_stand_there_once(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        await ana.presses("Not very safe")
        page = await ana.writes("i dont want to be here anymore")
    assert page.html.count('href="tel:999"') == 1


async def test_a_plain_help_leaves_the_field_empty_and_the_question_there(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        await ana.presses("Not very safe")
        page = await ana.writes("help!")
    assert page.html.count('href="tel:999"') == 1
    assert "What would make it better" in page.html
    assert "help!</textarea>" not in page.html
