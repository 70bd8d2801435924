"""Surges: the team is told once of each."""

import asyncio

import pytest

from tests.raised import member, messages, raised, somebody


async def told(house):
    return [(address, say.text) for address, kind, say in await messages(house) if kind == "wave"]


@pytest.fixture
async def team(any_house):
    roles = (("worker", "w"), ("worker", "v"), ("owner", "o"), ("decider", "d"))
    await any_house.run(lambda db: [member(db, role, at) for role, at in roles])
    return any_house


async def test_at_five_different_people_every_worker_gets_one_message_and_no_more(team):
    await team.run(lambda db: [raised(db, somebody(db, f"y{n}")) for n in range(4)])
    assert await told(team) == []
    await team.run(lambda db: raised(db, somebody(db, "y4")))
    text = "5 people raised this within a month: Safe and secure, North End"
    assert await told(team) == [("o", text), ("v", text), ("w", text)]
    await team.run(lambda db: [raised(db, somebody(db, f"y{n}")) for n in range(5, 12)])
    assert await told(team) == []


async def test_a_new_surge_is_reported_a_month_later(team):
    await team.run(lambda db: [raised(db, somebody(db, f"y{n}")) for n in range(5)])
    assert len(await told(team)) == 3
    team.clock.on(days=31)
    await team.run(lambda db: raised(db, somebody(db, "late")))
    assert await told(team) == []
    await team.run(lambda db: [raised(db, somebody(db, f"z{n}")) for n in range(4)])
    assert len(await told(team)) == 3


async def test_one_person_is_one_however_much_they_raise(team):
    await team.run(lambda db: [raised(db, somebody(db, "y")) for _ in range(5)])
    assert await told(team) == []


async def test_another_theme_or_area_and_something_else_are_not_the_same(team):
    def mixed(db):
        for n, (theme, area) in enumerate(
            [("safe", "Riverside"), ("learning", "North End"), ("safe", "")] * 2
        ):
            raised(db, somebody(db, f"y{n}"), theme=theme, area=area)
        for n in range(6):
            raised(db, somebody(db, f"e{n}"), theme="else")

    await team.run(mixed)
    assert await told(team) == []


async def test_two_who_raise_the_last_ones_at_once_make_one_surge(team):
    await team.run(lambda db: [raised(db, somebody(db, f"y{n}")) for n in range(3)])
    doors = [await team.run(lambda db, n=n: somebody(db, f"z{n}")) for n in range(6)]
    await asyncio.gather(*(team.run(lambda db, door=door: raised(db, door)) for door in doors))
    assert len(await told(team)) == 3


async def test_the_message_leads_to_those_and_no_others(team):
    await team.run(lambda db: raised(db, somebody(db, "other"), "something to read", theme="learning"))
    await team.run(lambda db: [raised(db, somebody(db, f"y{n}"), f"stop {n}") for n in range(5)])
    worker = team.person("w")
    worker.heard += [say for address, _, say in await messages(team) if address == "w"]
    await worker.taps("See what they say")
    assert "Only these: Safe and secure, North End" in worker.sees
    assert "stop 4" in worker.sees
    assert "something to read" not in worker.sees
    await worker.taps("1")
    await worker.taps("Back to the inbox")
    assert "Only these: Safe and secure, North End" in worker.sees
    await worker.taps("All that wait")
    assert "something to read" in worker.sees


async def test_the_size_of_a_surge_is_a_team_rule(team):
    from storage.tables import team_rules

    await team.run(lambda db: db.run(team_rules.insert().values(name="alert_at", value=3)))
    await team.run(lambda db: [raised(db, somebody(db, f"y{n}")) for n in range(3)])
    assert len(await told(team)) == 3


async def test_it_waits_for_the_morning(team):
    team.clock.on(hours=6)
    await team.run(lambda db: [raised(db, somebody(db, f"y{n}")) for n in range(5)])
    assert await told(team) == []
    team.clock.on(hours=11)
    assert len(await told(team)) == 3
