"""The rate gate in the database: never more in any second than allowed, whoever asks, whatever crashed."""

import asyncio
import time
from dataclasses import replace

import pytest

from storage.outbox import rate_limit as tokens
from tests.house import House


@pytest.fixture
def gate(any_house: House):
    """A house with a rate."""

    async def at(per_second: float) -> House:
        any_house.runtime = replace(
            any_house.runtime, rules=replace(any_house.runtime.rules, sends_per_second=per_second)
        )
        await any_house.run(tokens.set_rate)
        return any_house

    return at


async def test_there_are_never_more_than_the_rate_in_any_second(gate):
    house = await gate(20)
    given: list[float] = []
    ends = time.monotonic() + 2.3

    async def worker():
        while time.monotonic() < ends:
            asked = time.monotonic()
            got = await house.run(lambda db: tokens.take(db, 3))
            given.extend([asked] * got.many)  # the earliest moment at which they can have been given
            await asyncio.sleep(got.again or 0.001)

    await asyncio.gather(*(worker() for _ in range(4)))
    assert 40 <= len(given) <= 60
    assert max(sum(start <= at < start + 0.9 for at in given) for start in given) <= 20


async def test_what_is_left_free_is_there_for_somebody_with_more_haste(gate):
    house = await gate(10)
    assert (await house.run(lambda db: tokens.take(db, 50, leaving=2))).many == 8
    assert (await house.run(lambda db: tokens.take(db, 1, leaving=2))).many == 0
    assert (await house.run(lambda db: tokens.take(db, 1))).many == 1


async def test_hundreds_a_second_leave_evenly_but_for_who_is_in_haste(gate):
    house = await gate(200)
    assert (await house.run(lambda db: tokens.take(db, 200, leaving=1))).many == 20
    assert (await house.run(lambda db: tokens.take(db, 200, leaving=1))).many == 0
    assert (await house.run(lambda db: tokens.take(db, 7))).many == 7
    await asyncio.sleep(0.12)
    assert 0 < (await house.run(lambda db: tokens.take(db, 200, leaving=1))).many <= 20


async def test_it_says_when_to_ask_again(gate):
    house = await gate(5)
    got = await house.run(lambda db: tokens.take(db, 7))
    assert got.many == 5
    assert 0.5 < got.again <= 1
    await asyncio.sleep(got.again + 0.05)
    assert (await house.run(lambda db: tokens.take(db, 7))).many == 5


async def test_a_rate_under_one_a_second_is_kept_too(gate):
    house = await gate(0.5)
    assert (await house.run(lambda db: tokens.take(db, 1))).many == 1
    again = (await house.run(lambda db: tokens.take(db, 1))).again
    assert 1.5 < again <= 2


async def test_a_new_start_with_another_rate_forgets_nothing_that_was_given(gate):
    house = await gate(10)
    await house.run(lambda db: tokens.take(db, 10))
    await gate(6)
    assert (await house.run(lambda db: tokens.take(db, 6))).many == 0
    await gate(12)
    assert (await house.run(lambda db: tokens.take(db, 12))).many == 6  # only the new ones


async def test_what_was_given_in_a_turn_that_came_to_nothing_is_free_again(gate):
    house = await gate(3)

    def broken(db):
        tokens.take(db, 3)
        raise KeyError

    with pytest.raises(KeyError):
        await house.run(broken)
    assert (await house.run(lambda db: tokens.take(db, 3))).many == 3
