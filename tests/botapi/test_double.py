"""The double refuses what Telegram refuses, and takes the rest."""

import pytest

from tests.botapi.asking import buttons, picture
from tests.botapi.text import MOST_BYTES, message_text

HTML = {"parse_mode": "HTML"}


async def test_a_wrong_token_is_unauthorized(double, bot):
    async with bot.session.post(bot.address("getMe", token="1:wrong")) as answer:
        assert answer.status == 401
        assert (await answer.json()) == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(bot):
    assert await bot.asks("sendMesage") == (404, "Not Found: method not found")


async def test_a_method_that_the_double_does_not_play_says_so(bot):
    status, why = await bot.asks("sendDice", chat_id=1)
    assert (status, why) == (400, "Bad Request: the double does not play sendDice yet")


async def test_a_parameter_that_the_double_does_not_play_says_so(bot, sam):
    await sam.types("/start")
    status, why = await bot.asks("sendMessage", chat_id=sam.id, text="Hi", message_thread_id=3)
    assert (status, why) == (
        400,
        "Bad Request: the double does not play message_thread_id of sendMessage yet",
    )


async def test_method_names_know_no_case(bot):
    assert (await bot.asks("getme"))[1]["username"] == "heard_test_bot"


@pytest.mark.parametrize("way", ["json", "form", "query"])
async def test_values_come_as_json_form_or_query(bot, sam, way):
    await sam.types("/start")
    values = {"chat_id": str(sam.id), "text": "Zażółć & more", "reply_markup": '{"force_reply": true}'}
    given = {"json": values} if way == "json" else {"data": values} if way == "form" else {"params": values}
    async with bot.session.post(bot.address("sendMessage"), **given) as answer:
        assert answer.status == 200, await answer.text()
    await sam.hears("Zażółć & more")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"txt": "Hi"}, "unknown field sendMessage.txt"),
        ({"text": 5}, "text of sendMessage"),
        ({"text": None}, "text of sendMessage"),
        ({"disable_notification": "perhaps"}, "can't parse disable_notification JSON object"),
        ({"link_preview_options": {"off": True}}, "unknown field sendMessage.link_preview_options.off"),
        ({"reply_markup": {"inline_keybord": []}}, "reply_markup"),
        ({"reply_markup": {"inline_keyboard": [{"text": "flat"}]}}, "reply_markup"),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "1", "colour": "red"}]]}},
            "unknown field sendMessage.reply_markup.inline_keyboard.0.0.colour",
        ),
    ],
)
async def test_a_call_of_the_wrong_shape_is_refused(bot, sam, more, why):
    await sam.types("/start")
    status, said = await bot.asks("sendMessage", **({"chat_id": sam.id, "text": "Hi"} | more))
    assert status == 400
    assert why in said


async def test_a_missing_value_is_refused(bot):
    assert (await bot.asks("sendMessage", text="Hi"))[0] == 400
    assert (await bot.asks("editMessageText", text="Hi"))[1].endswith("of editMessageText is not specified")


# -- texts -------------------------------------------------------------------------------------------------


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


# -- buttons -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", ["x", "x" * 64, "ż" * 32])
async def test_callback_data_of_1_to_64_bytes_is_taken(bot, sam, data):
    await sam.types("/start")
    await bot.says(sam.id, reply_markup=buttons([("A", data)]))


@pytest.mark.parametrize("data", ["x" * 65, "ż" * 33, ""])
async def test_other_callback_data_is_refused(bot, sam, data):
    await sam.types("/start")
    said = await bot.asks("sendMessage", chat_id=sam.id, text="Hi", reply_markup=buttons([("A", data)]))
    assert said == (400, "Bad Request: BUTTON_DATA_INVALID")


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        (buttons([("", "1")]), "inline keyboard button text must be non-empty"),
        (buttons([("\u200b", "1")]), "inline keyboard button text must be non-empty"),
        (buttons([("A", "1")] * 9), "reply markup is too long"),
        (buttons(*[[("A", "1")]] * 101), "reply markup is too long"),
        ({"inline_keyboard": [[{"text": "A"}]]}, "Text buttons are unallowed in the inline keyboard"),
        ({"inline_keyboard": [[{"text": "A", "url": "http://localhost/x"}]]}, "Wrong HTTP URL"),
        ({"inline_keyboard": [[{"text": "A", "url": "javascript:alert(1)"}]]}, "Wrong HTTP URL"),
    ],
)
async def test_buttons_that_telegram_does_not_draw_are_refused(bot, sam, markup, why):
    await sam.types("/start")
    status, said = await bot.asks("sendMessage", chat_id=sam.id, text="Hi", reply_markup=markup)
    assert status == 400
    assert why in said


async def test_an_address_on_a_button_is_taken(bot, sam):
    await sam.types("/start")
    link = {"inline_keyboard": [[{"text": "Page", "url": "http://127.0.0.1:8080/j/X"}]]}
    await bot.says(sam.id, reply_markup=link)
    assert await sam.follows("Page") == "http://127.0.0.1:8080/j/X"


# -- chats -------------------------------------------------------------------------------------------------


async def test_nobody_is_written_to_before_they_came(bot, sam):
    assert await bot.asks("sendMessage", chat_id=sam.id, text="Hi") == (400, "Bad Request: chat not found")
    assert await bot.asks("sendMessage", chat_id="@sam", text="Hi") == (400, "Bad Request: chat not found")


async def test_a_person_who_blocked_the_bot_is_not_reached_until_they_write_again(bot, sam):
    await sam.types("/start")
    await sam.blocks()
    said = await bot.asks("sendMessage", chat_id=sam.id, text="Hi")
    assert said == (403, "Forbidden: bot was blocked by the user")
    await sam.types("/start")
    await bot.says(sam.id)
    await sam.hears("Hello")


async def test_a_group_that_was_left_is_closed(bot, sam):
    group = await sam.adds_to_group("8B")
    await bot.says(group, "I only work in private.")
    assert await bot.asks("leaveChat", chat_id=group) == (200, True)
    said = await bot.asks("sendMessage", chat_id=group, text="Hi")
    assert said == (403, "Forbidden: bot is not a member of the group chat")


async def test_a_private_chat_cannot_be_left(bot, sam):
    await sam.types("/start")
    assert (await bot.asks("leaveChat", chat_id=sam.id))[0] == 400


async def test_a_chat_can_be_looked_at(bot, sam):
    await sam.types("/start")
    status, chat = await bot.asks("getChat", chat_id=sam.id)
    assert (status, chat["type"], chat["first_name"]) == (200, "private", "Sam")


# -- edits -------------------------------------------------------------------------------------------------


async def test_an_edit_replaces_the_message_and_its_buttons(bot, sam):
    await sam.types("/start")
    sent = await bot.says(sam.id, "One", reply_markup=buttons([("A", "1")]))
    edit = {"chat_id": sam.id, "message_id": sent["message_id"]}
    assert (await bot.asks("editMessageText", **edit, text="Two"))[0] == 200
    shown = (await sam.sees())[-1]
    assert (shown.text, shown.buttons, shown.edited) == ("Two", [], True)


async def test_an_edit_that_changes_nothing_is_refused(bot, sam):
    await sam.types("/start")
    sent = await bot.says(sam.id, "<b>One</b>", **HTML, reply_markup=buttons([("A", "1")]))
    edit = {"chat_id": sam.id, "message_id": sent["message_id"], "reply_markup": buttons([("A", "1")])}
    for method, words in (
        ("editMessageText", {"text": "<b>One</b> ", **HTML}),
        ("editMessageReplyMarkup", {}),
    ):
        status, why = await bot.asks(method, **edit, **words)
        assert status == 400
        assert why.startswith("Bad Request: message is not modified: specified new message content")
    assert (await bot.asks("editMessageText", **edit, text="One"))[0] == 200  # no longer bold


async def test_only_the_keyboard_changes(bot, sam):
    await sam.types("/start")
    sent = await bot.says(sam.id, "Pick", reply_markup=buttons([("☐ A", "1")]))
    edit = {"chat_id": sam.id, "message_id": sent["message_id"], "reply_markup": buttons([("✓ A", "1")])}
    assert (await bot.asks("editMessageReplyMarkup", **edit))[0] == 200
    shown = (await sam.sees())[-1]
    assert (shown.text, shown.buttons) == ("Pick", ["✓ A"])


async def test_an_unknown_message_cannot_be_edited(bot, sam):
    await sam.types("/start")
    said = await bot.asks("editMessageText", chat_id=sam.id, message_id=999, text="x")
    assert said == (400, "Bad Request: message to edit not found")


async def test_the_bot_cannot_edit_a_persons_message(bot, sam):
    (written,) = await sam.types("/start")
    said = await bot.asks("editMessageText", chat_id=sam.id, message_id=written, text="x")
    assert said == (400, "Bad Request: message can't be edited")


async def test_an_edit_takes_inline_buttons_alone(bot, sam):
    await sam.types("/start")
    sent = await bot.says(sam.id)
    edit = {"chat_id": sam.id, "message_id": sent["message_id"], "text": "x"}
    assert (await bot.asks("editMessageText", **edit, reply_markup={"force_reply": True}))[0] == 400


async def test_a_deleted_message_is_gone_and_cannot_be_deleted_again(bot, sam):
    await sam.types("/start")
    sent = await bot.says(sam.id)
    gone = {"chat_id": sam.id, "message_id": sent["message_id"]}
    assert await bot.asks("deleteMessage", **gone) == (200, True)
    assert [shown.text for shown in await sam.sees()] == ["/start"]
    assert await bot.asks("deleteMessage", **gone) == (400, "Bad Request: message to delete not found")


# -- taps --------------------------------------------------------------------------------------------------

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_tap_is_answered_once(bot, sam):
    await sam.types("/start")
    await bot.says(sam.id, reply_markup=buttons([("A", "1")]))
    tap = await sam.taps("A")
    assert await bot.asks("answerCallbackQuery", callback_query_id=tap, text="Saved") == (200, True)
    assert await sam.toasts() == ["Saved"]
    assert await bot.asks("answerCallbackQuery", callback_query_id=tap) == (400, TOO_OLD)
    assert await bot.asks("answerCallbackQuery", callback_query_id="12") == (400, TOO_OLD)


async def test_a_tap_is_answered_in_time(double, bot, sam):
    double.api.tap_lasts = -1
    await sam.types("/start")
    await bot.says(sam.id, reply_markup=buttons([("A", "1")]))
    assert await bot.asks("answerCallbackQuery", callback_query_id=await sam.taps("A")) == (400, TOO_OLD)


async def test_an_answer_to_a_tap_has_200_characters(bot, sam):
    await sam.types("/start")
    await bot.says(sam.id, reply_markup=buttons([("A", "1")]))
    tap = await sam.taps("A")
    said = await bot.asks("answerCallbackQuery", callback_query_id=tap, text="x" * 201)
    assert said == (400, "Bad Request: MESSAGE_TOO_LONG")


# -- pictures and files ------------------------------------------------------------------------------------


async def test_a_picture_comes_with_its_caption_and_buttons(bot, sam):
    await sam.types("/start")
    markup = '{"inline_keyboard": [[{"text": "A", "callback_data": "1"}]]}'
    more = {"chat_id": sam.id, "caption": "<b>14</b> of 22", "parse_mode": "HTML", "reply_markup": markup}
    status, sent = await bot.uploads("sendPhoto", "photo", picture(), **more)
    assert status == 200
    assert (sent["photo"][0]["width"], sent["caption_entities"][0]["type"]) == (4, "bold")
    shown = await sam.hears("14 of 22")
    assert (shown.kind, shown.buttons) == ("photo", ["A"])
    assert (await bot.asks("sendPhoto", chat_id=sam.id, photo=shown.file))[0] == 200


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (b"", "file must be non-empty"),
        (picture(400, 4), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_what_is_no_picture_is_refused(bot, sam, content, why):
    await sam.types("/start")
    said = await bot.uploads("sendPhoto", "photo", content, chat_id=sam.id)
    assert said == (400, f"Bad Request: {why}")


async def test_a_caption_has_1024_characters(bot, sam):
    await sam.types("/start")
    assert (await bot.uploads("sendPhoto", "photo", picture(), chat_id=sam.id, caption="x" * 1024))[0] == 200
    said = await bot.uploads("sendPhoto", "photo", picture(), chat_id=sam.id, caption="x" * 1025)
    assert said == (400, "Bad Request: message caption is too long")


async def test_a_document_can_be_sent_and_fetched(bot, sam):
    await sam.types("/start")
    status, sent = await bot.uploads("sendDocument", "document", b"rows", chat_id=sam.id)
    assert (status, sent["document"]["file_name"]) == (200, "thing.png")
    _, file = await bot.asks("getFile", file_id=sent["document"]["file_id"])
    for token, wanted in ((bot.double.token, 200), ("1:wrong", 401)):
        async with bot.session.get(f"{bot.double.url}/file/bot{token}/{file['file_path']}") as answer:
            assert answer.status == wanted
            assert wanted != 200 or await answer.read() == b"rows"


async def test_an_unknown_file_is_refused(bot, sam):
    await sam.types("/start")
    said = await bot.asks("getFile", file_id="nothing")
    assert said == (400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    assert (await bot.asks("sendPhoto", chat_id=sam.id, photo="nothing"))[0] == 400


async def test_a_picture_and_its_caption_can_be_changed(bot, sam):
    await sam.types("/start")
    _, sent = await bot.uploads("sendPhoto", "photo", picture(), chat_id=sam.id, caption="1 sent")
    edit = {"chat_id": sam.id, "message_id": sent["message_id"]}
    assert (await bot.asks("editMessageCaption", **edit, caption="2 sent"))[0] == 200
    assert (await bot.asks("editMessageCaption", **edit, caption="2 sent"))[0] == 400
    said = await bot.asks("editMessageText", **edit, text="x")
    assert said == (400, "Bad Request: there is no text in the message to edit")
    media = '{"type": "photo", "media": "attach://new", "caption": "3 sent"}'
    assert (await bot.uploads("editMessageMedia", "new", picture(colour="red"), **edit, media=media))[
        0
    ] == 200
    assert (await sam.sees())[-1].text == "3 sent"


async def test_a_file_that_was_promised_must_be_there(bot, sam):
    await sam.types("/start")
    _, sent = await bot.uploads("sendPhoto", "photo", picture(), chat_id=sam.id)
    edit = {"chat_id": sam.id, "message_id": sent["message_id"]}
    media = {"type": "photo", "media": "attach://missing"}
    said = await bot.asks("editMessageMedia", **edit, media=media)
    assert said == (400, "Bad Request: file attachment not found in the request")


async def test_a_text_has_no_caption(bot, sam):
    await sam.types("/start")
    sent = await bot.says(sam.id)
    edit = {"chat_id": sam.id, "message_id": sent["message_id"]}
    said = await bot.asks("editMessageCaption", **edit, caption="x")
    assert said == (400, "Bad Request: there is no caption in the message to edit")


# -- what the bot says of itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "values"),
    [
        ("setMyCommands", {"commands": [{"command": "Say", "description": "x"}]}),
        ("setMyCommands", {"commands": [{"command": "say", "description": ""}]}),
        ("setMyCommands", {"commands": [{"command": "say", "description": "x"}] * 101}),
        ("setMyCommands", {"commands": [{"command": "say", "description": "x"}], "language_code": "english"}),
        ("setMyDescription", {"description": "x" * 513}),
        ("setMyShortDescription", {"short_description": "x" * 121}),
        ("sendChatAction", {"chat_id": 700001, "action": "thinking"}),
    ],
)
async def test_the_bot_describes_itself_within_bounds(bot, sam, method, values):
    await sam.types("/start")
    assert (await bot.asks(method, **values))[0] == 400


async def test_commands_descriptions_and_actions_are_remembered(double, bot, sam):
    await sam.types("/start")
    commands = [{"command": "say", "description": "Have your say"}]
    assert (await bot.asks("setMyCommands", commands=commands, language_code="pl")) == (200, True)
    assert (await bot.asks("setMyDescription", description="Hi")) == (200, True)
    assert (await bot.asks("setMyShortDescription", short_description="Hi")) == (200, True)
    assert (await bot.asks("sendChatAction", chat_id=sam.id, action="typing")) == (200, True)
    assert double.api.about["commands {'type': 'default'} pl"] == commands
    assert double.api.actions == [(sam.id, "typing")]
