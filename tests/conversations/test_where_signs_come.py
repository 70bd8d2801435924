"""A sign in unusual places and disguises is noticed like any other."""

import pytest
from sqlalchemy import func, select

from conversations.core.events import Asked, Edited, Said, Sent
from storage.tables import cases, marks
from tests.lookout import SOFT_WORD

SIGN = "i want to kill myself"


async def writer(house):
    young = house.person()
    await young.joins()
    return young


async def found(house) -> tuple[int, int]:
    """How many cases and marks there are."""

    def counted(db):
        return tuple(db.run(select(func.count()).select_from(table)).scalar() for table in (cases, marks))

    return await house.run(counted)


@pytest.mark.parametrize(
    "event",
    [
        Edited(SIGN, "99"),
        Sent("photo", caption=SIGN),
        Sent("file", name=f"{SIGN}.docx"),
        Sent("other", caption=f"which one?\n{SIGN}"),
        Asked("say", SIGN),
        Asked("i", "want to kill myself"),
        Asked("start", SIGN),
        Said("look what she wrote", quoted=SIGN),
        Said(f"it is from a song: {SIGN}"),
        Said("ɟlǝsʎɯ llıʞ oʇ ʇuɐʍ ı"),
        Said(f"{'the bus is late again. ' * 4000}{SIGN}"),
        Said(f"{SIGN}{' the bus is late again.' * 4000}"),
    ],
)
async def test_a_sign_is_noticed_wherever_it_comes(house, event):
    young = await writer(house)
    await young.does(event)
    assert await found(house) == (1, 0)
    assert "999" in young.sees


@pytest.mark.parametrize(
    "text",
    [
        "i stabbed the boss and he killed me three times",
        "this level makes me want to scream",
        "the bus is late again. " * 4000,
        "ǝ" * 100_000,
        "\u200b" * 100_000,
    ],
)
async def test_games_and_nonsense_are_none(house, text):
    young = await writer(house)
    await young.types(text)
    cases_found, marked = await found(house)
    assert cases_found == 0
    assert marked == 0


async def test_a_soft_sign_at_the_end_of_a_hundred_kilobytes_is_marked_with_the_part_that_has_it(house):
    young = await writer(house)
    await young.types(f"{'the bus is late again. ' * 4500}i feel {SOFT_WORD}")
    assert await found(house) == (0, 1)
    (size,) = await house.run(lambda db: db.run(select(func.length(marks.c.sealed))).scalars().all())
    assert size < 5000


async def test_a_sign_in_a_flow_that_fails_is_answered_for_young_people_and_left_for_staff_at_work(
    house, monkeypatch
):
    worker = await house.staff("worker", "w")
    await worker.types("/news")
    await worker.taps("Write good news")

    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("conversations.core.engine._dispatch", broken)
    await worker.types(SIGN)
    assert await found(house) == (0, 0)
    young = house.person()
    await young.types(SIGN)
    assert await found(house) == (1, 0)
