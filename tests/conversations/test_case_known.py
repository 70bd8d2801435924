"""What the young person reads stays true: of an alert that arrived, of a case that somebody has or had, of a further sign."""

import pytest
from sqlalchemy import delete, update

from conversations.core.channels import TELEGRAM
from storage.outbox import heartbeats
from storage.safeguarding.escalation import run_due
from storage.tables import cases, doors, roles
from storage.tables import outbox as table
from tests.conversations.test_cases import TOLD, in_danger, rows
from tests.conversations.test_escalation import LEAD, TEAM, ends, later, put_right, told

OWNER, LEAD_AT, DEPUTY = "1", "2", "3"
AGAIN = "i cut myself again i want to die tonight"


async def telegram_is_down(house) -> None:
    await house.run(lambda db: heartbeats.stop(db, TELEGRAM.name))


async def seen_on_the_page(house) -> None:
    seen = update(table).where(table.c.kind == "alert").values(state="shown", settled_at=house.clock.now)
    await house.run(lambda db: db.run(seen))


async def taken_on(house):
    """A lead has a case whose alert arrived."""
    lead = await house.staff("safeguarding", LEAD_AT)
    young = await in_danger(house)
    await ends(house, "sent")
    await lead.types("/cases 1")
    await lead.taps("I'm on it")
    return lead, young


async def test_a_lead_who_read_it_on_a_page_and_signed_out_since_still_knows(any_house):
    await any_house.staff("safeguarding", "a cookie", "web")
    await in_danger(any_house)
    await seen_on_the_page(any_house)
    await later(any_house, hours=13)
    assert await put_right(any_house) == []


async def test_a_lead_who_read_it_and_blocked_the_bot_since_still_knows(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    await in_danger(any_house)
    await ends(any_house, "sent")
    await any_house.run(lambda db: db.run(update(doors).values(reachable=False)))
    await later(any_house, minutes=5)
    assert await put_right(any_house) == []


async def test_an_alert_that_counts_and_reaches_nobody_takes_nothing_back(any_house):
    await any_house.staff("safeguarding", LEAD_AT)
    await in_danger(any_house, "page 1", "web")
    await ends(any_house, "sent")
    any_house.clock.on(seconds=30)
    await in_danger(any_house, "page 2", "web")
    await telegram_is_down(any_house)
    any_house.clock.on(minutes=2)
    await any_house.run(run_due)
    assert await put_right(any_house) == [], (
        "the lead has read of the first, and nobody was promised of the second"
    )


async def test_that_nobody_knows_is_not_said_of_a_case_that_somebody_had(any_house):
    deputy = await any_house.staff("deputy", DEPUTY)
    await in_danger(any_house)
    await deputy.types("/cases 1")
    await deputy.taps("I'm on it")
    await telegram_is_down(any_house)
    await any_house.run(lambda db: db.run(delete(roles).where(roles.c.role == "deputy")))
    await any_house.staff("owner", "a cookie", "web")
    await telegram_is_down(any_house)
    any_house.clock.on(hours=1)
    await any_house.run(run_due)
    assert [row["acknowledged_by"] for row in await rows(any_house, cases)] == [None]
    assert await put_right(any_house) == []


async def test_who_read_that_nobody_knows_reads_that_somebody_took_it_on(any_house):
    lead = await any_house.staff("safeguarding", "a cookie", "web")
    any_house.clock.on(hours=1)
    young = await in_danger(any_house)
    assert "told" not in young.sees
    await lead.types("/cases 1")
    await lead.taps("I'm on it")
    assert [LEAD in words for words in await put_right(any_house)] == [True]


@pytest.mark.parametrize(("state", "right"), [("unreachable", [True]), ("failed", [])])
async def test_a_further_sign_whose_alert_is_lost_goes_on_to_the_next(any_house, state, right):
    await any_house.staff("owner", OWNER)
    _lead, young = await taken_on(any_house)
    await later(any_house, minutes=15)
    await young.types(AGAIN)
    assert TOLD in young.sees
    await ends(any_house, state)
    assert OWNER in await told(any_house)
    assert [TEAM in words for words in await put_right(any_house)] == right, "a failed one is sent again"


async def test_a_further_sign_whose_alert_waits_goes_on_and_one_that_arrives_does_not(any_house):
    await any_house.staff("owner", "a cookie", "web")
    _lead, young = await taken_on(any_house)
    await later(any_house, minutes=15)
    await young.types(AGAIN)
    await ends(any_house, "sent")
    await later(any_house, minutes=1)
    assert await told(any_house) == [LEAD_AT, LEAD_AT]
    await later(any_house, minutes=15)
    await young.types(AGAIN)
    await later(any_house, seconds=61)
    assert await told(any_house) == [LEAD_AT, LEAD_AT, LEAD_AT, "a cookie"]
    again = await told(any_house)
    await seen_on_the_page(any_house)
    for _ in range(3):
        await later(any_house, minutes=1)
    assert await told(any_house) == again
    assert [row["check_at"] for row in await rows(any_house, cases)] == [None]
