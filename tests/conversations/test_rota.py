"""The rota: the lead keeps it at /cases; whoever is on is told of a case after 20 minutes, and may take it on then."""

from datetime import datetime, time

import pytest
from sqlalchemy import select

from conversations.core.channels import TELEGRAM
from conversations.safeguarding.effects import AddToRota
from conversations.safeguarding.shifts import Hours
from storage.core.dispatch import dispatch
from storage.people import people
from storage.registry import HANDLERS
from storage.tables import audit, cases, rota
from tests.conversations.test_cases import in_danger, rows
from tests.conversations.test_deputies import DEPUTY, LEAD_AT, OWNER, arrives
from tests.conversations.test_escalation import LEAD, NOBODY, TEAM, ends, later, put_right, told
from tests.house import LONDON, as_text

WORKER = "4"


@pytest.fixture
async def team(any_house):
    """An owner, a lead and a worker, on a Tuesday at 16:00."""
    for role, address in (("owner", OWNER), ("safeguarding", LEAD_AT), ("worker", WORKER)):
        await any_house.staff(role, address)
    return any_house


async def puts_on(house, address: str, hours: str, name: str = "Worker 1"):
    """The lead puts somebody on the rota."""
    lead = house.person(LEAD_AT)
    await lead.types("/cases")
    await lead.taps("Rota")
    await lead.taps("Add somebody")
    await lead.taps(name)
    await lead.types(hours)
    await lead.taps("Yes, add it")
    return lead


async def test_the_lead_adds_somebody_reads_what_was_understood_sees_the_week_and_takes_them_off(team):
    lead = team.person(LEAD_AT)
    await lead.types("/cases")
    await lead.taps("Rota")
    assert "· Tuesday 1 December: nobody" in lead.sees
    assert "Take somebody off" not in lead.sees
    await lead.taps("Add somebody")
    await lead.taps("Worker 1")
    assert "When is Worker 1 on?" in lead.sees
    await lead.types("whenever")
    assert "I can't read that." in as_text(lead.heard[-2])
    await lead.types("Tuesday to Thursday 18:00-08:00")
    assert "I understood this:" in lead.sees
    assert "Worker 1: Tuesday, Wednesday, and Thursday, 18:00 to 08:00 the next day" in lead.sees
    await lead.taps("Yes, add it")
    assert "· Tuesday 1 December: 18:00–08:00 Worker 1" in lead.sees
    assert "· Friday 4 December: nobody" in lead.sees
    await lead.taps("Take somebody off")
    await lead.taps("1")
    assert "· Tuesday 1 December: nobody" in lead.sees
    did = [row["did"] for row in await rows(team, audit)]
    assert did[-2:] == ["put on the rota", "taken off the rota"]


async def test_after_twenty_minutes_whoever_is_on_is_told_before_the_owner(team):
    await puts_on(team, WORKER, "Tuesday 16:00-08:00")
    await in_danger(team)
    await arrives(team)
    await later(team, minutes=19)
    assert await told(team) == [LEAD_AT]
    await later(team, minutes=1)
    assert await told(team) == [LEAD_AT, WORKER]
    await arrives(team)
    await later(team, minutes=10)
    assert await told(team) == [LEAD_AT, WORKER, OWNER]


async def test_outside_its_hours_the_step_is_skipped(team):
    await puts_on(team, WORKER, "Tuesday 18:00-08:00")
    await in_danger(team)
    await arrives(team)
    await later(team, minutes=20)
    assert await told(team) == [LEAD_AT]
    await later(team, minutes=10)
    assert await told(team) == [LEAD_AT, OWNER]


async def test_where_no_lead_is_reached_whoever_is_on_is_told_at_once_and_the_person_reads_it(team):
    await puts_on(team, WORKER, "Tuesday 16:00-08:00")
    await in_danger(team)
    await ends(team, "unreachable")
    assert await told(team) == [LEAD_AT, WORKER]
    assert [TEAM in words for words in await put_right(team)] == [True]


async def test_a_deputy_is_told_before_the_rota_and_the_rota_before_the_owner(team):
    await team.staff("deputy", DEPUTY)
    await puts_on(team, WORKER, "Tuesday 16:00-08:00")
    await in_danger(team)
    for knows in ([LEAD_AT], [LEAD_AT, DEPUTY], [LEAD_AT, DEPUTY, WORKER], [LEAD_AT, DEPUTY, WORKER, OWNER]):
        assert await told(team) == knows
        await arrives(team)
        await later(team, minutes=10)


async def test_a_case_that_reached_nobody_is_told_to_whoever_comes_on(any_house):
    worker = await any_house.staff("worker", WORKER)
    lead = await any_house.staff("safeguarding", LEAD_AT)
    await puts_on(any_house, WORKER, "Tuesday 18:00-08:00")
    await in_danger(any_house)
    await ends(any_house, "unreachable")
    assert NOBODY in (await put_right(any_house))[-1]
    await later(any_house, hours=1, minutes=59)
    assert await told(any_house) == [lead.address]
    await later(any_house, minutes=1)
    assert await told(any_house) == [lead.address, worker.address]
    assert TEAM in (await put_right(any_house))[-1]


async def test_being_on_gives_the_right_to_see_and_take_a_case_only_while_the_hours_last(team):
    worker = team.person(WORKER)
    await puts_on(team, WORKER, "Tuesday 17:00-18:00")
    await in_danger(team)
    await worker.types("/cases 1")
    assert "I don't know that one" in as_text(worker.heard[-2])
    await later(team, hours=1)
    await worker.types("/cases 1")
    await worker.taps("I'm on it")
    assert "You are on it, since" in worker.sees
    await worker.types("/cases")
    await worker.taps("Rota")
    assert "Add somebody" not in worker.sees, "only a lead or an owner keeps it"
    team.clock.on(hours=1)
    await worker.types("/cases 1")
    assert "I don't know that one" in as_text(worker.heard[-2])


async def test_a_case_goes_back_to_the_lead_when_the_hours_of_whoever_took_it_are_over(team):
    worker = team.person(WORKER)
    await puts_on(team, WORKER, "Tuesday 16:00-17:00")
    await in_danger(team)
    await arrives(team)
    await worker.types("/cases 1")
    await worker.taps("I'm on it")
    await later(team, minutes=59)
    assert await told(team) == [LEAD_AT]
    await later(team, minutes=1)
    assert await told(team) == [LEAD_AT, LEAD_AT]
    (case,) = await rows(team, cases)
    assert case["acknowledged_at"] is None
    await arrives(team)
    await later(team, minutes=29)
    assert await told(team) == [LEAD_AT, LEAD_AT]
    await later(team, minutes=1)
    assert await told(team) == [LEAD_AT, LEAD_AT, OWNER]


async def test_a_lead_removed_in_the_middle_of_a_case_leaves_it_to_the_next(team):
    other = await team.staff("safeguarding", "9")
    await in_danger(team)
    await arrives(team)
    await ends(team, "sent", which=0)
    await other.types("/cases 1")
    await other.taps("I'm on it")
    owner = team.person(OWNER)
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Safeguarding lead 2")
    await owner.taps("Yes, remove")
    await later(team, seconds=2)
    assert await told(team) == [LEAD_AT, "9", LEAD_AT]
    assert await put_right(team) == [], "the other lead was told"


async def test_whoever_leaves_the_team_is_off_the_rota(team):
    await puts_on(team, WORKER, "every day all day")
    owner = team.person(OWNER)
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Worker 1")
    await owner.taps("Yes, remove")
    assert await rows(team, rota) == []


async def test_a_young_reviewer_cannot_be_put_on(team):
    await team.staff("reviewer", "8")
    lead = team.person(LEAD_AT)
    await lead.types("/cases")
    await lead.taps("Rota")
    await lead.taps("Add somebody")
    assert "Young reviewer" not in lead.sees


@pytest.mark.parametrize(("month", "day", "year"), [(10, 25, 2026), (3, 28, 2027)])
async def test_on_the_nights_that_change_the_clock_the_next_is_told_without_a_hole(
    any_house, month, day, year
):
    """The worker's hours end, and the deputy's begin, at half past one: skipped in March, twice in October."""
    any_house.clock.now = datetime(year, month, day, 0, 30, tzinfo=LONDON)
    owner = await any_house.staff("owner", OWNER)
    ids = {}
    for role, address in (("worker", WORKER), ("decider", "5")):
        await any_house.staff(role, address)
        ids[address] = (
            await any_house.run(lambda db, at=address: people.door_at(db, TELEGRAM, at))
        ).person.id
    lines = {WORKER: Hours((5,), None, time(22), time(1, 30)), "5": Hours((6,), None, time(1, 30), time(8))}
    door = await any_house.run(lambda db: people.door_at(db, TELEGRAM, owner.address))
    for address, hours in lines.items():
        effect = AddToRota(ids[address], hours)
        await any_house.run(lambda db, effect=effect: dispatch(db, door, (effect,), HANDLERS))
    start, minute = any_house.clock.now, 0
    while minute < 240:
        any_house.clock.now = start
        any_house.clock.on(minutes=minute)
        found = await any_house.run(on_now)
        assert found, any_house.clock.now
        minute += 10


def on_now(db):
    from storage.safeguarding.rota import on_duty

    return on_duty(db)


async def test_in_a_hole_of_the_rota_the_step_is_skipped(team):
    await puts_on(team, WORKER, "Tuesday 12:00-16:10")
    await puts_on(team, WORKER, "Tuesday 17:00-24:00")
    await in_danger(team)
    await arrives(team)
    await later(team, minutes=20)
    assert await told(team) == [LEAD_AT]
    await later(team, minutes=10)
    assert await told(team) == [LEAD_AT, OWNER]
    await arrives(team)
    await later(team, minutes=30)
    assert await told(team) == [LEAD_AT, OWNER, WORKER], "they come on, and nobody has it yet"


async def test_a_line_for_a_day_long_past_is_deleted(team):
    await puts_on(team, WORKER, "tomorrow all day")
    team.clock.on(days=9)
    await puts_on(team, WORKER, "tomorrow all day")
    days = await team.run(lambda db: db.run(select(rota.c.day)).scalars().all())
    assert [str(day) for day in days] == ["2026-12-11"]


async def test_a_deputy_sees_the_week_and_does_not_change_it(team):
    deputy = await team.staff("deputy", DEPUTY)
    await puts_on(team, WORKER, "every day all day")
    await deputy.types("/cases")
    await deputy.taps("Rota")
    assert "00:00–00:00 Worker 1" in deputy.sees
    assert "Add somebody" not in deputy.sees
    assert LEAD not in deputy.sees
