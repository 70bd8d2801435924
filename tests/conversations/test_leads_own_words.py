"""What a lead or other staff type: their work is about others; whatever else they write is looked at like everybody's."""

import pytest

from storage.tables import cases, outbox
from tests.conversations.test_cases import DANGER, alerts, in_danger, rows
from tests.conversations.test_escalation import told
from tests.house import as_text


async def test_a_lead_who_writes_to_somebody_in_danger_opens_no_case_about_themselves(any_house):
    lead = await any_house.staff("safeguarding", "2")
    await in_danger(any_house)
    await lead.types("/cases 1")
    await lead.taps("Write to them")
    await lead.types("You wrote that you want to kill yourself. I am Sam. Ring me on 01632 960123.")
    assert "on its way" in as_text(lead.heard[-2])
    assert "0800 1111" not in lead.sees
    assert len(await rows(any_house, cases)) == 1
    assert [row for row in await rows(any_house, outbox) if row["once"].startswith("case:")]


@pytest.mark.parametrize("at", ["/home", "/cases", "/cases 1", "/team"])
async def test_a_leads_own_danger_is_answered_and_told_to_others_wherever_they_are(any_house, at):
    lead = await any_house.staff("safeguarding", "2")
    await any_house.staff("deputy", "3")
    await in_danger(any_house)
    any_house.clock.on(minutes=3)
    await any_house.staff("worker", "4")
    await lead.types(at)
    await lead.types(DANGER)
    assert "0800 1111" in lead.sees
    assert len(await rows(any_house, cases)) == 2
    assert await told(any_house) == ["2", "3"], "not to themselves"


@pytest.mark.parametrize("typed", [f"/cases {DANGER}", f"/team {DANGER}", "/i want to die"])
async def test_the_rest_of_a_leads_command_is_looked_at(any_house, typed):
    lead = await any_house.staff("safeguarding", "2")
    await lead.types("/cases")
    await lead.types(typed)
    assert "0800 1111" in lead.sees
    assert len(await rows(any_house, cases)) == 1


async def test_a_leads_caption_that_nothing_asked_for_is_looked_at(any_house):
    lead = await any_house.staff("safeguarding", "2")
    await lead.types("/cases")
    await lead.sends("photo", caption=DANGER)
    assert "0800 1111" in lead.sees


async def test_hours_on_the_rota_that_hold_a_sign_are_asked_for_again(any_house):
    lead = await any_house.staff("safeguarding", "2")
    await lead.types("/cases")
    for label in ("Rota", "Add somebody", "Safeguarding lead 1"):
        await lead.taps(label)
    await lead.types(DANGER)
    assert "I can't read that." in as_text(lead.heard[-2])
    assert await alerts(any_house) == []
