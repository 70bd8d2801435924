"""The double knows who can be reached, and what can be edited."""

from tests.botapi.asking import buttons

HTML = {"parse_mode": "HTML"}


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
