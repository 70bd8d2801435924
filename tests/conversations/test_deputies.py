"""Deputies: told next when no lead has a case, and at once where no lead can be reached; owners come last."""

import pytest

from storage.safeguarding.escalation import run_due
from tests.conversations.test_cases import TOLD, alerts, block, in_danger
from tests.conversations.test_escalation import LEAD, TEAM, ends, later, put_right, told
from tests.house import as_text, make_house

OWNER, LEAD_AT, DEPUTY = "1", "2", "3"


@pytest.fixture
async def team(any_house):
    """A team of an owner, a lead and a deputy, all on Telegram."""
    for role, address in (("owner", OWNER), ("safeguarding", LEAD_AT), ("deputy", DEPUTY)):
        await any_house.staff(role, address)
    return any_house


async def arrives(house):
    """The newest alert arrives, and the clock ticks."""
    await ends(house, "sent")


async def test_a_deputy_is_alerted_after_ten_minutes_and_the_owner_after_thirty(team):
    await in_danger(team)
    await arrives(team)
    await later(team, minutes=9, seconds=59)
    assert await told(team) == [LEAD_AT]
    await later(team, seconds=1)
    assert await told(team) == [LEAD_AT, DEPUTY]
    await arrives(team)
    await later(team, minutes=19)
    assert await told(team) == [LEAD_AT, DEPUTY]
    await later(team, minutes=1)
    assert await told(team) == [LEAD_AT, DEPUTY, OWNER]
    assert await put_right(team) == [], "the lead was told, as they read"


async def test_where_no_lead_is_reached_the_deputy_is_alerted_at_once_and_not_the_owner(team):
    await block(team, LEAD_AT)
    young = await in_danger(team)
    assert await told(team) == [DEPUTY]
    assert "I've told somebody in our team that someone may need help." in young.sees
    assert TOLD not in young.sees


async def test_an_alert_that_bounces_goes_on_in_order_to_the_first_who_can_be_reached(team):
    await in_danger(team)
    await ends(team, "unreachable")
    assert await told(team) == [LEAD_AT, DEPUTY]
    await ends(team, "unreachable")
    assert await told(team) == [LEAD_AT, DEPUTY, OWNER]
    assert [TEAM in words for words in await put_right(team)] == [True]


async def test_a_deputys_alert_that_bounces_goes_on_to_the_owner_though_the_lead_has_one(team):
    await in_danger(team)
    await arrives(team)
    await later(team, minutes=10)
    await ends(team, "unreachable")
    assert await told(team) == [LEAD_AT, DEPUTY, OWNER]
    assert await put_right(team) == []


async def test_a_deputy_who_is_known_to_be_out_of_reach_is_passed_over_when_their_time_comes(team):
    await block(team, DEPUTY)
    await in_danger(team)
    await arrives(team)
    await later(team, minutes=10)
    assert await told(team) == [LEAD_AT, OWNER]


async def test_a_deputys_alert_that_waits_for_more_than_a_minute_goes_on(any_house):
    await any_house.staff("owner", "a cookie", "web")
    await any_house.staff("safeguarding", LEAD_AT)
    await any_house.staff("deputy", DEPUTY)
    await in_danger(any_house)
    await arrives(any_house)
    await later(any_house, minutes=10)
    await any_house.person("a cookie", "web").types("/home")
    await later(any_house, seconds=61)
    assert await told(any_house) == [LEAD_AT, DEPUTY, "a cookie"]


async def test_without_a_lead_the_owner_comes_first_and_the_deputy_next(any_house):
    await any_house.staff("owner", OWNER)
    await any_house.staff("deputy", DEPUTY)
    await in_danger(any_house)
    assert await told(any_house) == [OWNER]
    await arrives(any_house)
    await later(any_house, minutes=10)
    assert await told(any_house) == [OWNER, DEPUTY]


async def test_without_a_lead_an_owners_alert_that_bounces_goes_on_to_the_deputy(any_house):
    await any_house.staff("owner", OWNER)
    await any_house.staff("deputy", DEPUTY)
    await in_danger(any_house)
    await ends(any_house, "unreachable")
    assert await told(any_house) == [OWNER, DEPUTY]


async def test_a_case_that_reached_nobody_is_told_to_a_deputy_as_soon_as_there_is_one(any_house):
    await in_danger(any_house)
    await later(any_house, minutes=3)
    assert await alerts(any_house) == []
    await any_house.staff("deputy", DEPUTY)
    await later(any_house, seconds=10)
    assert await told(any_house) == [DEPUTY]
    assert [TEAM in words for words in await put_right(any_house)] == [True]


async def test_a_lead_who_comes_back_is_told_though_a_deputy_was(team):
    await block(team, LEAD_AT)
    await in_danger(team)
    await arrives(team)
    await team.person(LEAD_AT).types("/home")
    await later(team, minutes=1)
    assert await told(team) == [DEPUTY, LEAD_AT]
    await arrives(team)
    await later(team, minutes=1)
    assert [LEAD in words for words in await put_right(team)] == [True]


async def test_each_morning_all_are_alerted_once(team):
    await in_danger(team)
    for _ in range(3):
        await arrives(team)
        await later(team, minutes=10)
    await arrives(team)
    team.clock.on(hours=15, minutes=29)
    await later(team, seconds=0)
    assert len(await told(team)) == 3
    for _ in range(5):
        await later(team, minutes=1)
        await arrives(team)
    assert sorted(await told(team)) == sorted([OWNER, LEAD_AT, DEPUTY] * 2)


async def test_a_deputy_works_on_a_case_and_signs_as_the_team(team):
    deputy = team.person(DEPUTY)
    await in_danger(team)
    await deputy.types("/cases 1")
    await deputy.taps("I'm on it")
    assert "You are on it, since" in deputy.sees
    await deputy.types("/inbox")
    assert "I don't know that one" in as_text(deputy.heard[-2])
    await later(team, hours=1)
    assert await told(team) == [LEAD_AT], "it is taken on"


async def test_the_minutes_are_a_setting(sqlite):
    house = make_house(sqlite, escalate_minutes=(1, 2, 3))
    for role, address in (("owner", OWNER), ("safeguarding", LEAD_AT), ("deputy", DEPUTY)):
        await house.staff(role, address)
    await in_danger(house)
    for minute, knows in enumerate(
        ([LEAD_AT], [LEAD_AT, DEPUTY], [LEAD_AT, DEPUTY], [LEAD_AT, DEPUTY, OWNER])
    ):
        assert await told(house) == knows, minute
        await arrives(house)
        await later(house, minutes=1)


async def test_a_case_that_is_due_twice_at_once_alerts_each_once(team):
    await in_danger(team)
    await arrives(team)
    await later(team, minutes=10)
    await team.run(run_due)
    assert await told(team) == [LEAD_AT, DEPUTY]
