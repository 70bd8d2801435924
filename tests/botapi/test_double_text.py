"""The double takes and refuses texts as Telegram does."""

import pytest

from tests.botapi.text import MOST_BYTES, message_text

HTML = {"parse_mode": "HTML"}


@pytest.mark.parametrize(
    "text", ["x" * 4096, "😀" * 2048, "<b>" + "x" * 4096 + "</b>", "&lt;" * 4096, "  x  "]
)
async def test_a_text_of_4096_units_after_parsing_is_taken(bot, sam, text):
    await sam.types("/start")
    assert (await bot.asks("sendMessage", chat_id=sam.id, text=text, **HTML))[0] == 200


@pytest.mark.parametrize("text", ["x" * 4097, "😀" * 2048 + "x", "<b>" + "x" * 4097 + "</b>"])
async def test_one_unit_more_is_too_long(bot, sam, text):
    await sam.types("/start")
    said = await bot.asks("sendMessage", chat_id=sam.id, text=text, **HTML)
    assert said == (400, "Bad Request: message is too long")


async def test_32_kilobytes_are_too_long_before_parsing(bot, sam):
    await sam.types("/start")
    said = await bot.asks("sendMessage", chat_id=sam.id, text="<b></b>" * (MOST_BYTES // 7 + 1), **HTML)
    assert said == (400, "Bad Request: text is too long")


async def test_no_text_is_refused(bot, sam):
    await sam.types("/start")
    assert await bot.asks("sendMessage", chat_id=sam.id, text="") == (
        400,
        "Bad Request: message text is empty",
    )


@pytest.mark.parametrize("text", [" ", "\n\t", "\u200b\ufeff", "\u202e", "<b></b>", "\x00", "<i>\u3000</i>"])
async def test_a_text_that_nobody_can_see_is_refused(bot, sam, text):
    await sam.types("/start")
    said = await bot.asks("sendMessage", chat_id=sam.id, text=text, **HTML)
    assert said == (400, "Bad Request: message must be non-empty")


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<3 you", "Unclosed start tag at byte offset 0"),
        ("ż <", "Unclosed start tag at byte offset 3"),
        ("a <3 b > c", 'Unsupported start tag "3" at byte offset 2'),
        ("<p>Hi</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("x < y > z", 'Unsupported start tag "" at byte offset 2'),
        ("<b>Hi", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>Hi</i>", 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'),
        ("<b><i>Hi</b></i>", 'Unmatched end tag at byte offset 8, expected "</i>", found "</b>"'),
        ("Hi</b>", "Unexpected end tag at byte offset 2"),
        ("<b>Hi</b", "Unclosed end tag at byte offset 5"),
        ("<a href=http://x.y>Hi</a>", 'Broken attribute of the tag "a" at byte offset 0'),
        ("<span>Hi</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">😀</tg-emoji>', "Invalid custom emoji identifier specified"),
        ("&#xd83d;", "Text contains invalid Unicode characters after decoding HTML entities"),
    ],
)
async def test_html_that_telegram_cannot_parse_is_refused(bot, sam, html, why):
    await sam.types("/start")
    said = await bot.asks("sendMessage", chat_id=sam.id, text=html, **HTML)
    assert said == (400, f"Bad Request: can't parse entities: {why}")


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>a</b>", "a", [("bold", 0, 1)]),
        ("😀<i>b</i>", "😀b", [("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("  <u>a</u> ", "a", [("underline", 0, 1)]),
        ("&lt;b&gt; &amp; &quot; &#65;&#x42; &nbsp; &copy", '<b> & " AB &nbsp; &copy', []),
        ('<a href="https://x.org/?a=1&amp;b">x</a>', "x", [("text_link", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("blockquote", 0, 1)]),
        ("<B>x</B>", "x", [("bold", 0, 1)]),
        ("a\rb\u202ec\td", "abc d", []),
    ],
)
def test_html_that_telegram_can_parse(html, text, entities):
    parsed = message_text(html, "HTML")
    assert parsed.text == text
    assert [(e["type"], e["offset"], e["length"]) for e in parsed.entities] == entities


async def test_without_a_parse_mode_a_tag_is_just_text(bot, sam):
    await sam.types("/start")
    await bot.says(sam.id, "<b>not bold")
    await sam.hears("<b>not bold")


async def test_an_unknown_parse_mode_is_refused(bot, sam):
    await sam.types("/start")
    said = await bot.asks("sendMessage", chat_id=sam.id, text="x", parse_mode="BBCode")
    assert said == (400, "Bad Request: unsupported parse_mode")


async def test_a_lone_surrogate_is_refused(bot, sam):
    await sam.types("/start")
    said = await bot.asks("sendMessage", chat_id=sam.id, text="half a smile \ud83d")
    assert said == (400, "Bad Request: strings must be encoded in UTF-8")


async def test_bytes_that_are_no_utf8_are_refused(bot, sam):
    await sam.types("/start")
    body = f"chat_id={sam.id}&text=%ff%fe".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with bot.session.post(bot.address("sendMessage"), data=body, headers=headers) as answer:
        assert (await answer.json())["description"] == "Bad Request: strings must be encoded in UTF-8"
