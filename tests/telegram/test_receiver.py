"""The Telegram receiver: every update is answered kindly, and only permitted ones have an effect."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.cli.play import open_now
from conversations.core.channels import TELEGRAM
from handlers.files.xlsform.limits import MOST_BYTES
from storage.people import people
from storage.tables import consultations, doors, metadata, outbox, roles, updates
from storage.tables import people as people_table
from storage.team import members as team
from tests.botapi import How, Phone
from tests.sample_forms import KINDS
from tests.telegram.living import living
from tests.waiting import until

SAMPLE = Path(__file__).parents[2] / "docs" / "samples" / "buses-after-school.xlsx"
LEAVES = "I only talk one to one."
HOME = "Nothing is open for you just now."


@pytest.fixture
async def here(double, house):
    async with living(double, house):
        yield house


async def joins(house, phone):
    """Somebody who joined before, and now comes home."""
    await house.person(str(phone.id)).joins()
    await phone.types("/home")
    await phone.hears(HOME)


async def count(house, table, *where):
    query = select(func.count()).select_from(table).where(*where)
    return await house.run(lambda db: db.run(query).scalar())


async def rows(house):
    """The number of rows in each table, except update ids."""
    return {name: await count(house, table) for name, table in metadata.tables.items() if name != "updates"}


async def quiet(double, seconds=0.3):
    """Returns when the bot has said nothing for so long."""
    before = -1
    while len(double.calls) != before or double.updates.queue:
        before = len([call for call in double.calls if call.method != "getUpdates"])
        await asyncio.sleep(seconds)
        if before == len([call for call in double.calls if call.method != "getUpdates"]):
            return


# --- a whole conversation ---------------------------------------------------------------------------


async def test_somebody_joins_and_every_tap_is_acknowledged(double, sam, here):
    await sam.types("/start")
    for label in ("English", "Normal", "OK", "16–17", "Yes, keep it"):
        await sam.taps(label)
    await sam.hears(HOME)
    await quiet(double)
    assert [tap.answered for tap in double.chats.taps.values()] == [True] * 5


async def test_a_tap_is_acknowledged_only_after_it_is_stored(double, sam, here, monkeypatch):
    await sam.types("/start")
    await sam.hears("Hi")
    double.fail("answerCallbackQuery", 1, How.refused(400, "Bad Request: query is too old"))
    await sam.taps("English")
    await sam.hears("How should I write?")
    door = await here.run(lambda db: people.door_at(db, TELEGRAM, str(sam.id)))
    assert door.person.language == "en"


@pytest.mark.parametrize("kind", ["sticker", "voice", "video", "photo", "document", "location", "contact"])
async def test_an_unreadable_message_gets_a_kind_reply_and_the_question_again(double, sam, here, kind):
    await joins(here, sam)
    before = len(await sam.sees())
    await sam.sends(kind)
    await sam.hears(HOME)
    said = [shown.text for shown in (await sam.sees())[before:] if not shown.mine]
    assert len(said) == 2
    assert said[0]
    assert double.calls_of("getFile") == []


async def test_gibberish_edits_and_unknown_commands_are_answered_too(double, sam, here):
    await joins(here, sam)
    for do in (
        lambda: sam.types("qwertz ↯ 𝕏"),
        lambda: sam.edits("qwerty"),
        lambda: sam.types("/nonsense"),
        lambda: sam.types("/"),
        lambda: sam.types("x" * 5000),
    ):
        await do()
        await sam.hears(HOME)


async def at_the_text_question(here, sam):
    await here.run(lambda db: open_now(db, KINDS))
    await here.person(str(sam.id)).joins()
    await sam.types("/say")
    for label in ("Start", "Go on", "OK", "3"):
        await sam.taps(label)
    await sam.hears("What would make you come?")


async def test_an_answer_edited_in_the_chat_replaces_the_old_one(double, sam, here):
    await at_the_text_question(here, sam)
    await sam.types("a warm room")
    await sam.hears("How welcome")
    await sam.edits("a warm kitchen")
    await sam.hears("I've changed your answer")
    await sam.types("/mydata")
    assert "a warm kitchen" in (await sam.hears("What would make you come?")).text


async def test_two_messages_at_once_are_one_answer_and_one_that_is_said_to_be_unused(double, sam, here):
    await at_the_text_question(here, sam)
    await sam.types("a warm room")
    await sam.types("and some tea")
    await sam.hears("came before you could see")
    await sam.types("/mydata")
    shown = (await sam.hears("What would make you come?")).text
    assert ("a warm room" in shown, "some tea" in shown) == (True, False)


async def test_words_in_a_command_that_is_none_are_looked_through_too(double, sam, here):
    await joins(here, sam)
    await sam.types("/i want to die")
    assert "Childline" in (await sam.hears("999")).text


# --- rights: forged, stale, somebody else's, staff's ---------------------------------------------------


@pytest.mark.parametrize("data", ["", "x", "-1:yes", "999:yes", "0:", "5", ":::::", "1:/team", "💥:💥"])
async def test_a_forged_button_changes_nothing_and_is_answered(double, sam, here, data):
    await joins(here, sam)
    before = await rows(here)
    await sam.forges(data)
    await sam.hears("")
    await quiet(double)
    after = await rows(here)
    assert {name: n for name, n in after.items() if n != before[name]}.keys() <= {"outbox"}
    assert [tap.answered for tap in double.chats.taps.values()] == [True]


async def test_an_old_button_answers_no_new_question(double, sam, here):
    await joins(here, sam)
    await sam.types("/delete")
    await sam.taps("No, keep it")
    await sam.types("/delete")
    await sam.hears("Delete everything?")
    await sam.taps_old("Yes, delete it")
    await sam.hears("That question is over")
    assert await count(here, people_table) == 1


async def test_a_button_of_another_person_is_judged_by_who_taps_it(double, sam, here):
    """Callback data holds nothing of anybody: the same data from somebody else is about their own question."""
    await joins(here, sam)
    await sam.types("/delete")
    asked = await sam.hears("Delete everything?")
    data = next(
        button["callback_data"]
        for row in double.chats.chats[sam.id].messages[asked.id].json["reply_markup"]["inline_keyboard"]
        for button in row
    )
    other = Phone(double, 700002)
    await joins(here, other)
    await other.forges(data)
    await other.hears(HOME)
    await sam.taps("No, keep it")
    await sam.hears("Nothing was deleted")
    assert await count(here, people_table) == 2


@pytest.mark.parametrize("command", ["/team", "/consult", "/results", "/outcome", "/cases"])
async def test_staffs_commands_are_unknown_to_everybody_else(double, sam, here, command):
    await joins(here, sam)
    before = await rows(here)
    await sam.types(command)
    await sam.hears("I don't know that one")
    after = await rows(here)
    assert {name for name in after if after[name] != before[name]} == {"outbox"}


# --- groups -----------------------------------------------------------------------------------------


async def test_in_a_group_it_says_why_leaves_and_stores_nothing(double, sam, here):
    await joins(here, sam)
    before = await rows(here)
    group = await sam.adds_to_group()
    await sam.hears(LEAVES, chat=group)
    await quiet(double)
    assert double.chats.chats[group].shut
    assert len([shown for shown in await sam.sees(group) if not shown.mine]) == 1
    assert await rows(here) == before


async def test_no_command_works_in_a_group_not_even_the_owners(double, sam, here):
    token = await here.run(lambda db: team.invite(db, "owner"))
    await sam.types(f"/start i_{token}")
    await sam.hears("")
    await quiet(double)
    group = await sam.adds_to_group()
    before = await rows(here)
    for command in ("/team", "/start", f"/start i_{token}", "/delete", "/consult@heard_test_bot"):
        await quiet(double)  # it has left by now
        double.chats.chats[group].shut = ""  # as if leaving had failed
        await sam.types(command, group)
        await sam.hears(LEAVES, chat=group)
    await quiet(double)
    assert await rows(here) == before
    assert {shown.text[:23] for shown in await sam.sees(group) if not shown.mine} == {LEAVES}


async def test_if_it_may_not_write_in_a_group_it_still_leaves(double, sam, here):
    double.fail("sendMessage", 1, How.refused(400, "Bad Request: not enough rights to send text messages"))
    group = await sam.adds_to_group()
    await quiet(double)
    assert double.chats.chats[group].shut
    assert len(double.calls_of("leaveChat")) >= 1


# --- who blocks -------------------------------------------------------------------------------------


async def reachable(house, phone):
    query = select(doors.c.reachable).join(people_table, people_table.c.main_door == doors.c.id)
    return await house.run(lambda db: db.run(query).scalar())


async def test_blocking_the_bot_makes_a_person_unreachable_until_they_write_again(double, sam, here):
    await joins(here, sam)
    await sam.blocks()
    await quiet(double)
    assert await reachable(here, sam) is False
    await sam.types("/start")
    await sam.hears("")
    assert await reachable(here, sam) is True


async def test_a_block_reported_again_days_later_has_no_effect(double, sam, here):
    await joins(here, sam)
    await sam.blocks()
    blocked = max(double.updates.past)
    await quiet(double)
    await sam.types("/start")
    await sam.hears("")
    double.deliver(double.updates.past[blocked] | {"update_id": blocked})
    await quiet(double)
    assert await reachable(here, sam) is True


async def test_a_stranger_who_blocks_leaves_nothing_behind(double, sam, here):
    before = await rows(here)
    await sam.blocks()
    await quiet(double)
    assert await rows(here) == before
    assert await count(here, updates) == 0


# --- workbooks --------------------------------------------------------------------------------------


async def becomes(house, phone, role):
    token = await house.run(lambda db: team.invite(db, role))
    await phone.types(f"/start i_{token}")
    await phone.hears("")
    await until(lambda: count(house, roles))


async def test_a_workers_workbook_is_read_in_the_chat(double, sam, here):
    await becomes(here, sam, "worker")
    await sam.types("/consult")
    await sam.hears("workbook")
    await sam.sends("document", SAMPLE.read_bytes(), "buses.xlsx")
    await sam.hears("buses after school")
    assert await count(here, consultations) == 1


async def test_anybody_elses_file_is_not_even_fetched(double, sam, here):
    await joins(here, sam)
    await sam.sends("document", SAMPLE.read_bytes(), "buses.xlsx")
    await sam.hears(HOME)
    assert double.calls_of("getFile") == []
    assert await count(here, consultations) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"this is no workbook", "isn't"),
        (b"PK\x03\x04" + b"\x00" * 200, ""),
        (b"x" * (MOST_BYTES + 1), "too big"),
    ],
)
async def test_a_workers_file_that_is_no_workbook_is_reported(double, sam, here, content, said):
    await becomes(here, sam, "worker")
    await sam.types("/consult")
    await sam.hears("workbook")
    await sam.sends("document", content, "notes.txt")
    await sam.hears(said)
    assert await count(here, consultations) == 0


async def test_a_file_too_big_is_not_fetched(double, sam, here):
    await becomes(here, sam, "worker")
    await sam.types("/consult")
    await sam.hears("workbook")
    await sam.sends("document", b"x" * (MOST_BYTES + 1), "big.xlsx")
    await sam.hears("too big")
    assert double.calls_of("getFile") == []


async def test_a_file_that_cannot_be_fetched_is_asked_for_again(double, sam, here):
    await becomes(here, sam, "worker")
    await sam.types("/consult")
    await sam.hears("workbook")
    double.fail(
        "getFile", 1, How.refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    )
    await sam.sends("document", SAMPLE.read_bytes(), "buses.xlsx")
    await sam.hears("send it again")
    await sam.sends("document", SAMPLE.read_bytes(), "buses.xlsx")
    await sam.hears("buses after school")


async def test_nothing_of_a_message_stays_in_the_outbox_once_it_was_sent(double, sam, here):
    await joins(here, sam)
    await quiet(double)
    assert await count(here, outbox, outbox.c.sealed.is_not(None)) == 0
