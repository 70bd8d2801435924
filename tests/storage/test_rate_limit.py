"""The rate limit in the database: never more in a window than allowed, whoever asks and whatever crashes."""

import asyncio

import pytest
from sqlalchemy import func, select

from conversations.core.record import replace
from storage.outbox import rate_limit
from storage.tables import tokens as table
from tests.house import House


@pytest.fixture
def gate(any_house: House):
    """A house with a rate limit."""

    async def at(per_second: float) -> House:
        any_house.runtime = replace(
            any_house.runtime, rules=replace(any_house.runtime.rules, sends_per_second=per_second)
        )
        await any_house.run(rate_limit.set_rate)
        return any_house

    return at


async def test_there_are_never_more_than_the_rate_in_any_second(gate):
    house = await gate(20)
    given: list[float] = []

    def take(db):
        got = rate_limit.take(db, 3)
        return got, db.run(select(func.max(table.c.given_at))).scalar()

    async def worker():
        while len(given) < 45:
            got, at = await house.run(take)
            given.extend([at] * got.many)
            await asyncio.sleep(got.retry_in or 0.001)

    await asyncio.gather(*(worker() for _ in range(4)))
    assert max(sum(start <= at < start + 0.99 for at in given) for start in given) <= 20


async def at_once(house: House, *asked: tuple[int, int | None]) -> list[int]:
    """How many tokens were given for each (many, reserve), one right after the other."""
    return await house.run(lambda db: [rate_limit.take(db, many, reserve=free).many for many, free in asked])


async def test_reserved_slots_are_for_urgent_messages(gate):
    house = await gate(10)
    assert await at_once(house, (50, 2), (1, 2), (1, None)) == [8, 0, 1]


async def test_hundreds_a_second_are_spread_evenly_except_urgent_ones(gate):
    house = await gate(200)
    assert await at_once(house, (200, 1), (200, 1), (7, None)) == [20, 0, 7]
    await asyncio.sleep(0.12)
    assert 0 < (await house.run(lambda db: rate_limit.take(db, 200, reserve=1))).many <= 20


async def test_it_says_when_to_ask_again(gate):
    house = await gate(5)
    got = await house.run(lambda db: rate_limit.take(db, 7))
    assert got.many == 5
    assert 0.5 < got.retry_in <= 1
    await asyncio.sleep(got.retry_in + 0.05)
    assert (await house.run(lambda db: rate_limit.take(db, 7))).many == 5


async def test_a_rate_below_one_a_second_is_respected_too(gate):
    house = await gate(0.5)
    first, second = await house.run(lambda db: (rate_limit.take(db, 1), rate_limit.take(db, 1)))
    assert first.many == 1
    assert 1.5 < second.retry_in <= 2


async def test_a_new_start_with_another_rate_forgets_nothing_that_was_given(gate):
    house = await gate(10)

    def started_anew(db):
        slower, faster = (replace(db, rules=replace(db.rules, sends_per_second=rate)) for rate in (6, 12))
        rate_limit.take(db, 10)
        rate_limit.set_rate(slower)
        given = rate_limit.take(slower, 6).many
        rate_limit.set_rate(faster)
        return given, rate_limit.take(faster, 12).many

    assert await house.run(started_anew) == (0, 6)  # only the new ones


async def test_slots_of_a_rolled_back_turn_are_free_again(gate):
    house = await gate(3)

    def broken(db):
        rate_limit.take(db, 3)
        raise KeyError

    with pytest.raises(KeyError):
        await house.run(broken)
    assert (await house.run(lambda db: rate_limit.take(db, 3))).many == 3
