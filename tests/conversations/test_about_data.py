"""*About my data*: a complaint with its own number, which the team answers within the law's 30 days."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from conversations.core.messages import Session
from conversations.people.effects import StopUsing
from conversations.team.effects import SetTeamRule
from storage.issues import counts, deadlines, inbox
from storage.tables import issues, outbox, waves
from storage.team import team_rules
from tests.house import House, Someone
from tests.raised import member, raised, somebody, with_areas
from tests.storage.answering import does


async def complains(someone: Someone, words: str = "my age is wrong") -> None:
    await someone.types("/raise data")
    await someone.types(words)
    await someone.taps("Send it")


@pytest.fixture
async def sam(any_house: House) -> Someone:
    sam = any_house.person()
    await sam.joins()
    return sam


async def test_it_is_a_kind_of_raise_and_has_a_number(sam: Someone):
    await sam.types("/raise new")
    await sam.taps("About my data")
    assert "What is wrong with what I keep about you" in sam.sees
    await sam.types("my age is wrong")
    assert "About: About my data" in sam.sees
    await sam.taps("Send it")
    assert "Its number is 1. The law gives them 30 days to write back." in sam.sees


async def test_it_asks_for_no_area(sam: Someone):
    await sam.house.run(with_areas)
    await sam.types("/raise data")
    await sam.types("my age is wrong")
    assert "Shall I send this?" in sam.sees


async def test_it_is_due_within_the_law_s_days_however_long_the_team_takes_for_others(sam: Someone):
    house = sam.house

    def slow(db):
        team_rules.set_rule(db, member(db, "owner", "800009"), SetTeamRule("reply_days", 42))

    await house.run(slow)
    await complains(sam)
    by = await house.run(lambda db: db.run(select(issues.c.reply_by)).scalar())
    assert by == house.clock.now.date() + timedelta(days=30)


async def test_the_team_is_reminded_and_reads_what_the_law_asks(sam: Someone):
    house = sam.house
    worker = await house.staff("worker")
    await complains(sam)
    house.clock.on(days=26)
    await house.run(deadlines.run_due)
    assert await house.run(lambda db: db.run(select(outbox.c.id).where(outbox.c.kind == "due")).all())
    due = await house.run(lambda db: deadlines.inbox_due(db, None, Session("")))
    assert (due.soon, due.data) == (1, 1)
    await worker.types("/inbox 1")
    assert "number 1. The law gives 30 days to write back." in worker.sees
    assert "Part of a consultation" not in worker.sees


async def test_it_has_room_when_nothing_else_has(sam: Someone):
    house = sam.house
    for n in range(5):
        await sam.types("/raise new")
        await sam.taps("Something else")
        await sam.types(f"one more bench {n}")
        await sam.taps("Send it")
    await complains(sam)
    assert "Its number is 6" in sam.sees
    assert len((await house.run(lambda db: inbox.inbox(db, None, Session("")))).ids) == 6


async def test_it_reaches_the_team_of_somebody_whose_words_are_not_used(sam: Someone):
    house = sam.house
    await does(house, StopUsing(), address=sam.address)
    await complains(sam)
    assert "The team has it." in sam.sees
    assert len((await house.run(lambda db: inbox.inbox(db, None, Session("")))).ids) == 1
    await sam.types("/raise 1")
    await sam.taps("Add something")
    await sam.types("and my language too")
    assert "It has gone to the team." in "\n".join(say.text for say in sam.heard[-2:])


async def test_it_is_in_no_count_that_others_see_and_makes_no_surge(any_house: House):
    def many(db):
        for n in range(12):
            raised(db, somebody(db, f"71{n:04}"), theme="data", area="")

    await any_house.run(many)
    assert await any_house.run(lambda db: db.run(select(waves)).all()) == []
    any_house.clock.on(days=60)
    found = await any_house.run(lambda db: counts.quarter(db, None, Session("")))
    assert found.people == 0
    assert "data" not in found.themes


async def test_rights_name_it_and_the_ico(sam: Someone):
    said = await sam.types("/rights")
    text = "\n".join(say.text for say in said)
    assert "*About my data* at /raise" in text
    assert "0303 123 1113" in text
