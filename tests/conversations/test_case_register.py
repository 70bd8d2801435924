"""Cases are closed for a reason, and stay in a register with their times: for the leads and owners, and without words."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import select, update

from conversations.core.effects import Refused
from conversations.safeguarding.casework.register import RegisteredCase, by_month
from conversations.safeguarding.effects import AddClosingReason, CloseCase, RemoveClosingReason
from handlers.files.render import draw
from storage.core.dispatch import dispatch
from storage.operations.retention import delete_expired
from storage.people import people
from storage.registry import HANDLERS
from storage.safeguarding.escalation import run_due
from storage.tables import audit, cases
from tests.conversations.test_cases import DANGER, in_danger, outbox_failed
from tests.conversations.test_cases import alerts as queued_alerts
from tests.house import as_text

SAFE = "Spoke with them: they are safe"


async def rows(house) -> list:
    return await house.run(lambda db: db.run(select(cases).order_by(cases.c.id)).all())


async def does(house, someone, effect) -> None:
    def do(db):
        dispatch(db, people.door_at(db, someone.channel, someone.address), (effect,), HANDLERS)

    await house.run(do)


async def closes(lead, number: int, reason: str = SAFE) -> None:
    await lead.types(f"/cases {number}")
    await lead.taps("Close the case")
    await lead.taps(reason)
    await lead.taps("Close it")


async def test_closing_asks_for_a_reason_which_stays_with_the_times(any_house):
    lead = await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    any_house.clock.on(minutes=4)
    await lead.types("/cases 1")
    await lead.taps("I'm on it")
    any_house.clock.on(days=2)
    await lead.types("/cases 1")
    await lead.taps("Close the case")
    assert "[False alarm: it meant something else]" in lead.sees
    assert "[Close it]" not in lead.sees
    await lead.taps(SAFE)
    assert "Reason: Spoke with them: they are safe" in lead.sees
    await lead.taps("Close it")
    (case,) = await rows(any_house)
    assert (case.reason, case.kind, case.address, case.person_id) == ("safe", "suicide", b"", None)
    assert case.first_taken_at - case.opened_at == timedelta(minutes=4)
    assert case.closed_at - case.opened_at == timedelta(days=2, minutes=4)


async def test_not_yet_closes_nothing_and_a_stale_button_neither(house):
    lead = await house.staff("safeguarding", "2")
    await in_danger(house)
    await lead.types("/cases 1")
    await lead.taps("Close the case")
    await lead.taps(SAFE)
    await lead.taps("Not yet")
    await lead.taps("Close it")
    assert "That question is over" in as_text(lead.heard[-2])
    assert (await rows(house))[0].closed_at is None


async def test_a_case_closes_only_for_a_reason_on_the_list(house):
    lead = await house.staff("safeguarding", "2")
    await in_danger(house)
    await does(house, lead, RemoveClosingReason("known"))
    for reason in ("known", "", "because"):
        with pytest.raises(Refused):
            await does(house, lead, CloseCase(1, reason))


async def test_a_reason_that_leaves_the_list_meanwhile_is_asked_again(house):
    leads = [await house.staff("safeguarding", address) for address in ("2", "3")]
    await in_danger(house)
    await leads[0].types("/cases 1")
    await leads[0].taps("Close the case")
    await leads[0].taps("Nobody could be reached")
    await does(house, leads[1], RemoveClosingReason("unreachable"))
    await leads[0].taps("Close it")
    assert "That reason isn't on the list any more." in leads[0].sees
    assert (await rows(house))[0].closed_at is None


async def test_the_lead_keeps_the_list_of_reasons(any_house):
    lead = await any_house.staff("safeguarding", "2")
    await lead.types("/cases")
    await lead.taps("Reasons, and how long")
    await lead.taps("Add a reason")
    await lead.types("x" * 100_000)
    assert "Stay under 40 letters." in as_text(lead.heard[-2])
    await lead.types("  Seen by  the school ")
    assert "· Seen by the school" in lead.sees
    await lead.taps("Remove a reason")
    await lead.taps("Another reason")
    assert "Another reason" not in lead.sees
    await lead.taps("Add a reason")
    await lead.taps("Another reason")
    assert "· Another reason" in lead.sees
    await in_danger(any_house)
    await closes(lead, 1, "Seen by the school")
    assert (await rows(any_house))[0].reason == "Seen by the school"


async def test_the_list_never_becomes_empty_and_has_a_most(house):
    lead = await house.staff("safeguarding", "2")
    for reason in ("passed_on", "safe", "known", "false_alarm", "unreachable"):
        await does(house, lead, RemoveClosingReason(reason))
    with pytest.raises(Refused):
        await does(house, lead, RemoveClosingReason("other"))
    for n in range(11):
        await does(house, lead, AddClosingReason(f"reason {n}"))
    with pytest.raises(Refused):
        await does(house, lead, AddClosingReason("one more"))


@pytest.mark.parametrize(("role", "sees"), [("safeguarding", True), ("owner", True), ("deputy", False)])
async def test_the_register_is_for_leads_and_owners(house, role, sees):
    await in_danger(house)
    member = await house.staff(role, "2")
    await member.types("/cases")
    assert ("[Register]" in member.sees) is sees


async def test_the_register_shows_open_and_closed_cases_and_none_of_the_words(any_house):
    lead = await any_house.staff("safeguarding", "2")
    await in_danger(any_house, "5550001")
    any_house.clock.on(minutes=3)
    await lead.types("/team")
    await lead.taps("My name here")
    await lead.types("Ola")
    await lead.types("/cases 1")
    await lead.taps("I'm on it")
    any_house.clock.on(hours=5)
    await closes(lead, 1)
    await in_danger(any_house, "5550002")
    await lead.types("/cases")
    await lead.taps("Register")
    assert "Case 2, opened 1 December 2026, 21:03: suicide, signs: 1." in lead.sees
    assert "Nobody is on it yet. Still open." in lead.sees
    assert "Somebody told after less than a minute. Taken on after 3 minutes; on it: Ola." in lead.sees
    assert "Closed after 5 hours by Ola. Spoke with them: they are safe." in lead.sees
    assert DANGER not in lead.sees
    await lead.taps("By month")
    assert "2026-12: 2 cases: suicide 2. Half were taken on within 3 minutes." in lead.sees
    assert "0 false alarms. 1 is still open." in lead.sees


async def test_nobody_counts_as_told_by_an_alert_that_was_lost(any_house):
    await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    assert (await rows(any_house))[0].told_at == any_house.clock.now
    (alert,) = await queued_alerts(any_house)
    await any_house.run(lambda db: outbox_failed(db, alert["id"]))
    await any_house.run(run_due)
    assert (await rows(any_house))[0].told_at is None
    await any_house.staff("owner", "1")
    any_house.clock.on(minutes=5)
    await any_house.staff("owner", "3")  # Telegram works
    await any_house.run(run_due)
    assert (await rows(any_house))[0].told_at == any_house.clock.now


async def drawn(house, lead, suffix: str) -> bytes:
    await lead.types("/cases")
    await lead.taps("Register")
    await lead.taps("Export")
    says = await lead.taps(suffix)
    return (await draw(house.runtime, says[0].attachment)).content


async def test_the_export_holds_no_words_is_inert_and_noted(any_house):
    lead = await any_house.staff("safeguarding", "2")
    await does(any_house, lead, AddClosingReason("=1+1"))
    await in_danger(any_house)
    await closes(lead, 1, "=1+1")
    text = (await drawn(any_house, lead, "CSV")).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["case"], row["kind"], row["reason"]) == ("1", "suicide", "'=1+1")
    assert row["minutes until told"] == "0.0"
    assert DANGER not in text
    book = openpyxl.load_workbook(io.BytesIO(await drawn(any_house, lead, "Workbook")))
    assert book.sheetnames == ["cases", "months"]
    assert [cell.value for cell in book["cases"][2]][-1] == "'=1+1"
    assert [cell.value for cell in book["months"][2]][:2] == ["2026-12", 1]
    did = [row.did for row in await any_house.run(lambda db: db.run(select(audit)).all())]
    assert did.count("exported the case register") == 2


async def test_who_lost_the_right_draws_no_register(house):
    lead = await house.staff("safeguarding", "2")
    await house.staff("safeguarding", "3")
    owner = await house.staff("owner", "1")
    await in_danger(house)
    await lead.types("/cases")
    await lead.taps("Register")
    await lead.taps("Export")
    says = await lead.taps("CSV")
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Safeguarding lead 1")
    await owner.taps("Yes, remove")
    assert b"not here any more" in (await draw(house.runtime, says[0].attachment)).content


async def test_a_closed_case_leaves_the_register_when_its_years_are_over(any_house):
    lead = await any_house.staff("safeguarding", "2")
    await in_danger(any_house, "5550001")
    await in_danger(any_house, "5550002")
    await closes(lead, 1)
    any_house.clock.now += timedelta(days=6 * 365)
    await any_house.run(delete_expired)
    assert len(await rows(any_house)) == 2
    any_house.clock.now += timedelta(days=3)
    await any_house.run(delete_expired)
    assert [case.id for case in await rows(any_house)] == [2], "an open one stays"
    await in_danger(any_house, "5550003")
    assert [case.id for case in await rows(any_house)] == [2, 3]


async def test_the_lead_says_how_long_the_register_keeps_a_case(house):
    lead = await house.staff("safeguarding", "2")
    await in_danger(house)
    await closes(lead, 1)
    await lead.types("/cases")
    await lead.taps("Reasons, and how long")
    await lead.taps("How long…")
    await lead.taps("1 year")
    assert "stays in the register for 1 year." in lead.sees
    house.clock.now += timedelta(days=367)
    await house.run(delete_expired)
    assert await rows(house) == []


async def test_on_29_february_the_years_are_counted_too(house):
    lead = await house.staff("safeguarding", "2")
    await in_danger(house)
    await closes(lead, 1)
    await house.run(lambda db: db.run(update(cases).values(closed_at=datetime(2022, 2, 27, tzinfo=UTC))))
    house.clock.now = datetime(2028, 2, 29, 12, tzinfo=UTC)
    await house.run(delete_expired)
    assert await rows(house) == []


def test_a_month_is_counted_on_the_teams_clock():
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # July in London
    cases = [
        RegisteredCase(1, "abuse", 1, late, closed_at=late + timedelta(hours=3), reason="false_alarm"),
        RegisteredCase(2, "abuse", 1, late, taken_at=late + timedelta(minutes=10)),
        RegisteredCase(3, "neglect", 1, late - timedelta(hours=2), taken_at=late - timedelta(hours=3)),
    ]
    july, june = by_month(cases, ZoneInfo("Europe/London"))
    assert (july.month, july.opened, july.kinds, july.false_alarms) == (7, 2, {"abuse": 2}, 1)
    assert (july.taken_after, july.closed_after) == (timedelta(minutes=10), timedelta(hours=3))
    assert (june.month, june.still_open, june.taken_after) == (6, 1, timedelta(0)), (
        "a clock that was set back"
    )
