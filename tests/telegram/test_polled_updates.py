"""Polled updates and a real database: each has one effect, in whatever order it comes."""

import asyncio
import contextlib
import sqlite3

import pytest
from structlog.testing import capture_logs

from conversations.core.messages import Choice
from handlers.telegram.client import LeanBot
from handlers.telegram.polling import ALLOWED
from handlers.telegram.receiver import TelegramReceiver
from storage.core import sqlite
from tests.botapi import Double, Phone
from tests.house import make_house, new_sqlite
from tests.telegram.polled import offsets, polling_with
from tests.telegram.updates import came, message
from tests.waiting import until

pytestmark = [pytest.mark.also_on_postgres, pytest.mark.usefixtures("impatient")]


@contextlib.asynccontextmanager
async def open_door(double, house):
    bot = LeanBot(double.token, double.url)
    await bot.initialize()
    door = TelegramReceiver(house.runtime, bot)
    try:
        async with polling_with(double, door.take):
            yield
    finally:
        await door.finish()
        await bot.shutdown()


def said(house):
    return [message.say for messages in house.woken for message in messages]


def turns(house):
    """How many turns said something."""
    return sum(bool(messages) for messages in house.woken)


async def joined(house, address="700001"):
    someone = house.person(address)
    await someone.joins()
    house.woken.clear()
    return someone


async def test_the_same_update_a_hundred_times_at_once_has_one_effect(double, sam, any_house):
    await joined(any_house)
    await sam.types("/help")
    [update] = double.updates.queue
    for _ in range(99):
        double.deliver(update)
    async with open_door(double, any_house):
        await until(lambda: said(any_house) and not double.updates.queue)
    assert turns(any_house) == 1


async def test_the_same_update_a_hundred_times_at_as_many_workers_has_one_effect(double, any_house):
    await joined(any_house)
    bot = LeanBot(double.token, double.url)
    door = TelegramReceiver(any_house.runtime, bot)
    update = came(message("/help"))
    await asyncio.gather(*(door.take(update) for _ in range(100)))
    assert turns(any_house) == 1


async def test_the_same_update_three_days_later_has_no_effect(double, sam, house):
    await joined(house)
    async with open_door(double, house):
        await sam.types("/help")
        await until(lambda: said(house) and not double.updates.queue)
    house.clock.on(days=3)
    double.redeliver(max(double.updates.past))
    async with open_door(double, house):
        await until(lambda: not double.updates.queue)
    assert turns(house) == 1


async def test_taps_that_come_in_the_wrong_order_leave_a_question_that_can_be_answered(double, sam, house):
    """A tap on a later question comes before the one that led there: it is stale, and the current question is asked."""
    await sam.types("/start")
    async with open_door(double, house):
        await until(lambda: said(house))
        first = said(house)[-1]
        key = next(b.key for row in first.rows for b in row if isinstance(b, Choice))
        double.chats.add(double.chats.chats[sam.id], double.chats.bot, {"text": first.text}, mine=True)
        await sam.forges(f"{first.visit + 1}:{key}")
        await sam.forges(f"{first.visit}:{key}")
        await until(lambda: len(house.woken) == 3)
    stale, answered = house.woken[1], house.woken[2]
    assert "That question is over" in stale[0].say.text
    assert answered[-1].say.visit == first.visit + 1


async def test_while_the_database_is_locked_nothing_is_confirmed_and_then_nothing_is_lost(
    double, sam, tmp_path, empty_database, monkeypatch
):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.02)
    database = new_sqlite(tmp_path / "locked.db", empty_database)
    house = make_house(database)
    await joined(house)
    other = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with open_door(double, house):
        for command in ("/help", "/privacy", "/say"):
            await sam.types(command)
        await asyncio.sleep(0.3)
        assert len(double.updates.queue) == 3
        assert said(house) == []
        other.execute("ROLLBACK")
        await until(lambda: len(house.woken) == 3)
        await until(lambda: not double.updates.queue)
    other.close()
    await database.close()


async def test_updates_left_unconfirmed_by_a_dead_process_are_taken_once_by_the_next(double, sam, house):
    """As after a kill -9: the first process stored something, and could not confirm it."""
    await joined(house)
    for command in ("/help", "/privacy", "/say"):
        await sam.types(command)
    bot = LeanBot(double.token, double.url)
    await bot.initialize()
    door = TelegramReceiver(house.runtime, bot)
    updates, _ = await bot.new_updates(None, 0, ALLOWED, ())
    await door.take(updates[0])
    await door.take(updates[1])
    await bot.shutdown()
    async with open_door(double, house):
        await until(lambda: not double.updates.queue)
    assert turns(house) == 3


async def test_an_id_from_anywhere_after_an_idle_week(sam, house, double):
    await joined(house)
    async with open_door(double, house):
        await sam.types("/help")
        await until(lambda: not double.updates.queue)
        await asyncio.sleep(0.05)
        double.updates.next_id = 17  # a week later
        house.clock.on(days=9)
        double.updates._news.set()
        await until(lambda: offsets(double)[-1] == 0)
        await sam.types("/privacy")
        await until(lambda: len(house.woken) == 2)
    assert double.updates.queue == []


async def test_one_update_that_nothing_can_be_made_of_holds_up_nobody(double, sam, house, monkeypatch):
    await joined(house)
    take_turn = type(house.runtime).take_turn

    async def stumble(runtime, incoming, event):
        if incoming.address == "700002":
            raise RuntimeError("a mistake of ours")
        return await take_turn(runtime, incoming, event)

    monkeypatch.setattr(type(house.runtime), "take_turn", stumble)
    with capture_logs() as logged:
        async with open_door(double, house):
            await Phone(double, 700002).types("words that stumble")
            await sam.types("/help")
            await until(lambda: said(house))
            await until(lambda: not double.updates.queue)
    assert {"event": "update dropped", "kind": "RuntimeError", "log_level": "error"} in logged


async def test_one_update_that_nothing_can_read_is_let_go_and_the_others_are_taken(double, sam, house):
    await joined(house)
    await sam.types("/help")
    strange = (
        {"message": {"message_id": 1, "caption": "my private words"}},
        {"message": "my private words"},
        {"edited_message": {"chat": 5}},
        {"callback_query": {"from": {"id": 7}, "data": "1:yes", "message": {"chat": {"type": "private"}}}},
        {"my_chat_member": []},
        {"a_kind_of_tomorrow": {"words": "my private words"}},
    )
    [first] = double.updates.queue
    for place, content in enumerate(strange, 1):
        double.deliver({"update_id": first["update_id"] + place} | content)
    double.updates.next_id = first["update_id"] + len(strange) + 1
    await sam.types("/privacy")
    with capture_logs() as logged:
        async with open_door(double, house):
            await until(lambda: not double.updates.queue)
    assert turns(house) == 2
    assert {entry["event"] for entry in logged} == {"update let go: nothing can read it"}
    assert "private words" not in str(logged)


async def test_a_restarted_double_is_found_again(sam, house):
    """Telegram is away for a while: the loop keeps polling, and gets the updates."""
    await joined(house)
    async with Double() as first:
        token, port = first.token, first.port
        async with open_door(first, house):
            await until(lambda: first.calls_of("getUpdates"))
            await first.__aexit__()
            await asyncio.sleep(0.1)
            async with Double(token=token, port=port) as second:
                await Phone(second, 700001).types("/help")
                await until(lambda: said(house))
