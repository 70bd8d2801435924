"""Every page: its required parts, axe's findings, and its layout on phone and computer."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from conversations.core.messages import Attachment, Choice, Link, Say
from handlers.web.static_files import STATIC
from handlers.web.templates_api import Chapter, Thread, ThreadItem, load_templates
from handlers.web.view_model import answerable_view, blocks, file_link, past_view
from tests.web.loopback import Loopback, serving
from tests.web.preview import BETTER, PAGES, SAMPLES, SCALE, danger, frame, help_page, inside, thread

IN_BROWSER = pytest.mark.asyncio(loop_scope="session")
SHOWN = [name for name in SAMPLES if name != "left"]
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """Every tag of a page, with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in names]


def test_an_update_leaves_a_running_process_its_own_templates(tmp_path: Path) -> None:
    names = ("shown.html", "not_shown_yet.html")
    for name in names:
        (tmp_path / name).write_text("as it was")
    templates = load_templates(tmp_path)
    assert templates.get_template("shown.html").render() == "as it was"
    for name in names:
        (tmp_path / name).unlink()
        (tmp_path / name).write_text("{{ newer() }}")
    assert [templates.get_template(name).render() for name in names] == ["as it was", "as it was"]


def test_nothing_that_anybody_wrote_becomes_markup() -> None:
    attachment = file_link(Attachment("chart", {}, NASTY), "/papers/1", picture=True)
    rows = (
        (Choice(NASTY, NASTY), Link(NASTY, "https://example.org/" + NASTY)),
        (Choice("b", NASTY, aside=True),),
    )
    say = Say(f"{NASTY}\n· {NASTY}\n1. {NASTY}", heading=NASTY, rows=rows, expects="text", attachment=None)
    old = ThreadItem(NASTY, view=past_view(say, lang="en", attachment=attachment), live=True)
    now = ThreadItem("n", view=answerable_view(say, lang="en", attachment=attachment))
    html = PAGES.conversation(inside(), Thread((old, ThreadItem("y", said=NASTY)), now, draft=NASTY))
    tags = Tags(html)
    assert [attributes["src"].partition("?")[0] for attributes in tags.named("script")] == [
        "/static/left.js",
        "/static/heard.js",
    ]
    assert all("onerror" not in attributes for _, attributes in tags.found)


def test_no_page_has_inline_script_or_style_or_asks_another_site() -> None:
    for name, draw in SAMPLES.items():
        for tag, attributes in Tags(draw()).found:
            assert "style" not in attributes, name
            assert tag != "style", name
            assert not any(key.startswith("on") for key in attributes), name
            if attributes.get("rel") in ("canonical", "alternate"):
                continue  # says where it can be read, and fetches nothing
            if tag in ("script", "img", "link", "iframe", "source"):
                address = attributes.get("src") or attributes.get("href") or ""
                assert address.startswith(("/static/", "data:image/")), name


def test_an_old_question_has_no_buttons_but_keeps_its_links() -> None:
    old = Say("Old", rows=((Choice("0", "Old yes"), Link("Old link", "https://example.org")),), visit=1)
    html = PAGES.conversation(inside(), thread(BETTER, old))
    assert "Old yes" not in html
    assert "Old link" in html


def test_an_unprompted_message_keeps_its_commands() -> None:
    say = Say("It happened.", rows=((Choice("/changed", "See it all"), Choice("0", "Yes")),), visit=2)
    entry = ThreadItem("1", view=past_view(say, lang="en"), live=True)
    html = PAGES.conversation(inside(), Thread((entry,), None))
    assert 'value="2:/changed"' in html
    assert 'value="2:0"' not in html


def test_only_devices_with_a_pointer_show_hover_styles() -> None:
    css = (STATIC / "heard.css").read_text("utf-8")
    before, _, rest = css.partition("@media (hover: hover) {")
    inside, _, after = rest.partition("\n}\n")
    assert ":hover" in inside
    assert ":hover" not in before + after


def test_only_numbers_are_small_squares() -> None:
    for labels, squares in (
        (("1", "2", "3"), True),
        (("Yes", "No"), False),
        (("تم",), False),
        (("👍", "👎"), False),
    ):
        rows = (tuple(Choice(str(n), label) for n, label in enumerate(labels)),)
        assert ('class="row scale' in PAGES.fragment(inside(), thread(Say("x?", rows=rows)))) == squares


def test_chosen_options_are_marked_and_not_offered_to_tick() -> None:
    rows = ((Choice("a", "Join a group", chosen=True),), (Choice("b", "Check places"),))
    card = PAGES.fragment(inside(), thread(Say("How?", rows=rows)))
    assert card.count("aria-pressed") == 0
    assert card.count('<span class="chosen">chosen</span>') == 1


def test_a_link_that_is_shown_once_is_a_field_and_its_words_are_not_said_twice() -> None:
    say = Say(
        "Pass it on.",
        shown_once="· In a browser: https://heard.example/i/AbC\n· In Telegram: https://t.me/x?start=i_AbC",
    )
    card = PAGES.fragment(inside(), thread(say))
    assert card.count("https://heard.example/i/AbC") == card.count("https://t.me/x?start=i_AbC") == 1
    assert card.count("data-copy=") == 2


def test_every_form_that_posts_carries_the_token_and_counts_once() -> None:
    for name, draw in SAMPLES.items():
        html = draw()
        for form in html.split("<form")[1:]:
            if 'method="get"' in form.partition(">")[0]:
                continue
            body = form.split("</form>")[0]
            assert 'name="csrf" value="c1"' in body, name
            assert 'name="once" value="o1"' in body, name


def test_the_first_button_of_a_field_sends_it_so_that_enter_never_skips() -> None:
    for name in ("text", "number", "staff-workbook"):
        form = SAMPLES[name]().split('id="now"')[1]
        assert form.index('class="button send"') < form.index('class="aside"'), name


def test_typed_text_is_refilled_if_the_channel_asks_for_it() -> None:
    assert "half a thought</textarea>" in PAGES.fragment(inside(), thread(BETTER, draft="half a thought"))


def test_only_helplines_become_call_links() -> None:
    ways = [a["href"] for a in Tags(help_page()).named("a") if (a["href"] or "").startswith(("tel:", "sms:"))]
    assert ways == ["tel:999", "tel:08001111", "sms:85258?&body=SHOUT", "tel:116123"]
    html = PAGES.text(frame(), "Help now", [Chapter("", blocks("· Call 999 the team, or 0800 1111."))])
    assert "tel:" not in html


def test_a_way_to_help_stands_in_the_place_of_its_line_now_and_in_the_thread() -> None:
    for html in (
        PAGES.fragment(inside(), thread(danger())),
        PAGES.fragment(inside(), thread(SCALE, danger())),
    ):
        assert html.count("0800 1111") == 1
        assert html.index("You deserve a real person") < html.index("Call Childline") < html.index("Our team")
        assert html.count('class="help"') == 4
        assert 'class="ways"' not in html


def test_only_an_address_that_calls_texts_or_opens_a_page_becomes_a_way_to_help() -> None:
    say = Say("· Call us.\n", rows=((Link("Call", "javascript:alert(1)", "· Call us."),),))
    assert "javascript" not in PAGES.fragment(inside(), thread(say))


def test_a_return_code_stands_out_and_markup_next_to_it_stays_text() -> None:
    say = Say("Your return code: 7KQ2-M4XT-9BHD\n<b>7KQ2</b>-M4XT")
    html = PAGES.conversation(inside(), thread(say))
    assert '<b class="code" dir="ltr">7KQ2-M4XT-9BHD</b>' in html
    assert "&lt;b&gt;7KQ2" in html


def test_an_invite_redeems_nothing_until_its_button_is_pressed() -> None:
    tags = Tags(PAGES.invite(frame(), role="owner", action="/i/TOKEN"))
    assert {"method": "post", "action": "/i/TOKEN"} in tags.named("form")
    assert not any("/i/" in (a.get("href") or "") for a in tags.named("a", "link", "img"))


def test_the_page_after_leaving_does_not_name_heard() -> None:
    assert "heard" not in PAGES.leaving_page(frame()).replace("{#", "").lower()


# ——— In a browser ———


async def _open(browser: Browser, address: str, width: int, scheme: str = "light", **more: object) -> Page:
    size = {"width": width, "height": 800}
    context = await browser.new_context(viewport=size, color_scheme=scheme, **more)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(address)
    return page


@IN_BROWSER
@pytest.mark.parametrize(
    ("width", "scheme"),
    [(320, "light"), pytest.param(1280, "dark", marks=pytest.mark.left_to_all("axe on a large, dark page"))],
)
async def test_axe_finds_nothing_on_any_page(chromium: Browser, width: int, scheme: str) -> None:
    found = []
    async with serving(Loopback()) as door:
        page = await _open(chromium, f"{door.address}/sample/landing", width, scheme)
        for name in SHOWN:
            await page.goto(f"{door.address}/sample/{name}")
            await page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
            results = await Axe().run(page)
            found += [f"{name}: {results.generate_report()}"] if results.violations_count else []
        await page.context.close()
    assert not found, "\n".join(found)


@IN_BROWSER
async def test_no_page_scrolls_sideways_and_every_target_can_be_hit(chromium: Browser) -> None:
    measure = """() => {
      const small = [...document.querySelectorAll("button:not(.word), summary, input:not([type=hidden]), textarea, .bar a, .foot a, .onward, .tongues a, a.button")]
        .filter((one) => one.checkVisibility() && one.type !== "checkbox")
        .filter((one) => { const box = one.getBoundingClientRect(); return box.height < 44 || box.width < 44; })
        .map((one) => one.outerHTML.slice(0, 80));
      // A command within a sentence: what stands in a line of words may be smaller, but no smaller than this.
      small.push(...[...document.querySelectorAll(".word")].filter((one) => one.getBoundingClientRect().height < 24));
      return { wide: document.documentElement.scrollWidth - innerWidth, small };
    }"""
    async with serving(Loopback()) as door:
        page = await _open(chromium, f"{door.address}/sample/landing", 320)
        for width in (320, 390, 1280):
            await page.set_viewport_size({"width": width, "height": 700})
            for name in SHOWN:
                await page.goto(f"{door.address}/sample/{name}")
                await page.evaluate(
                    "document.querySelectorAll('details').forEach((box) => { box.open = true; })"
                )
                seen = await page.evaluate(measure)
                assert seen == {"wide": 0, "small": []}, f"{name} at {width}"
        await page.context.close()


@IN_BROWSER
@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_yes_and_no_are_the_same_size_and_colour(chromium: Browser, width: int) -> None:
    look = """(one) => {
      const box = one.getBoundingClientRect();
      const style = getComputedStyle(one);
      return [box.width, box.height, style.color, style.backgroundColor, style.borderColor, style.fontSize, style.fontWeight];
    }"""
    async with serving(Loopback()) as door:
        page = await _open(chromium, f"{door.address}/sample/consent", width)
        yes, no = [await button.evaluate(look) for button in await page.locator(".answers button").all()]
        await page.context.close()
    assert yes == no


@IN_BROWSER
@pytest.mark.parametrize("width", [320, 1280])
async def test_every_answer_begins_at_the_same_edge_and_so_do_the_ways_around(
    chromium: Browser, width: int
) -> None:
    edge = """(ones) => [...new Set(ones.map((one) => Math.round(
      one.querySelector(".label, bdi, :scope").getBoundingClientRect().left - one.closest("button, summary").getBoundingClientRect().left
    )))]"""
    text = "(one) => Math.round(one.getBoundingClientRect().left + parseFloat(getComputedStyle(one).paddingLeft))"
    async with serving(Loopback()) as door:
        page = await _open(chromium, "about:blank", width)
        for name in ("scale", "age", "consent", "polish"):
            await page.goto(f"{door.address}/sample/{name}")
            assert len(await page.locator(".answers .label").evaluate_all(edge)) == 1, name
        await page.goto(f"{door.address}/sample/scale")
        around = [await page.locator(one).first.evaluate(text) for one in (".aside .button", "#question")]
        await page.context.close()
    assert abs(around[0] - around[1]) <= 2


@IN_BROWSER
async def test_a_finger_leaves_nothing_behind_that_looks_chosen(chromium: Browser) -> None:
    door = Loopback(script=(SCALE, SCALE))
    colours = "(ones) => [...new Set(ones.map((one) => getComputedStyle(one).backgroundColor))]"
    async with serving(door):
        context = await chromium.new_context(
            has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}
        )
        page = await context.new_page()
        await page.goto(door.address)
        await page.get_by_role("button", name="Mostly safe").tap()
        await page.locator("#m-0").wait_for()
        assert len(await page.locator(".answers .button").evaluate_all(colours)) == 1
        await context.close()


@IN_BROWSER
async def test_right_to_left_puts_the_logo_on_the_right_and_your_words_on_the_left(chromium: Browser) -> None:
    async with serving(Loopback()) as door:
        page = await _open(chromium, f"{door.address}/sample/arabic", 390)
        mark = await page.locator(".brand").bounding_box()
        yours = await page.locator(".you p").first.bounding_box()
        await page.context.close()
    assert mark
    assert yours
    assert mark["x"] > 195
    assert yours["x"] < 60


@IN_BROWSER
async def test_nothing_moves_for_those_who_ask_for_stillness(chromium: Browser) -> None:
    async with serving(Loopback()) as door:
        page = await _open(chromium, f"{door.address}/sample/scale", 390, reduced_motion="reduce")
        moving = "[...document.querySelectorAll('*')].filter((one) => parseFloat(getComputedStyle(one).transitionDuration)).length"
        assert await page.evaluate(moving) == 0
        assert await page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        await page.context.close()


@IN_BROWSER
async def test_the_policy_lets_the_page_work_and_nothing_is_reported(chromium: Browser) -> None:
    complaints: list[str] = []
    async with serving(Loopback(script=(BETTER,))) as door:
        page = await _open(chromium, "about:blank", 390)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for name in SHOWN:
            if 'action="/turn#new"' not in SAMPLES[name]():
                await page.goto(f"{door.address}/sample/{name}", wait_until="load")
        await page.goto(door.address, wait_until="load")
        await page.context.close()
    assert complaints == []
