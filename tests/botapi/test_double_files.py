"""The double takes and refuses pictures, documents and descriptions."""

import pytest

from tests.botapi.asking import picture


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
