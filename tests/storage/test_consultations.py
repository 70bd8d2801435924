"""Stored consultations: imported, opened and closed on schedule, counted and listed."""

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from conversations.consultations.sample import BUSES
from conversations.core.effects import Refused
from conversations.core.record import replace
from storage.consultations import consultations as stored
from storage.consultations import lifecycle, manage
from storage.tables import broadcasts, consultations


def form(code: str, **changes):
    return replace(BUSES, code=code, **changes)


async def put(house, code: str, **values) -> int:
    number = await house.run(lambda db: manage.import_form(db, form(code), None))
    if values:
        this = update(consultations).where(consultations.c.id == number)
        await house.run(lambda db: db.run(this.values(**values)))
    return number


async def state(house, number: int) -> str:
    return (await house.run(lambda db: stored.consultation(db, number))).state


async def test_a_form_survives_storage(any_house):
    whole = form("whole", audience=("13-15", "16-17"), reply_by=date(2026, 12, 20), closes=date(2026, 12, 11))
    await any_house.run(lambda db: manage.import_form(db, whole, None))
    about = await any_house.run(lambda db: stored.by_code(db, "whole"))
    assert about.form == whole
    assert about.bands == ("13-15", "16-17")
    assert about.reply_by == date(2026, 12, 20)


async def test_two_who_import_the_same_form_at_once_make_one_draft(any_house):
    both = [any_house.run(lambda db: manage.import_form(db, form("hub"), None)) for _ in range(2)]
    first, second = await asyncio.gather(*both)
    assert first == second


@pytest.mark.parametrize("now", ["scheduled", "open", "closed", "answered"])
async def test_only_a_draft_is_replaced(any_house, now):
    await put(any_house, "hub", state=now)
    with pytest.raises(Refused):
        await any_house.run(lambda db: manage.import_form(db, form("hub", questions=()), None))
    kept = await any_house.run(lambda db: stored.by_code(db, "hub"))
    assert kept.form == form("hub")


async def test_any_number_of_workers_may_tick_and_each_is_opened_once(any_house):
    at = any_house.clock.now
    for n in range(3):
        await put(any_house, f"due{n}", state="scheduled", opens_at=at)
    later = await put(any_house, "later", state="scheduled", opens_at=at + timedelta(seconds=1))
    opened = await asyncio.gather(*(any_house.run(lifecycle.open_due) for _ in range(5)))
    assert sum(opened) == 3
    assert await state(any_house, later) == "scheduled"
    told = await any_house.run(lambda db: db.run(select(broadcasts.c.about)).scalars().all())
    assert len(told) == 3


async def test_consultations_close_once_at_their_time_and_others_stay_open(any_house):
    at = any_house.clock.now
    over = await put(any_house, "over", state="open", closes_at=at)
    on = await put(any_house, "on", state="open", closes_at=at + timedelta(seconds=1))
    endless = await put(any_house, "endless", state="open", closes_at=None)
    assert sum(await asyncio.gather(*(any_house.run(lifecycle.close_due) for _ in range(3)))) == 1
    assert [await state(any_house, number) for number in (over, on, endless)] == ["closed", "open", "open"]


async def test_staff_see_first_what_they_work_on(any_house):
    for code, now in (("a", "closed"), ("b", "draft"), ("c", "open"), ("d", "scheduled"), ("e", "open")):
        await put(any_house, code, state=now)
    listed = (await any_house.run(lambda db: stored.all_consultations(db, None, None))).listed
    assert [one.about.form.code for one in listed] == ["e", "c", "d", "b", "a"]


async def test_a_day_ends_by_the_teams_clock_in_summer_and_winter(house):
    ends = [await house.run(lambda db, day=day: stored.end_of_day(day, db)) for day in _DAYS]
    assert ends == [
        datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC),
    ]


_DAYS = (date(2026, 7, 1), date(2026, 10, 25), date(2026, 12, 1))  # the second: the night the clocks go back


async def test_home_does_not_count_a_consultation_that_has_just_closed(any_house):
    young = any_house.person()
    await young.joins()
    await put(any_house, "hub", state="open", closes_at=any_house.clock.now + timedelta(minutes=1))
    await young.types("/home")
    assert "your say on 1 thing now" in young.sees
    any_house.clock.on(minutes=1)
    await young.types("/home")
    assert "Nothing is open for you" in young.sees


async def test_a_turn_sees_its_own_changes_to_a_consultation_unless_rolled_back(
    any_house,
):
    number = await put(any_house, "hub")

    def seen_in_one_turn(db):
        found = [stored.consultation(db, number).state]
        db.run(update(consultations).values(state="open"))
        found.append(stored.consultation(db, number).state)
        with suppress(Refused), db.savepoint():
            db.run(update(consultations).values(state="closed"))
            found.append(stored.consultation(db, number).state)
            raise Refused("undone")
        return [*found, stored.consultation(db, number).state]

    assert await any_house.run(seen_in_one_turn) == ["draft", "open", "closed", "open"]
