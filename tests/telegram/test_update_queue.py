"""The queue of updates: what is handled, and what is confirmed."""

import asyncio
from collections import Counter

import pytest
from structlog.testing import capture_logs

from handlers.telegram import update_queue
from handlers.telegram.update_queue import UpdateQueue
from tests.telegram.polled import Taker
from tests.telegram.updates import came, message
from tests.waiting import LONG, until

pytestmark = [pytest.mark.also_on_postgres, pytest.mark.usefixtures("impatient")]


def from_people(*people, first=100):
    """One update from each of these people, in order."""
    return [
        message("hello", number=first + n, sender={"id": who, "is_bot": False, "first_name": "Sam"})
        for n, who in enumerate(people)
    ]


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


def said(house):
    return [message.say for messages in house.woken for message in messages]
