"""People and doors in the database: ids are never reused."""

import asyncio

import pytest
from sqlalchemy import func, select

from conversations.changes.messages import OUTCOME
from conversations.core.channels import TELEGRAM, WEB
from storage.outbox import outbox, threads
from storage.people import people, strangers
from storage.tables import doors
from storage.tables import people as table

pytestmark = pytest.mark.also_on_postgres


async def test_a_new_person_is_never_taken_for_one_who_was_erased(any_house):
    erased = await any_house.run(lambda db: people.find_or_create_door(db, WEB, "first"))
    await any_house.run(lambda db: people.forget(db, erased.person.id))
    new = await any_house.run(lambda db: people.find_or_create_door(db, WEB, "second"))
    assert new.person.id > erased.person.id
    assert new.id > erased.id


async def test_a_page_that_was_closed_is_not_the_way_to_somebody_else(any_house):
    closed = await any_house.run(lambda db: people.find_or_create_door(db, WEB, "library"))
    await any_house.run(lambda db: threads.close(db, closed))
    new = await any_house.run(lambda db: people.find_or_create_door(db, WEB, "somebody else's phone"))
    reached = await any_house.run(lambda db: people.last_door_of(db, closed.person.id))
    assert reached is None
    assert new.id != closed.id


async def test_somebody_who_closes_one_page_is_reached_at_another(any_house):
    phone = await any_house.run(lambda db: people.find_or_create_door(db, WEB, "phone"))
    library = await any_house.run(
        lambda db: people.add_door(db, phone.person.id, WEB, "library", shared=True)
    )
    await any_house.run(lambda db: threads.close(db, library))
    reached = await any_house.run(lambda db: outbox.announce(db, phone.person.id, "once", OUTCOME, 1))
    assert reached
    assert await any_house.run(lambda db: threads.doors_with_news(db, (phone.id, library.id))) == {phone.id}


async def test_a_door_with_a_new_address_is_not_found_at_the_old_one(any_house):
    door = await any_house.run(lambda db: people.find_or_create_door(db, WEB, "old"))
    await any_house.run(lambda db: people.readdress(db, door, "new"))
    assert await any_house.run(lambda db: people.door_at(db, WEB, "old")) is None
    found = await any_house.run(lambda db: people.door_at(db, WEB, "new"))
    assert found is not None
    assert found.id == door.id
    assert await any_house.run(lambda db: people.address_of(db, door.id)) == "new"


# --- turns at the same time -----------------------------------------------------------------------


async def count(house, table):
    return await house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar())


def sorry(someone):
    return [say.text for say in someone.heard if "Something went wrong" in say.text]


async def test_somebodys_first_two_messages_at_once_make_one_person(any_house):
    for n in range(5):
        someone = any_house.person(str(700 + n))
        await asyncio.gather(*(someone.types("/start") for _ in range(4)))
        assert sorry(someone) == []
    assert await count(any_house, table) == 5
    assert await count(any_house, doors) == 5


async def test_a_turn_sees_the_previous_one_however_close_they_are(any_house):
    someone = any_house.person()
    await someone.types("/start")
    await asyncio.gather(someone.taps("Polski"), someone.types("/help"))
    assert sorry(someone) == []
    door = await any_house.run(lambda db: people.door_at(db, TELEGRAM, someone.address))
    assert door.person.language == "pl"


async def test_words_that_come_while_somebody_is_being_forgotten_are_a_strangers(any_house):
    someone = any_house.person()
    await someone.joins()
    await someone.types("/delete")
    await asyncio.gather(*(someone.types("hello?"), someone.taps("Yes, delete it"), someone.types("hello?")))
    assert sorry(someone) == []
    assert await count(any_house, table) == 1


# --- strangers ------------------------------------------------------------------------------------


async def test_people_who_did_not_agree_are_deleted_after_a_day(any_house):
    stranger, friend, late = (any_house.person(str(n)) for n in (1, 2, 3))
    await stranger.types("/start")
    await friend.joins()
    any_house.clock.on(hours=23)
    await late.types("/start")
    any_house.clock.on(hours=2)
    assert await any_house.run(strangers.forget_strangers) == 1
    left = [await any_house.run(lambda db, n=n: people.door_at(db, TELEGRAM, n)) for n in "123"]
    assert [door is not None for door in left] == [False, True, True]


async def test_a_stranger_seen_at_one_of_two_doors_is_not_deleted(any_house):
    old = await any_house.run(lambda db: people.find_or_create_door(db, WEB, "old"))
    any_house.clock.on(hours=25)
    await any_house.run(lambda db: people.add_door(db, old.person.id, WEB, "new"))
    assert await any_house.run(strangers.forget_strangers) == 0


async def test_staff_are_no_strangers(any_house):
    await any_house.staff("worker")
    any_house.clock.on(days=30)
    assert await any_house.run(strangers.forget_strangers) == 0
