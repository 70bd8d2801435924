"""Young people who have not been here for two years are told, and forgotten a month later."""

import pytest
from sqlalchemy import func, select

from bot.scheduler.scheduler import forget
from storage.people import people
from storage.tables import cases, doors, outbox
from storage.tables import people as table

pytestmark = pytest.mark.also_on_postgres

TWO_YEARS = 731


async def is_known(person):
    there = select(func.count()).select_from(doors).where(doors.c.kind == person.door)
    return bool(await person.house.run(lambda db: db.run(there).scalar()))


async def told(house):
    waiting = select(outbox.c.due).where(outbox.c.kind == "dormant")
    return await house.run(lambda db: db.run(waiting).scalars().all())


async def days_go_by(house, days):
    house.clock.on(days=days)
    await forget(house.runtime)


async def test_somebody_who_was_away_for_two_years_is_told_and_forgotten_a_month_later(any_house):
    person = any_house.person()
    await person.joins()
    await days_go_by(any_house, TWO_YEARS - 5)
    assert not await told(any_house)
    await days_go_by(any_house, 5)
    assert len(await told(any_house)) == 1
    await any_house.run(_deliver)
    await days_go_by(any_house, 29)
    assert await is_known(person)
    await days_go_by(any_house, 2)
    assert not await is_known(person)
    assert not await any_house.run(lambda db: db.run(select(table)).all())


async def test_who_comes_back_within_the_month_stays_for_two_more_years(any_house):
    person = any_house.person()
    await person.joins()
    await days_go_by(any_house, TWO_YEARS)
    await any_house.run(_deliver)
    await person.types("/start")
    await days_go_by(any_house, 40)
    assert await is_known(person)
    await days_go_by(any_house, TWO_YEARS)
    assert len(await told(any_house)) == 2  # they are told again


async def test_nobody_is_forgotten_before_the_message_went_out(any_house):
    person = any_house.person()
    await person.joins()
    await days_go_by(any_house, TWO_YEARS)
    await days_go_by(any_house, 400)
    assert await is_known(person)


async def test_who_stopped_messages_is_forgotten_without_one(any_house):
    person = any_house.person()
    await person.joins()
    await person.types("/stop")
    await days_go_by(any_house, TWO_YEARS)
    assert not await told(any_house)
    await days_go_by(any_house, 31)
    assert not await is_known(person)


async def test_somebody_with_an_open_case_is_not_forgotten(any_house):
    person = any_house.person()
    await person.joins()
    await person.types("i want to die")
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(cases)).scalar())
    await days_go_by(any_house, TWO_YEARS)
    await days_go_by(any_house, 31)
    assert await is_known(person)


async def test_the_team_is_not_forgotten(any_house):
    owner = await any_house.staff()
    await days_go_by(any_house, TWO_YEARS)
    await days_go_by(any_house, 31)
    assert await is_known(owner)


async def test_the_two_years_count_from_a_shared_device_that_was_closed_since(any_house):
    person = any_house.person()
    await person.joins()
    any_house.clock.on(days=700)
    there = await any_house.run(lambda db: people.door_at(db, person.channel, person.address))
    await any_house.run(lambda db: db.run(doors.delete().where(doors.c.id == there.id)))
    await any_house.run(people.find_other_doors)
    await days_go_by(any_house, 100)
    await days_go_by(any_house, 31)
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar())


def _deliver(db):
    db.run(outbox.update().where(outbox.c.kind == "dormant").values(state="sent"))
