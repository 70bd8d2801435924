"""A courier that is killed or stopped, and its progress messages."""

import asyncio
import threading
import time

import pytest
from sqlalchemy import select

from conversations.core.channels import TELEGRAM
from conversations.core.events import Asked
from handlers.incoming import Incoming
from handlers.transport import RetryAfter
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.outbox import broadcasts, dispatching
from storage.tables import outbox as table
from storage.tables import roles
from tests.bot.couriers import courier, killed, settled, states, told, types
from tests.bot.post import TestPost
from tests.crowd import add_crowd, open_hub
from tests.waiting import until

pytestmark = [pytest.mark.usefixtures("in_a_hurry"), pytest.mark.also_on_postgres]

# --- killed, and stopped --------------------------------------------------------------------------


async def test_killed_before_a_send_it_is_sent_once_after_the_restart(house):
    post = TestPost()
    await told(house, 3)
    async with courier(house, post, rate=1) as working:
        await until(lambda: post.arrived)
        await until(lambda: _are(house, ["sent", "taken", "taken"]))
        await killed(working)
    async with courier(house, post):
        await settled(house, 3)
    assert sorted(given.address for given in post.arrived) == ["1000", "1001", "1002"]


async def test_killed_after_a_send_a_broadcast_is_unknown_and_a_reply_asked_again(house):
    post = TestPost(seconds=100)
    await told(house, 1)
    async with courier(house, post) as working:
        await types(house, "55")
        await until(lambda: sorted(post.asked) == ["1000", "55"])
        await killed(working)
    post.seconds = 0
    async with courier(house, post):
        await settled(house, 2)
    assert (post.asked.count("1000"), post.asked.count("55")) == (1, 2)
    assert sorted(await states(house)) == ["sent", "unknown"]


async def test_leftover_updates_are_not_overtaken_after_a_restart(house):
    post, said = TestPost(seconds=100), []

    async def asks(command):
        incoming = Incoming(TELEGRAM, "55", house.update())
        said.extend(x.say.text for x in (await house.runtime.take_turn(incoming, Asked(command))).messages)

    async with courier(house, post) as working:
        for command in ("start", "privacy", "help"):
            await asks(command)
        await killed(working)
    assert not post.arrived
    post.seconds = 0.05
    async with courier(house, post):
        await asks("rights")
        await settled(house, len(said))
    assert post.texts("55") == said


async def _are(house, wanted):
    return await states(house) == wanted


async def test_a_clean_stop_finishes_started_sends_and_keeps_the_rest(house):
    post = TestPost(seconds=0.1)
    await told(house, 20)
    async with courier(house, post, rate=10):
        await until(lambda: len(post.asked) >= 2)
        await types(house, "55")
    left = len(post.asked) - 1
    assert len(post.arrived) == left + 1
    assert sorted(await states(house)) == ["sent"] * (left + 1) + ["waiting"] * (20 - left)
    async with courier(house, post):
        await settled(house, 21)
    assert len({given.address for given in post.arrived}) == len(post.arrived) == 21


async def test_two_couriers_send_nothing_twice(any_house):
    post = TestPost(seconds=0.005)
    await told(any_house, 60)
    async with courier(any_house, post, rate=200), courier(any_house, post, rate=200, worker="two"):
        await settled(any_house, 60)
    assert len({given.address for given in post.arrived}) == len(post.arrived) == 60


async def test_a_stop_in_the_middle_of_a_poll_leaves_nothing_claimed(house, monkeypatch):
    claim, looking = dispatching.claim, threading.Event()

    def slowly(*found, **more):
        looking.set()
        time.sleep(0.1)
        return claim(*found, **more)

    async with courier(house, TestPost()):
        monkeypatch.setattr(dispatching, "claim", slowly)
        await told(house, 5)
        await until(looking.is_set)
    assert await states(house) == ["waiting"] * 5


# --- progress --------------------------------------------------------------------------------------


async def told_by_a_worker(house, many):
    """A broadcast to this many people; the first is the worker who began it, at the address 1000."""
    number = await house.run(open_hub)
    worker, *_rest = await house.run(lambda db: add_crowd(db, many, first=1000))

    def begin(db):
        db.run(roles.insert().values(person_id=worker, role="worker", at=db.now))
        broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, worker)

    await house.run(begin)


def progress_in(post):
    return [given for given in post.arrived if "youth hub: " in given.say.heading]


async def test_progress_is_one_message_that_is_edited(house, monkeypatch):
    post = TestPost(seconds=0.1)
    await told_by_a_worker(house, 21)
    async with courier(house, post, rate=15):
        await until_as_time_goes_on(house, lambda: _finished(house))
    told_of = progress_in(post)
    assert told_of[0].replaces is None
    assert len({given.replaces for given in told_of[1:]}) == 1
    texts = [given.say.text for given in told_of]
    assert len(texts) >= 3
    assert len(set(texts[:-1])) == len(texts) - 1
    assert "21 of 21 people have it." in texts[-1]
    assert told_of[-1].say.heading == "The new youth hub: everybody has been asked"


async def test_progress_that_came_too_fast_waits_as_long_as_telegram_says(house):
    post = TestPost(seconds=0.01)
    await told_by_a_worker(house, 60)

    def after_the_refusal():
        return [given.at for given in progress_in(post) if post.refused and given.at > post.refused[0]]

    async with courier(house, post, rate=15):
        await until_as_time_goes_on(house, lambda: len(progress_in(post)) > 1 and len(post.texts("1000")) > 2)
        post.faults["1000"] = [RetryAfter(1.0)]
        await until_as_time_goes_on(house, after_the_refusal)
    assert min(after_the_refusal()) - post.refused[0] >= 1.0


async def until_as_time_goes_on(house, so):
    """Moves the house's clock on by a second for each check."""

    async def looked():
        house.clock.on(seconds=1)
        await asyncio.sleep(0.02)
        found = so()
        return await found if asyncio.iscoroutine(found) else found

    await until(looked)


async def _finished(house):
    progress = select(table.c.state).where(table.c.lane == "progress")
    return await house.run(lambda db: db.run(progress).scalar()) == "sent"
