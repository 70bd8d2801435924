"""A person who sends a thousand messages a minute: one kind word, signs of danger still seen, nobody else slowed down."""

import pytest
from sqlalchemy import func, select

from conversations.core.channels import WEB
from conversations.core.events import Chose, Said
from conversations.core.throttle import MOST
from handlers.incoming import Incoming
from storage.tables import cases, outbox, sessions, updates
from tests.house import as_text
from tests.raised import raised, somebody

SLOWER = "That was a lot at once"


async def many(person, times, text="hello"):
    """Types something this often within one minute; returns the replies to each."""
    return [await person.does(Said(text)) for _ in range(times)]


async def count(house, what):
    return await house.run(lambda db: db.run(select(func.count()).select_from(what)).scalar())


async def hammering(house, address="5550001", door="telegram"):
    """A person who has used up this minute."""
    person = house.person(address, door)
    await person.joins()
    house.clock.on(minutes=1)
    await many(person, MOST)
    return person


@pytest.mark.also_on_postgres
async def test_one_kind_word_and_then_silence_until_the_minute_is_over(any_house):
    person = await hammering(any_house)
    assert SLOWER not in person.sees
    said = await many(person, 40)
    assert SLOWER in as_text(said[0][0])
    assert "Childline" in as_text(said[0][0])
    assert said[1:] == [[]] * 39
    any_house.clock.on(seconds=59)
    assert await many(person, 1) == [[]]
    any_house.clock.on(seconds=1)
    assert (await many(person, 1))[0]


async def test_a_thousand_in_a_minute_are_taken_in_once_each_and_keep_nothing(house):
    young = await hammering(house)
    house.clock.on(minutes=1)
    await young.types("/raise")
    await young.taps("2")
    before, messages = await count(house, updates), await count(house, outbox)
    answered = [said for said in await many(young, 1000, "buses") if said]
    assert len(answered) == MOST - 1  # what was left of the minute, and the kind word
    assert await count(house, updates) == before + 1000
    assert await count(house, outbox) <= messages + 2 * MOST
    house.clock.on(minutes=1)
    await young.types("/raise")
    assert "You wrote: buses" in young.sees


async def test_a_sign_of_danger_is_answered_once_and_every_one_is_counted(any_house):
    lead = await any_house.staff("safeguarding")
    person = await hammering(any_house)
    await many(person, 5)
    said = await many(person, 20, "i want to kill myself")
    assert "Childline" in as_text(said[0][0])
    assert "I've told the person in our team" in as_text(said[0][0])
    assert said[1:] == [[]] * 19
    (case,) = await any_house.run(lambda db: db.run(select(cases)).all())
    assert case.signs == 20
    await lead.types("/cases")
    assert "Case 1" in lead.sees
    any_house.clock.on(minutes=1)
    await person.taps("I'm OK, go on")
    assert "Have your say" in person.sees


async def test_a_sign_of_danger_that_was_one_too_many_is_answered_too(any_house):
    person = await hammering(any_house)
    said = await many(person, 2, "i want to kill myself")
    assert "You deserve a real person" in as_text(said[0][0])
    assert said[1] == []


async def test_nobody_else_notices(any_house):
    person = await hammering(any_house)
    await many(person, 50)
    other = any_house.person("5550002")
    await other.joins()
    assert "Have your say" in other.sees
    await other.types("/raise")
    assert "What is it about?" in other.sees


async def test_nothing_that_was_passed_over_has_an_effect(any_house):
    person = await hammering(any_house)
    number = await any_house.run(lambda db: raised(db, somebody(db, person.address)))
    await many(person, 1)
    for command in ("/delete", f"/raise more {number}", "/stop", "/nonsense"):
        assert await person.types(command) == []
    assert await person.does(Chose(person.heard[-1].visit, "yes")) == []
    assert await person.sends("voice") == []
    any_house.clock.on(minutes=1)
    await person.types("/raise 1")
    assert "the bus never comes" in person.sees


@pytest.mark.also_on_postgres
async def test_the_same_update_again_counts_once(any_house):
    person = any_house.person()
    await person.joins()
    any_house.clock.on(minutes=1)
    for _ in range(MOST + 20):
        await person.does(Said("hello"), update="the same")
    turns = await any_house.run(lambda db: db.run(select(sessions.c.turns)).scalar())
    assert turns == 1


async def test_a_clock_that_is_set_back_silences_nobody(any_house):
    person = await hammering(any_house)
    any_house.clock.on(hours=-2)
    assert (await many(person, 1))[0]


async def test_on_a_page_the_words_come_back_into_the_field_and_the_question_stays(house):
    person = await hammering(house, "a-cookie", "web")
    taken = [
        await house.runtime.take_turn(Incoming(WEB, person.address, house.update()), Said(f"words {n}"))
        for n in range(3)
    ]
    assert [one.status for one in taken] == ["passed over"] * 3
    assert [len(one.messages) > 0 for one in taken] == [True, False, False]
