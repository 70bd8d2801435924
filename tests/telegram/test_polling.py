"""Long polling: an update is confirmed only when it is stored, whatever is killed, late or in the way."""

import asyncio
import contextlib
import sqlite3
import time
from collections import Counter

import pytest
from structlog.testing import capture_logs

from conversations.core.messages import Choice
from handlers.telegram import polling, update_queue
from handlers.telegram.client import LeanBot
from handlers.telegram.polling import ALLOWED, poll
from handlers.telegram.receiver import TelegramReceiver
from handlers.telegram.update_queue import UpdateQueue
from storage.core import sqlite
from storage.core.errors import Unavailable
from tests.botapi import Double, How, Phone
from tests.house import make_house, new_sqlite
from tests.telegram.updates import came, message
from tests.waiting import LONG, until

pytestmark = pytest.mark.also_on_postgres


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Shortens delays for the tests."""
    for module, name in (
        (polling, "_FIRST_PAUSE"),
        (polling, "_LONGEST_PAUSE"),
        (update_queue, "FIRST_PAUSE"),
    ):
        monkeypatch.setattr(module, name, 0.01)
    monkeypatch.setattr(update_queue, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(polling, "POLL_SECONDS", 2)


@contextlib.asynccontextmanager
async def polling_with(double, take):
    """The loop as the process runs it, stopped cleanly at the end."""
    bot = LeanBot(double.token, double.url)
    await bot.initialize()
    stopping = asyncio.Event()
    running = asyncio.create_task(poll(bot, take, stopping))
    try:
        yield running
    finally:
        stopping.set()
        await asyncio.wait_for(running, LONG)
        await bot.shutdown()


class Taker:
    """Takes updates as the test wants: `hold` delays one, `fail` cannot store it."""

    def __init__(self):
        self.begun, self.stored = [], []
        self.held = {}
        self.failing = False

    def hold(self, number):
        self.held[number] = asyncio.Event()

    async def __call__(self, update):
        self.begun.append(update.number)
        if update.number in self.held:
            await self.held[update.number].wait()
        await asyncio.sleep(0)
        if self.failing:
            raise Unavailable("SQLITE_BUSY")
        self.stored.append(update.number)


def offsets(double):
    return [call.values.get("offset", 0) for call in double.calls_of("getUpdates")]


def from_people(*people, first=100):
    """One update from each of these people, in order."""
    return [
        message("hello", number=first + n, sender={"id": who, "is_bot": False, "first_name": "Sam"})
        for n, who in enumerate(people)
    ]


# --- the queue: what is handled, and what is confirmed ----------------------------------------------


def admitted(line, *updates):
    return line.admit([came(update) for update in updates])


async def test_at_first_any_update_may_come():
    assert UpdateQueue(Taker()).offset is None


async def test_the_offset_is_the_first_that_is_not_stored():
    taker = Taker()
    taker.hold(101)
    line = UpdateQueue(taker)
    admitted(line, *from_people(1, 2, 3))
    await until(lambda: len(taker.stored) == 2)
    await asyncio.sleep(0)
    assert line.offset == 101
    taker.held[101].set()
    await line.finish()
    assert line.offset == 103


async def test_an_update_being_handled_or_stored_is_not_handled_again():
    taker = Taker()
    taker.hold(100)
    line = UpdateQueue(taker)
    updates = from_people(1, 2, 3)
    assert admitted(line, *updates, *updates) == 3
    await until(lambda: len(taker.stored) == 2)
    assert admitted(line, *updates * 100) == 0
    assert taker.begun == [100, 101, 102]
    taker.held[100].set()
    await line.finish()


async def test_one_persons_updates_are_taken_in_order_and_others_do_not_wait():
    taker = Taker()
    taker.hold(100)
    line = UpdateQueue(taker)
    admitted(line, *from_people(1, 1, 2, 1))
    await until(lambda: taker.stored == [102])
    assert taker.begun == [100, 102]
    taker.held[100].set()
    await until(lambda: not line.is_busy)
    assert taker.stored == [102, 100, 101, 103]


async def test_an_update_that_cannot_be_stored_is_retried_and_later_ones_wait():
    taker = Taker()
    taker.failing = True
    line = UpdateQueue(taker)
    admitted(line, *from_people(1, 1, 2))
    await until(lambda: Counter(taker.begun)[100] > 3)
    assert 101 not in taker.begun
    assert line.offset == 100
    taker.failing = False
    await until(lambda: len(taker.stored) == 3)
    assert taker.stored.index(100) < taker.stored.index(101)


async def test_stopping_ends_the_tries_and_confirms_nothing_that_is_not_stored():
    taker = Taker()
    taker.failing = True
    line = UpdateQueue(taker)
    admitted(line, *from_people(1, 1))
    await until(lambda: taker.begun.count(100) > 1)
    await asyncio.wait_for(line.finish(), LONG)
    assert line.offset == 100
    assert 101 not in taker.begun


async def test_stopping_waits_for_current_work_but_not_for_ever(monkeypatch):
    monkeypatch.setattr(update_queue, "LAST_SECONDS", 0.05)
    taker = Taker()
    taker.hold(100)
    line = UpdateQueue(taker)
    admitted(line, *from_people(1))
    await asyncio.sleep(0)
    await line.finish()
    assert line.offset == 100
    assert taker.stored == []


async def test_after_a_quiet_time_an_id_may_be_any():
    taker = Taker()
    line = UpdateQueue(taker)
    admitted(line, *from_people(1, first=5000))
    await line.settle(1)
    assert line.offset == 5001
    admitted(line)
    assert line.offset is None
    admitted(line, *from_people(1, first=7))
    await line.settle(1)
    assert taker.stored == [5000, 7]
    assert line.offset == 8


async def test_updates_that_come_in_another_order_are_all_taken():
    taker = Taker()
    line = UpdateQueue(taker)
    admitted(line, *reversed(from_people(1, 2, 3)))
    await until(lambda: not line.is_busy)
    assert sorted(taker.stored) == [100, 101, 102]
    assert line.offset == 103


async def test_the_record_of_stored_updates_does_not_grow():
    line = UpdateQueue(Taker())
    for start in range(0, 1000, 100):
        admitted(line, *from_people(*range(100), first=start))
        while line.is_busy:
            await line.settle(1)
    admitted(line, *from_people(1, first=1000))
    assert len(line._stored) <= 101
    await line.finish()


async def test_a_fault_is_logged_once_and_so_is_its_end():
    taker = Taker()
    taker.failing = True
    line = UpdateQueue(taker)
    with capture_logs() as logged:
        admitted(line, *from_people(1, 2, 3))
        await until(lambda: len(taker.begun) > 10)
        taker.failing = False
        await until(lambda: len(taker.stored) == 3)
    said = [entry["event"] for entry in logged]
    assert said == ["updates are queued: they cannot be stored", "updates are stored again"]


# --- against the Bot API ----------------------------------------------------------------------------


async def test_updates_are_taken_and_then_confirmed(double, sam):
    taker = Taker()
    async with polling_with(double, taker):
        await sam.types("one")
        await sam.types("two")
        await until(lambda: len(taker.stored) == 2)
        await until(lambda: not double.updates.queue)
    assert offsets(double)[-1] == max(taker.stored) + 1


async def test_the_offset_never_passes_an_unstored_update(double, sam):
    taker = Taker()
    taker.failing = True
    async with polling_with(double, taker):
        await sam.types("one")
        await Phone(double, 700002).types("two")
        await until(lambda: len(taker.begun) > 8)
        waiting = {update["update_id"] for update in double.updates.queue}
        assert max(offsets(double)) <= min(waiting)
        taker.failing = False
        await until(lambda: set(taker.stored) == waiting)
    assert double.updates.queue == []


async def test_stopping_confirms_stored_updates_only(double, sam):
    taker = Taker()
    async with polling_with(double, taker):
        await sam.types("stored")
        await until(lambda: taker.stored)
        await until(lambda: not double.updates.queue)
        taker.failing = True
        await sam.types("not stored")
        await until(lambda: len(taker.begun) > 2)
    assert [update["message"]["text"] for update in double.updates.queue] == ["not stored"]


async def test_while_an_update_is_handled_others_are_taken_and_telegram_is_not_flooded(double, sam):
    taker = Taker()
    async with polling_with(double, taker):
        await sam.types("slow")
        await until(lambda: double.updates.queue)
        taker.hold(double.updates.queue[0]["update_id"])
        await until(lambda: taker.begun)
        await asyncio.sleep(0.3)
        await Phone(double, 700002).types("quick")
        await until(lambda: len(taker.stored) == 1)
        before, polls = time.monotonic(), len(offsets(double))
        await asyncio.sleep(1)
        assert len(offsets(double)) - polls <= 1 + 4 * (time.monotonic() - before)
        for event in taker.held.values():
            event.set()


async def test_a_second_polling_program_is_logged_and_polling_continues(double, sam):
    taker = Taker()
    double.fail("getUpdates", 2, How.refused(409, "Conflict: terminated by other getUpdates request"))
    with capture_logs() as logged:
        async with polling_with(double, taker):
            await sam.types("heard all the same")
            await until(lambda: taker.stored)
    said = [entry["event"] for entry in logged]
    assert said.count("another process is polling with this token; only one may run") == 2


@pytest.mark.parametrize(
    "how",
    [
        How.cut_before(),
        How.cut_after(),
        How.truncated(),
        How.answer(502, "<html>Bad Gateway</html>", accepted=False),
        How.answer(200, "not json", accepted=True),
        How.answer(200, {"ok": True, "result": [{"no": "id"}]}, accepted=False),
        How.refused(429, "Too Many Requests: retry after 1", retry_after=0.02),
        How.refused(500, "Internal Server Error"),
    ],
    ids=lambda how: f"{how.kind} {how.status}",
)
async def test_polling_survives_every_error_and_loses_nothing(double, sam, how):
    taker = Taker()
    double.fail("getUpdates", 2, how)
    async with polling_with(double, taker):
        for words in ("one", "two"):
            await sam.types(words)
        await until(lambda: len(taker.stored) == 2)
    assert len(set(taker.stored)) == 2


async def test_a_revoked_token_ends_the_asking_with_a_clear_line(double, sam):
    taker = Taker()
    with capture_logs() as logged:
        async with polling_with(double, taker) as running:
            await sam.types("before")
            await until(lambda: taker.stored)
            double.fail("getUpdates", 99, How.refused(401, "Unauthorized"))
            await sam.types("after")
            await asyncio.wait_for(asyncio.shield(running), LONG)
    assert [entry["log_level"] for entry in logged] == ["critical"]
    assert "rejected the bot token" in logged[0]["event"]
    assert double.token not in str(logged)


async def test_stopping_does_not_wait_for_a_long_poll(double, monkeypatch):
    monkeypatch.setattr(polling, "POLL_SECONDS", 2 * LONG)
    async with polling_with(double, Taker()):
        await until(lambda: double.calls_of("getUpdates"))


# --- the whole door, and a real database --------------------------------------------------------------


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
