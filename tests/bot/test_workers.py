"""Several workers on one PostgreSQL server: order within each chat, one rate limit, nothing twice, nobody left out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from msgspec.structs import force_setattr
from sqlalchemy import func, select, update

from bot.courier.courier import Courier
from conversations.core.channels import TELEGRAM
from conversations.core.record import replace
from handlers.incoming import Incoming
from handlers.input import command_or_words
from handlers.transport import RetryAfter
from handlers.turns import Runtime
from handlers.wakeup import Wakeup
from storage.outbox import dispatching, heartbeats
from storage.tables import heartbeats as beats
from storage.tables import outbox as table
from tests.bot.couriers import settled, states, told
from tests.bot.post import TestPost
from tests.house import House, make_house
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("in_a_hurry")


@pytest.fixture
def house(postgres) -> House:
    return make_house(postgres)


@dataclass
class Worker:
    """One of the processes that share a database."""

    runtime: Runtime
    courier: Courier
    post: TestPost

    async def takes(self, house: House, address: str, text: str) -> None:
        await self.runtime.take_turn(Incoming(TELEGRAM, address, house.update()), command_or_words(text))


@contextlib.asynccontextmanager
async def worker(house: House, name: str, post: TestPost, rate: float = 1000.0) -> AsyncIterator[Worker]:
    rules = replace(house.runtime.rules, sends_per_second=rate)
    runtime = replace(house.runtime, rules=rules, worker=name)
    courier = Courier(runtime, post, Wakeup())
    force_setattr(runtime, "notify", courier.hand_over)
    await courier.begin()
    running = asyncio.create_task(courier.run())
    try:
        yield Worker(runtime, courier, post)
    finally:
        await courier.finish()
        await running


async def test_a_chat_hears_its_replies_in_order_whichever_worker_took_them(house):
    arrived, let_go = TestPost(), asyncio.Event()
    slow, quick = TestPost(arrived=arrived.arrived, before=let_go.wait), TestPost(arrived=arrived.arrived)
    async with worker(house, "one", slow) as one, worker(house, "two", quick) as two:
        await one.takes(house, "55", "/start")
        await until(lambda: "55" in slow.asked)
        await two.takes(house, "55", "/privacy")
        await two.takes(house, "66", "/start")
        await until(lambda: quick.texts("66"))
        let_go.set()
        await settled(house, 4)
    assert [given.address for given in arrived.arrived] == ["66", "55", "55", "55"]
    hello, privacy, _question = arrived.texts("55")
    assert "I'm Heard" in hello
    assert "runs me, so that what you say" in privacy


async def test_all_workers_wait_as_long_as_telegram_told_one_of_them(house):
    post = TestPost()
    post.faults["1000"] = [RetryAfter(1.5)]
    await told(house, 12)
    waiting = select(func.count()).where(table.c.state.in_(("waiting", "taken")))
    left: list[int] = []

    def nothing_leaves_until_it_is_over(db):
        left.append(db.run(waiting).scalar())
        return not heartbeats.pause_left(db)

    async with worker(house, "one", post, rate=50), worker(house, "two", post, rate=50):
        await until(lambda: house.run(heartbeats.pause_left))
        await until(lambda: house.run(nothing_leaves_until_it_is_over))
        await settled(house, 12)
    assert len(set(left[len(left) // 2 : -1])) <= 1  # messages being sent when it began are out by half of it
    assert set(await states(house)) == {"sent"}
    assert len({given.address for given in post.arrived}) == len(post.arrived) == 12


async def test_another_worker_sends_the_messages_of_a_dead_one(house):
    """A reply is resent; a broadcast message that may have been sent is reported to staff."""
    post = TestPost()
    await told(house, 2)
    await house.run(lambda db: heartbeats.beat(db, heartbeats.WORKER + "dead"))
    await house.run(
        lambda db: db.run(
            update(table).where(table.c.id == 1).values(state="sending", taken_by="dead", taken_at=db.now)
        )
    )
    await house.run(
        lambda db: db.run(
            update(table).where(table.c.id == 2).values(state="taken", taken_by="dead", taken_at=db.now)
        )
    )
    async with worker(house, "one", post) as one:
        await asyncio.sleep(0.1)
        assert await states(house) == ["sending", "taken"]  # it may still be alive
        await house.run(
            lambda db: db.run(
                update(beats)
                .where(beats.c.name == heartbeats.WORKER + "dead")
                .values(at=beats.c.at - heartbeats.GONE_AFTER - 1)
            )
        )
        one.courier._alive_at = -1000.0  # its next poll is due
        await settled(house, 2)
    assert await states(house) == ["unknown", "sent"]
    assert len(post.arrived) == 1


async def test_a_worker_that_slept_too_long_sends_no_message_that_was_taken_over(house):
    await told(house, 1)

    def by(name, work):
        return house.runtime.database.write(lambda c: work(replace(house.runtime, worker=name).db(c)))

    [message] = await by("slept", lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 5))
    await by("two", lambda db: dispatching.recover(db, TELEGRAM, frozenset({"two"})))
    [taken] = await by("two", lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 5))
    assert await by("slept", lambda db: dispatching.intend(db, [message])) == {}
    await by("slept", lambda db: dispatching.release(db, [message.id]))
    row = await house.run(lambda db: db.run(select(table.c.state, table.c.taken_by)).one())
    assert tuple(row) == ("taken", "two")
    assert list(await by("two", lambda db: dispatching.intend(db, [taken]))) == [taken.id]
