"""The gate: never more than so many in any second, answers before broadcasts."""

import asyncio
from itertools import pairwise

import pytest

from bot.gate import Closed, Gate


async def times(gate, *lanes):
    """When each of these asked-for tokens was given, in the order of giving."""
    given, clock = [], asyncio.get_running_loop().time

    async def one(lane):
        await gate.token(lane)
        given.append((clock(), lane))

    await asyncio.gather(*(one(lane) for lane in lanes))
    return given


async def test_there_are_never_more_than_the_rate_in_any_second():
    given = [at for at, _lane in await times(Gate(100), *["conversation"] * 130, *["broadcast"] * 90)]
    assert len(given) == 220
    most = max(sum(start <= at < start + 0.999 for at in given) for start in given)
    assert most <= 100


async def test_a_rate_under_one_a_second_is_kept_too():
    given = [at for at, _lane in await times(Gate(0.9), "conversation", "broadcast")]
    assert given[1] - given[0] >= 1.1


async def test_broadcasts_leave_evenly_so_that_a_place_is_soon_free():
    given = [at for at, _lane in await times(Gate(50), *["broadcast"] * 10)]
    assert all(later - at >= 0.019 for at, later in pairwise(given))


async def test_an_answer_goes_before_every_broadcast_that_waits():
    gate = Gate(50)
    broadcasts = asyncio.create_task(times(gate, *["broadcast"] * 30))
    await asyncio.sleep(0.1)
    asked = asyncio.get_running_loop().time()
    ((answered, _lane),) = await times(gate, "conversation")
    assert answered - asked < 0.2
    assert not broadcasts.done()
    await broadcasts


async def test_an_answer_waits_one_place_and_not_a_second_while_a_broadcast_fills_the_rate():
    gate = Gate(40)
    broadcasts = asyncio.create_task(times(gate, *["broadcast"] * 60))
    await asyncio.sleep(1.1)
    for _ in range(5):
        asked = asyncio.get_running_loop().time()
        ((answered, _lane),) = await times(gate, "alert")
        assert answered - asked < 0.4
    broadcasts.cancel()


async def test_what_holds_broadcasts_lets_answers_through():
    gate = Gate(1000)
    gate.hold_broadcasts(0.15)
    given = await times(gate, "broadcast", "conversation")
    assert [lane for _at, lane in given] == ["conversation", "broadcast"]
    assert given[1][0] - given[0][0] >= 0.14


async def test_what_holds_everything_holds_answers_too():
    gate, clock = Gate(1000), asyncio.get_running_loop().time
    began = clock()
    gate.hold(0.1)
    ((answered, _lane),) = await times(gate, "conversation")
    assert answered - began >= 0.09


async def test_somebody_who_went_away_takes_no_token():
    gate = Gate(20)
    gate.hold(0.1)
    gone = asyncio.create_task(gate.token("conversation"))
    await asyncio.sleep(0)
    gone.cancel()
    given = await times(gate, *["conversation"] * 20)
    assert given[-1][0] - given[0][0] < 0.5


async def test_a_closed_gate_sends_all_away():
    gate = Gate(1)
    await gate.token("conversation")
    waiting = [asyncio.create_task(gate.token(lane)) for lane in ("broadcast", "conversation")]
    await asyncio.sleep(0)
    gate.close(broadcasts_only=True)
    await asyncio.sleep(0)
    assert isinstance(waiting[0].exception(), Closed)
    assert not waiting[1].done()
    gate.close()
    with pytest.raises(Closed):
        await waiting[1]
    with pytest.raises(Closed):
        await gate.token("alert")
