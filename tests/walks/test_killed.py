"""The same walk while the process is killed at every step, and while its requests are cut off: nothing lost,
nothing asked twice, nothing sent twice but what the rules of delivery allow.
"""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from tests.botapi import How, Phone
from tests.walks.account import Account, account_of, differences, told
from tests.walks.killing import END, Deadly, Moment, Shaken, named
from tests.walks.running import Heard
from tests.walks.steps import ANSWERING, JOINING, OWNING, SAM, THE_LOOP, Step, Walk

# A step's requests: its reply, the tap, the next poll, a broadcast message, its progress.
MOMENTS = [Moment(when, nth) for nth in range(5) for when in ("before", "after")]
MOMENTS += [Moment("into", milliseconds) for milliseconds in (2, 5, 10, 20, 40)]
CUTS = (How.cut_before(), How.cut_after(), How.truncated(), How.answer(502, "Bad gateway", accepted=False))
pytestmark = pytest.mark.left_to_all("kill runs")

WEBHOOK = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-this-test"}

# HEARD_LONG_WALKS=1 make all goes the walk once for each of these moments, and cuts it off in ten ways; else each step
# has one of them, by chance.
LONG = bool(os.environ.get("HEARD_LONG_WALKS"))

Trouble = Callable[[Shaken, Step], Awaitable[None]]


async def walked(folder: Path, steps: Sequence[Step], trouble: Trouble, **settings: str) -> Account:
    """The result of a walk under such faults."""
    folder.mkdir(exist_ok=True)
    async with Deadly() as double, Heard(folder, double, **settings) as heard:
        shaken = Shaken(Walk(heard, double), double)
        for step in steps:
            await trouble(shaken, step)
        await shaken.quiet()
        assert await heard.stop() == 0
        assert "[error" not in heard.output, heard.output
        assert "Traceback" not in heard.output, heard.output
        return account_of(heard, double)


async def none_at_all(shaken: Shaken, step: Step) -> None:
    await shaken.walk.take(step)


def killed(seed: int, moment: Moment | None = None) -> Trouble:
    """Killed at every step, at this moment of it or at any. The owner's link is another at each start, so it is
    killed there only when it was used.
    """
    chance = random.Random(seed)

    async def trouble(shaken: Shaken, step: Step) -> None:
        when = moment or chance.choice(MOMENTS)
        when = END if step is OWNING[0] else when
        with named(step, when):
            await shaken.killed(step, when)

    return trouble


def cut_off(seed: int) -> Trouble:
    """One request of every step is cut off, before it has its effect or after."""
    chance = random.Random(seed)

    async def trouble(shaken: Shaken, step: Step) -> None:
        how, nth = chance.choice(CUTS), chance.randrange(3)
        with named(step, how.kind, nth):
            await shaken.cut(step, how, nth)

    return trouble


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def calm(tmp_path_factory: pytest.TempPathFactory) -> Account:
    """The result of the whole loop without faults."""
    return await walked(tmp_path_factory.mktemp("calm"), THE_LOOP, none_at_all)


@pytest.mark.parametrize("moment", MOMENTS if LONG else [None], ids=str)
async def test_killed_at_every_step_it_ends_as_if_it_never_was(
    calm: Account, tmp_path: Path, moment: Moment | None
):
    shaken = await walked(tmp_path, THE_LOOP, killed(1, moment))
    assert list(differences(calm, shaken)) == []


@pytest.mark.parametrize("seed", range(10 if LONG else 1))
async def test_cut_off_at_every_step_it_ends_as_if_it_never_was(calm: Account, tmp_path: Path, seed: int):
    shaken = await walked(tmp_path, THE_LOOP, cut_off(seed))
    assert list(differences(calm, shaken)) == []


@pytest.mark.parametrize("seed", range(5 if LONG else 1))
async def test_by_webhook_too_an_update_is_taken_in_once(tmp_path: Path, seed: int):
    steps = (*JOINING, *ANSWERING)
    calm = await walked(tmp_path / "calm", steps, none_at_all, **WEBHOOK)
    shaken = await walked(tmp_path / "shaken", steps, killed(seed), **WEBHOOK)
    assert list(differences(calm, shaken)) == []


@pytest.mark.parametrize("seed", range(20 if LONG else 1))
async def test_twenty_who_join_at_once_all_get_in_though_it_is_killed_each_time(tmp_path: Path, seed: int):
    """Every update is in a different state when the process dies: not taken, half-way, stored, answered."""
    chance = random.Random(seed)
    async with Deadly() as double, Heard(tmp_path, double, SENDS_PER_SECOND="300") as heard:
        shaken = Shaken(Walk(heard, double), double)
        phones = [Phone(double, 7_301_950_000 + n) for n in range(20)]
        people = [Walk(heard, double, phones={SAM: phone}) for phone in phones]
        for step in JOINING:

            async def all_at_once(step: Step = step) -> None:
                await asyncio.gather(*(person.take(step) for person in people))

            await shaken.killed_during(all_at_once, Moment("into", chance.randint(5, 60)))
        assert heard.count("select count(*) from people where agreed_at is not null and band = '16-17'") == 20
        assert heard.count("select count(*) from updates") == 20 * len(JOINING)
        assert heard.count("select count(*) from doors") == 20
        first, *others = told(double).values()
        assert len(others) == 19
        assert all(set(words) == set(first) for words in others)


async def test_messages_typed_in_one_go_are_all_taken_in_order(tmp_path: Path):
    """While the first is handled, the others have been fetched already: none may be confirmed too early."""
    async with Deadly() as double, Heard(tmp_path, double) as heard:
        shaken = Shaken(Walk(heard, double), double)
        sam = shaken.walk.phones[SAM]

        async def typed() -> None:
            for command in ("/changed", "/ways", "/settings"):
                await sam.types(command)
            await sam.hears("Settings")

        await shaken.walk.take(*JOINING)
        await shaken.quiet()
        rounds = []
        for moment in (END, *MOMENTS):
            before = len(told(double)[sam.id])
            await shaken.killed_during(typed, moment)
            rounds.append(list(dict.fromkeys(told(double)[sam.id][before:])))
        assert len(rounds[0]) == 3
        assert all(words == rounds[0] for words in rounds)
        assert heard.count("select count(*) from updates") == len(JOINING) + 3 * len(rounds)


@pytest.mark.parametrize("seed", range(30 if LONG else 3))
async def test_a_killed_first_start_is_completed_by_the_next(tmp_path: Path, seed: int):
    chance = random.Random(seed)
    heard = Heard(tmp_path)
    for _ in range(3):
        heard.begin()
        await asyncio.sleep(chance.uniform(0, 0.4))
        heard.kill()
    await heard.start()
    assert heard.count("select count(*) from consultations where sample") == 1
    assert await heard.stop() == 0
