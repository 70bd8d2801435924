"""A case goes on to the next who can help, and the young person reads what is true."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from bot.scheduler.scheduler import tick
from conversations.core.channels import TELEGRAM
from conversations.core.config import QuietHours
from handlers.announcements import build
from storage.outbox import dispatching, heartbeats
from storage.outbox.dispatching import Settlement, recover, settle
from storage.outbox.outbox import message_of
from storage.people import people
from storage.safeguarding.escalation import run_due
from storage.tables import cases
from storage.tables import outbox as table
from tests.conversations.test_cases import DANGER, TOLD, alerts, in_danger, rows
from tests.house import make_house

NOBODY = "I have to put something right: I couldn't reach anybody in our team"
TEAM = "So I've told somebody else in our team that someone may need help."
LEAD = "I've now told the person in our team who keeps young people safe"


async def told(house) -> list[str]:
    """The addresses that were alerted, in order."""
    queued = sorted(await alerts(house), key=lambda row: row["id"])
    return [await house.run(lambda db, row=row: people.address_of(db, row["door_id"])) for row in queued]


async def ends(house, state, which=-1):
    """An alert is settled so, and the clock ticks."""
    queued = sorted(await alerts(house), key=lambda row: row["id"])
    await house.run(lambda db: settle(db, [Settlement(queued[which]["id"], state)]))
    await house.run(run_due)


async def put_right(house) -> list[str]:
    """What the young person reads about who was told, in order, as it is built when it is sent."""
    found = [row["id"] for row in await rows(house, table) if row["kind"] == "case_informed"]

    def read(db):
        messages = [message_of(db, db.run(select(table).where(table.c.id == n)).one()) for n in found]
        return [build(house.runtime, db, message) for message in messages]

    return [say.text if say else None for say in await house.run(read)]


async def later(house, **much):
    house.clock.on(**much)
    await house.run(lambda db: heartbeats.beat(db, TELEGRAM.name))
    await house.run(run_due)


async def test_an_alert_that_bounces_goes_on_to_the_owner_at_once_and_the_person_reads_it(any_house):
    await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "2")
    young = await in_danger(any_house)
    assert TOLD in young.sees
    assert await told(any_house) == ["2"]
    await ends(any_house, "unreachable")
    assert await told(any_house) == ["2", "1"]
    (words,) = await put_right(any_house)
    assert TEAM in words
    assert "What you wrote is not in my message to them." in words


async def test_what_a_message_put_right_is_not_said_again_until_the_next_sign(any_house):
    await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "2")
    young = await in_danger(any_house)
    any_house.clock.on(seconds=5)
    await ends(any_house, "unreachable")
    await young.types("ok")
    assert "0800 1111" in young.sees
    assert "told" not in young.sees
    any_house.clock.on(minutes=1)
    await young.types(DANGER)
    assert "I've told somebody in our team" in young.sees


@pytest.mark.parametrize("state", ["failed", "unknown"])
async def test_an_alert_that_may_be_lost_goes_to_the_owner_and_to_the_lead_again(any_house, state):
    await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    await ends(any_house, state)
    assert sorted(await told(any_house)) == ["1", "2", "2"]
    await ends(any_house, "failed", which=-1)
    await ends(any_house, "failed", which=-2)
    assert NOBODY in (await put_right(any_house))[-1]


async def test_where_nobody_is_left_the_person_reads_that_and_who_helps(any_house):
    await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    await ends(any_house, "unreachable")
    (words,) = await put_right(any_house)
    assert NOBODY in words
    assert "999" in words


async def test_a_case_that_reached_nobody_is_told_to_the_first_who_can_be_reached(any_house):
    young = await in_danger(any_house)
    assert "told" not in young.sees
    await later(any_house, hours=9)
    assert await alerts(any_house) == []
    await any_house.staff("owner", "1")
    await later(any_house, seconds=10)
    assert await told(any_house) == ["1"]
    assert [TEAM in words for words in await put_right(any_house)] == [True]


async def test_a_lead_who_can_be_reached_again_is_told_and_so_is_the_person(any_house):
    await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    await ends(any_house, "unreachable")
    await later(any_house, minutes=11)
    assert await told(any_house) == ["2"]
    await any_house.person("2").types("/home")
    await later(any_house, seconds=10)
    assert await told(any_house) == ["2", "2"]
    assert LEAD in (await put_right(any_house))[-1]


async def test_an_alert_that_waits_for_more_than_a_minute_goes_on(any_house):
    await any_house.staff("owner", "a cookie", "web")
    await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    any_house.clock.on(seconds=61)
    await any_house.run(run_due)
    assert await told(any_house) == ["2", "a cookie"]


async def test_an_alert_that_arrived_and_was_not_taken_on_goes_to_the_owners_after_half_an_hour(any_house):
    await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    await ends(any_house, "sent")
    await later(any_house, minutes=29)
    assert await told(any_house) == ["2"]
    await later(any_house, minutes=1)
    assert await told(any_house) == ["2", "1"]
    assert await put_right(any_house) == [], "what they read is still true"


QUIET_NIGHTS = [
    (QuietHours(time(21), time(8)), time(8)),
    (QuietHours(time(22, 30), time(6, 45)), time(6, 45)),
    (QuietHours(time(1), time(10)), time(10)),
    (None, time(9)),
]


@pytest.mark.parametrize(("quiet", "ends_at"), QUIET_NIGHTS)
async def test_a_case_that_nobody_takes_is_said_again_each_morning_when_quiet_hours_end(
    sqlite, quiet, ends_at
):
    house = make_house(sqlite, quiet=quiet)
    await house.staff("safeguarding", "2")
    await in_danger(house)
    await ends(house, "sent")
    await later(house, minutes=30)
    assert len(await told(house)) == 1
    for morning in range(1, 4):
        day = (house.clock.now + timedelta(days=1)).date()
        end = datetime.combine(day, ends_at, house.runtime.rules.zone)
        await later(house, seconds=(end - timedelta(minutes=1) - house.clock.now).total_seconds())
        assert len(await told(house)) == morning, "not before quiet hours end"
        await later(house, minutes=1)
        await ends(house, "sent")
        assert len(await told(house)) == 1 + morning


@pytest.mark.parametrize("deed", ["I'm on it", "Close the case"])
async def test_a_case_that_somebody_took_on_is_not_escalated(any_house, deed):
    await any_house.staff("owner", "1")
    lead = await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    await lead.types("/cases 1")
    await lead.taps(deed)
    if deed == "Close the case":
        await lead.taps("Spoke with them: they are safe")
        await lead.taps("Close it")
    await ends(any_house, "unreachable")
    await later(any_house, days=2)
    assert await told(any_house) == ["2"]
    assert await put_right(any_house) == []


async def test_nobody_is_alerted_about_their_own_case(any_house):
    await any_house.staff("owner", "1")
    lead = await any_house.staff("safeguarding", "2")
    await lead.types("/home")
    await lead.types(DANGER)
    await ends(any_house, "unreachable")
    await later(any_house, hours=1)
    assert "2" not in await told(any_house)


async def test_who_has_deleted_all_else_still_reads_what_is_true(any_house):
    await any_house.staff("safeguarding", "2")
    young = await in_danger(any_house)
    await young.types("/delete")
    await young.taps("Yes, delete it")
    await ends(any_house, "unreachable", which=0)
    (words,) = await put_right(any_house)
    assert NOBODY in words


async def test_a_case_closed_meanwhile_says_nothing_more(any_house):
    lead = await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    await ends(any_house, "unreachable")
    await lead.types("/cases 1")
    await lead.taps("Close the case")
    await lead.taps("Spoke with them: they are safe")
    await lead.taps("Close it")
    assert await put_right(any_house) == [None]


async def test_an_alert_that_a_crash_left_unknown_goes_on(any_house):
    await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    left = {"state": "sending", "taken_by": "dead", "asked_again": dispatching.MOST_RESENDS}
    await any_house.run(lambda db: db.run(update(table).where(table.c.kind == "alert").values(**left)))
    await any_house.run(lambda db: recover(db, TELEGRAM))
    await any_house.run(run_due)
    assert sorted(await told(any_house)) == ["1", "2", "2"]


async def test_two_workers_that_tick_at_once_tell_each_once(any_house):
    await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    queued = await alerts(any_house)
    await any_house.run(lambda db: settle(db, [Settlement(queued[0]["id"], "unreachable")]))
    for _ in range(2):
        await tick(any_house.runtime)
    assert await told(any_house) == ["2", "1"]
    assert len(await put_right(any_house)) == 1


async def test_a_case_of_an_earlier_version_is_looked_at_too(any_house):
    await in_danger(any_house)
    values = {"check_at": cases.c.opened_at, "informed": "nobody"}
    await any_house.run(lambda db: db.run(update(cases).values(**values)))
    await any_house.staff("owner", "1")
    await later(any_house, seconds=10)
    assert await told(any_house) == ["1"]


async def test_who_asks_to_talk_is_not_told_again_what_they_read(any_house):
    await any_house.staff("safeguarding", "2")
    young = await in_danger(any_house)
    await any_house.run(lambda db: db.run(update(cases).values(informed="nobody")))
    await young.taps("Talk to them")
    any_house.clock.on(seconds=59)
    await ends(any_house, "sent")
    await later(any_house, seconds=2)
    assert await put_right(any_house) == []


async def test_a_clock_that_is_set_back_delays_nobody(any_house):
    await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    await ends(any_house, "sent")
    any_house.clock.on(hours=-2)
    await later(any_house, seconds=0)
    await later(any_house, minutes=29)
    assert await told(any_house) == ["2"]
    await later(any_house, minutes=1)
    assert await told(any_house) == ["2", "1"]
