"""The double refuses what Telegram refuses, and takes the rest."""

import pytest

from tests.botapi.asking import buttons


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
