"""Many cases at once are one alert that counts; each is told of within minutes, and each person reads what is true."""

import asyncio

import pytest
from sqlalchemy import select, update

from conversations.core.channels import TELEGRAM
from handlers.announcements import build
from storage.outbox import heartbeats
from storage.outbox.outbox import message_of
from storage.people import people
from storage.tables import cases
from storage.tables import outbox as table
from tests.conversations.test_cases import DANGER, TOLD, alerts, in_danger, rows
from tests.conversations.test_escalation import LEAD, NOBODY, TEAM, ends, later, put_right, told
from tests.house import as_text

OWNER, LEAD_AT, DEPUTY = "1", "2", "3"
MANY = 25


async def signs(house, many: int = MANY, first: int = 0) -> list:
    """So many people, each at a page of their own, write a sign as the first thing they do."""
    found = [house.person(f"page {first + n}", "web") for n in range(many)]
    for young in found:
        await young.types("/start")
        await young.types(DANGER)
    return found


async def read(house, address: str) -> list[str]:
    """What somebody's alerts say when they are sent, in order."""

    def built(db):
        door = people.door_at(db, TELEGRAM, address)
        found = db.run(
            select(table).where(table.c.door_id == door.id, table.c.kind == "alert").order_by(table.c.id)
        )
        says = [build(house.runtime, db, message_of(db, row)) for row in found.all()]
        return [as_text(say) for say in says if say]

    return await house.run(built)


async def test_an_alert_that_comes_later_says_that_nobody_is_on_it_yet(any_house):
    await any_house.staff("owner", OWNER)
    await any_house.staff("safeguarding", LEAD_AT)
    await in_danger(any_house)
    assert "Nobody is on it yet" not in (await read(any_house, LEAD_AT))[0]
    await all_arrive(any_house)
    await later(any_house, minutes=30)
    (said,) = await read(any_house, OWNER)
    assert "Look at it now. Nobody is on it yet." in said


async def all_arrive(house) -> None:
    await house.run(
        lambda db: db.run(
            update(table).where(table.c.kind == "alert").values(state="sent", settled_at=db.now)
        )
    )


async def test_25_signs_are_25_cases_25_answers_and_one_alert_that_counts(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    young = await signs(any_house)
    assert len(await rows(any_house, cases)) == MANY
    assert all("0800 1111" in one.sees for one in young)
    assert await told(any_house) == [LEAD_AT], "of the first at once"
    await all_arrive(any_house)
    await later(any_house, minutes=2)
    assert await told(any_house) == [LEAD_AT, LEAD_AT]
    (counts,) = await read(any_house, LEAD_AT)
    assert "25 cases since Tuesday 1 December, 16:00." in counts
    assert "· 25: They may be thinking of ending their life." in counts
    assert DANGER not in counts
    await all_arrive(any_house)
    await later(any_house, minutes=9)
    assert len(await told(any_house)) == 2


async def test_each_of_them_reads_what_is_true_when_it_is(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    first, *others = await signs(any_house, 4)
    assert TOLD in first.sees
    assert all("told" not in one.sees for one in others)
    await all_arrive(any_house)
    await later(any_house, minutes=2)
    assert [LEAD in words for words in await put_right(any_house)] == [True] * 3


async def test_a_danger_that_comes_in_a_flood_is_told_within_two_minutes(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    messages = 0
    for minute in range(11):
        await signs(any_house, 3, first=100 * minute)
        for _ in range(6):
            await later(any_house, seconds=10)
        found = await rows(any_house, cases)
        late = [row for row in found if row["alerted_at"] is None]
        assert all((any_house.clock.now - row["opened_at"]).total_seconds() <= 120 for row in late)
        await all_arrive(any_house)
        messages = len(await told(any_house))
    assert messages <= 6, "in ten minutes"


async def test_the_alert_of_a_case_that_comes_later_is_its_own(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    await in_danger(any_house)
    await all_arrive(any_house)
    await later(any_house, minutes=2)
    young = await in_danger(any_house, "7")
    assert TOLD in young.sees
    assert ["Case 1:" in one or "Case 2:" in one for one in await read(any_house, LEAD_AT)] == [True, True]


async def test_one_alert_goes_on_to_the_deputy_and_the_owner_and_counts_who_still_waits(any_house):
    await any_house.staff("owner", OWNER)
    lead = await any_house.staff("safeguarding", LEAD_AT)
    await any_house.staff("deputy", DEPUTY)
    await signs(any_house)
    await all_arrive(any_house)
    await later(any_house, minutes=2)
    await all_arrive(any_house)
    for number in (3, 4):
        await lead.types(f"/cases {number}")
        await lead.taps("I'm on it")
    await later(any_house, minutes=8)
    assert await told(any_house) == [LEAD_AT, LEAD_AT, DEPUTY]
    (counts,) = await read(any_house, DEPUTY)
    assert "23 cases since" in counts
    await all_arrive(any_house)
    await later(any_house, minutes=20)
    assert (await told(any_house))[3:] == [OWNER]


async def test_a_collected_alert_that_bounces_goes_on_and_all_read_it(any_house):
    await any_house.staff("owner", OWNER)
    await any_house.staff("safeguarding", LEAD_AT)
    await signs(any_house, 3)
    await all_arrive(any_house)
    await later(any_house, minutes=2)
    assert await told(any_house) == [LEAD_AT, LEAD_AT]
    await ends(any_house, "unreachable")
    assert await told(any_house) == [LEAD_AT, LEAD_AT, OWNER]
    assert len(await put_right(any_house)) == 2 + 3, (
        "two hear that the lead knows, then all three who knows instead"
    )
    assert TEAM in (await put_right(any_house))[-1]


async def test_cases_that_reached_nobody_are_one_alert_to_the_first_who_can_be(any_house):
    await signs(any_house, 5)
    await later(any_house, minutes=30)
    await any_house.staff("deputy", DEPUTY)
    await later(any_house, seconds=10)
    assert await told(any_house) == [DEPUTY]
    (counts,) = await read(any_house, DEPUTY)
    assert "5 cases since" in counts
    assert sum(TEAM in words for words in await put_right(any_house)) == 5


async def test_when_telegram_comes_back_it_is_one_alert(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    await any_house.run(lambda db: heartbeats.stop(db, TELEGRAM.name))
    young = await signs(any_house, 6)
    assert all("told" not in one.sees for one in young)
    any_house.clock.on(minutes=2)
    await later(any_house, seconds=0)
    assert ["6 cases" in one for one in await read(any_house, LEAD_AT)] == [True], (
        "the other has nothing left to say"
    )


async def test_further_signs_and_wishes_to_talk_of_those_who_were_counted_are_one_more_alert_each(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    young = [await in_danger(any_house, f"55{n}") for n in range(4)]
    await all_arrive(any_house)
    await later(any_house, minutes=2)
    await all_arrive(any_house)
    assert len(await told(any_house)) == 2
    for one in young:
        await one.types("my dad beats me")
    for one in young:
        await one.taps("Talk to them")
    assert len(await told(any_house)) == 2 + 2
    assert "4 cases since" in (await read(any_house, LEAD_AT))[-1]


async def test_further_signs_of_different_cases_are_counted_too(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    young = []
    for number in range(4):
        young.append(await in_danger(any_house, f"55{number}"))
        await all_arrive(any_house)
        await later(any_house, minutes=11)
    before = len(await told(any_house))
    for one in young:
        await one.types("my dad beats me")
    assert len(await told(any_house)) == before + 1
    await all_arrive(any_house)
    await later(any_house, minutes=2)
    assert len(await told(any_house)) == before + 2
    assert (
        "4 cases since" in (await read(any_house, LEAD_AT))[-1]
        or "3 cases" in (await read(any_house, LEAD_AT))[-1]
    )


async def test_the_lead_who_is_one_of_them_reads_of_the_others_only(any_house):
    lead = await any_house.staff("safeguarding", LEAD_AT)
    await any_house.staff("owner", OWNER)
    await signs(any_house, 3)
    await lead.types("/home")
    await lead.types(DANGER)
    await all_arrive(any_house)
    await later(any_house, minutes=2)
    assert "3 cases since" in (await read(any_house, LEAD_AT))[-1]


async def test_who_took_a_case_on_hears_of_further_signs_in_it_at_once(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    deputy = await any_house.staff("deputy", DEPUTY)
    young = await in_danger(any_house)
    await all_arrive(any_house)
    await deputy.types("/cases 1")
    await deputy.taps("I'm on it")
    await in_danger(any_house, "7")
    await young.taps("Talk to them")
    assert (await told(any_house))[-1] == DEPUTY
    assert NOBODY not in young.sees


@pytest.mark.also_on_postgres
async def test_signs_at_the_very_same_moment_are_at_most_one_alert_and_one_that_counts(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    young = [any_house.person(f"page {n}", "web") for n in range(10)]
    for one in young:
        await one.types("/start")
    await asyncio.gather(*(one.types(DANGER) for one in young))
    assert len(await rows(any_house, cases)) == len(young)
    assert len(await alerts(any_house)) == 1
    await all_arrive(any_house)
    for _ in range(13):
        await later(any_house, seconds=10)
    assert await told(any_house) == [LEAD_AT, LEAD_AT]
    assert "10 cases since" in (await read(any_house, LEAD_AT))[-1]


async def test_a_later_case_never_goes_ahead_of_one_that_waits(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    await in_danger(any_house, "page 0", "web")
    any_house.clock.on(seconds=30)
    await in_danger(any_house, "page 1", "web")
    await all_arrive(any_house)
    any_house.clock.on(seconds=90)
    await in_danger(any_house, "page 2", "web")
    await later(any_house, seconds=0)
    assert all(row["alerted_at"] is not None for row in await rows(any_house, cases))
    assert len(await told(any_house)) == 2
