"""A test phone behaves like a real one."""

import pytest
from telegram import Update

from tests.botapi import Phone
from tests.botapi.asking import buttons
from tests.botapi.shapes import unknown, update_model


async def test_every_update_is_one_that_telegram_could_send(bot, sam):
    await sam.types("/start j_BUSES")
    await sam.types("hello", chat=await sam.adds_to_group("8B"))
    for kind in ("sticker", "voice", "video", "photo", "document", "location", "contact"):
        await sam.sends(kind, caption="look" if kind == "photo" else "")
    await sam.edits("/start")
    await bot.says(sam.id, reply_markup=buttons([("A", "1")]))
    await sam.taps("A")
    await sam.blocks()
    await sam.unblocks()
    _, updates = await bot.asks("getUpdates")
    kinds = ["my_chat_member", "message", *["message"] * 7, "edited_message", "callback_query"]
    wanted = ["message", *kinds, "my_chat_member", "my_chat_member"]
    assert [list(update)[1] for update in updates] == wanted
    for update in updates:
        judged = update_model().model_validate(update)
        assert list(unknown(judged, "Update")) == []
        read = Update.de_json(update, None)
        assert read.effective_user.id == sam.id
        assert read.effective_user.first_name == "Sam"


async def test_a_phone_waits_only_for_messages_after_its_last_action(bot, sam):
    await sam.types("/start")
    await bot.says(sam.id, "Old news")
    await sam.types("anything new?")
    with pytest.raises(AssertionError, match="Old news"):
        await sam.hears("Old news", within=0.05)
    await bot.says(sam.id, "New news")
    assert (await sam.hears("New")).text == "New news"


async def test_a_phone_hears_an_edit(bot, sam):
    await sam.types("/start")
    sent = await bot.says(sam.id, "1 of 3")
    await sam.types("next")
    await bot.asks("editMessageText", chat_id=sam.id, message_id=sent["message_id"], text="2 of 3")
    assert (await sam.hears("2 of 3")).edited


async def test_a_tap_lands_on_the_newest_button_of_that_name(bot, sam):
    await sam.types("/start")
    await bot.says(sam.id, "First", reply_markup=buttons([("Yes", "1:y"), ("No", "1:n")]))
    await bot.says(sam.id, "Second", reply_markup=buttons([("✓ Yes", "2:y")]))
    await sam.taps("Yes")
    await sam.taps("No")
    _, updates = await bot.asks("getUpdates")
    queries = [update["callback_query"] for update in updates[1:]]
    assert [(query["data"], query["message"]["text"]) for query in queries] == [
        ("2:y", "Second"),
        ("1:n", "First"),
    ]


async def test_a_button_that_is_not_there_cannot_be_tapped(bot, sam):
    await sam.types("/start")
    sent = await bot.says(sam.id, "Sure?", reply_markup=buttons([("Yes", "1:y")]))
    await bot.asks("editMessageReplyMarkup", chat_id=sam.id, message_id=sent["message_id"])
    with pytest.raises(AssertionError, match=r"no button 'Yes' on:\n> /start\n< Sure\?"):
        await sam.taps("Yes", within=0.05)


async def test_an_old_button_can_be_tapped_as_it_was(bot, sam):
    await sam.types("/start")
    sent = await bot.says(sam.id, "Sure?", reply_markup=buttons([("Yes", "1:y")]))
    edit = {"chat_id": sam.id, "message_id": sent["message_id"], "text": "Really?"}
    await bot.asks("editMessageText", **edit, reply_markup=buttons([("Yes", "2:y")]))
    await sam.taps_old("Yes")
    await sam.forges("9:delete")
    _, updates = await bot.asks("getUpdates")
    assert [update["callback_query"]["data"] for update in updates[1:]] == ["1:y", "9:delete"]


async def test_a_long_text_is_sent_as_several_messages(bot, sam):
    assert len(await sam.types("x" * 4097)) == 2
    assert len(await sam.types("😀" * 2049)) == 2
    _, updates = await bot.asks("getUpdates")
    assert [len(update["message"]["text"]) for update in updates] == [4096, 1, 2048, 1]


async def test_a_link_to_the_bot_opens_it_with_its_payload(bot, sam):
    await sam.opens("https://t.me/heard_test_bot?start=i_Ab-3")
    _, updates = await bot.asks("getUpdates")
    assert updates[0]["message"]["text"] == "/start i_Ab-3"
    for wrong in ("https://t.me/other_bot?start=x", "https://t.me/heard_test_bot?start=" + "x" * 65):
        with pytest.raises(AssertionError):
            await sam.opens(wrong)


async def test_in_a_group_the_bot_hears_commands_alone(bot, sam):
    group = await sam.adds_to_group("8B")
    await sam.types("my secret", chat=group)
    await sam.types("/team", chat=group)
    _, updates = await bot.asks("getUpdates")
    assert [update["message"].get("text") for update in updates[1:]] == [None, "/team"]
    await bot.says(group, "I work in private")
    assert (await sam.hears("private", chat=group)).text == "I work in private"


async def test_two_phones_have_two_chats(double, bot, sam):
    ola = Phone(double, 700002, language_code="pl", name="Ola")
    await sam.types("/start")
    await ola.types("/start")
    await bot.says(ola.id, "Cześć")
    await ola.hears("Cześć")
    assert [shown.text for shown in await sam.sees()] == ["/start"]
    assert (await sam.sees())[0].mine


async def test_the_bot_can_fetch_a_persons_file(bot, sam):
    await sam.sends("document", b"PK workbook", "form.xlsx")
    _, updates = await bot.asks("getUpdates")
    sent = updates[0]["message"]["document"]
    assert (sent["file_name"], sent["file_size"]) == ("form.xlsx", 11)
    _, file = await bot.asks("getFile", file_id=sent["file_id"])
    async with bot.session.get(f"{bot.double.url}/file/bot{bot.double.token}/{file['file_path']}") as answer:
        assert await answer.read() == b"PK workbook"
