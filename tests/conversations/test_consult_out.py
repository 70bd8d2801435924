"""A consultation is sent: its audience, its time, its invitations, and what staff may change afterwards."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from conversations.core.events import Chose
from conversations.core.record import replace
from storage.consultations import lifecycle, manage
from storage.tables import answers, audit, broadcasts, consultations, outbox, taking_part
from tests.conversations.drafts import HUB, one, rows, three_young_people, worker_with_draft
from tests.house import as_text, make_house

# --- for whom -------------------------------------------------------------------------------------


async def test_the_audience_is_counted_live_as_ages_are_chosen(any_house):
    await three_young_people(any_house)
    worker = await worker_with_draft(any_house)
    assert "It fits 3 people who can be reached." in worker.sees
    await worker.taps("Who is it for?")
    assert "[✓ Everybody]" in worker.sees
    await worker.taps("16–17")
    assert "It fits 2 people" in worker.sees
    assert "[✓ 16–17]" in worker.sees
    await worker.taps("13–15")
    assert "It fits 3 people" in worker.sees
    await worker.taps("16–17")
    assert "It fits 1 person" in worker.sees
    await worker.taps("Done")
    assert "It's for these ages: 13–15." in worker.sees
    assert (await one(any_house)).bands == ("13-15",)


async def test_ages_that_nobody_here_may_have_are_not_offered(house):
    worker = await worker_with_draft(house)
    await worker.taps("Who is it for?")
    keys = {button.key for row in worker.heard[-1].rows for button in row}
    assert not keys & {"under10", "10-12", "26plus"}
    await worker.does(Chose(worker.heard[-1].visit, "under10"))
    assert (await one(house)).bands == ()


async def test_people_who_opted_out_or_are_unreachable_are_not_counted(any_house):
    first, *_others = await three_young_people(any_house)
    await first.types("/stop")
    worker = await worker_with_draft(any_house)
    assert "It fits 2 people who can be reached." in worker.sees


# --- going out ------------------------------------------------------------------------------------


async def test_sent_now_it_opens_and_its_audience_is_invited_once(any_house):
    await three_young_people(any_house)
    worker = await worker_with_draft(any_house)
    await worker.taps("Who is it for?")
    await worker.taps("16–17")
    await worker.taps("Done")
    await worker.taps("Send now")
    assert "Open “The new youth hub” now?" in worker.sees
    assert "It goes to 2 people." in worker.sees
    sure = worker.heard[-1]
    await worker.taps("Yes, send it")
    assert "It's open." in as_text(worker.heard[-2])
    assert "Open since Tuesday 1 December, 16:00." in worker.sees
    await worker.does(Chose(sure.visit, "yes"))
    told = [row for row in await rows(any_house, outbox) if row["kind"] == "consultation"]
    assert len(told) == 2
    assert len([row for row in await rows(any_house, outbox) if row["kind"] == "progress"]) == 1
    assert (await one(any_house)).state == "open"
    assert [row["did"] for row in await rows(any_house, audit)][-1] == "opened a consultation"


async def test_two_workers_who_send_at_once_send_once(any_house):
    await three_young_people(any_house)
    first = await worker_with_draft(any_house)
    second = await any_house.staff("worker", "2")
    await second.types("/consult 1")
    for worker in (first, second):
        await worker.taps("Send now")
    await asyncio.gather(first.taps("Yes, send it"), second.taps("Yes, send it"))
    assert len(await rows(any_house, broadcasts)) == 1
    said = as_text(first.heard[-2]) + as_text(second.heard[-2])
    assert "It's open." in said
    assert "Nobody was told twice" in said


async def test_at_a_time_it_waits_and_opens_by_the_clock(any_house):
    await three_young_people(any_house)
    worker = await worker_with_draft(any_house)
    await worker.taps("Choose a time")
    await worker.types("when it suits")
    assert "I can't read that" in as_text(worker.heard[-2])
    await worker.types("tomorrow 16:00")
    assert "Open “The new youth hub” on Wednesday 2 December, 16:00?" in worker.sees
    await worker.taps("Yes, send it")
    assert "It opens on Wednesday 2 December, 16:00." in worker.sees
    assert (await one(any_house)).state == "scheduled"
    assert await any_house.run(lifecycle.open_due) == 0
    any_house.clock.on(hours=24)
    assert await any_house.run(lifecycle.open_due) == 1
    assert await any_house.run(lifecycle.open_due) == 0
    assert (await one(any_house)).state == "open"
    assert len([row for row in await rows(any_house, outbox) if row["kind"] == "consultation"]) == 3


async def test_a_time_that_passed_while_somebody_thought_is_refused(house):
    worker = await worker_with_draft(house)
    await worker.taps("Choose a time")
    await worker.types("today 17:00")
    house.clock.on(hours=2)
    await worker.taps("Yes, send it")
    assert "That has already passed" in as_text(worker.heard[-2])
    assert (await one(house)).state == "draft"


async def test_an_opening_can_be_cancelled(house):
    worker = await worker_with_draft(house)
    await worker.taps("Choose a time")
    await worker.taps("Wednesday 2 December, 09:00")
    await worker.taps("Yes, send it")
    await worker.taps("Back to a draft")
    assert "A draft: nobody has seen it yet." in worker.sees
    house.clock.on(days=3)
    assert await house.run(lifecycle.open_due) == 0


async def test_nothing_is_sent_without_a_decision_maker(house):
    worker = await worker_with_draft(house, replace(HUB, decision_maker={}))
    assert "It doesn't say yet who decides." in worker.sees
    for way in ("Send now", "Choose a time"):
        await worker.taps(way)
        assert "Young people are told who decides" in as_text(worker.heard[-2])
    assert (await one(house)).state == "draft"


async def test_nothing_goes_out_without_a_promise_of_an_answer(house):
    worker = await worker_with_draft(house, replace(HUB, reply_by=None))
    await worker.taps("Send now")
    assert "By when will they get an answer?" in worker.sees
    await worker.types("20 December")
    assert "Open “The new youth hub” now?" in worker.sees
    assert (await one(house)).reply_by == date(2026, 12, 20)


async def test_a_closing_day_that_has_passed_is_asked_again(house):
    worker = await worker_with_draft(house, replace(HUB, closes=date(2026, 11, 20)))
    await worker.taps("Send now")
    assert "Until when is it open?" in worker.sees
    await worker.types("19 November")
    assert "That has already passed" in as_text(worker.heard[-2])
    await worker.taps("Until I close it")
    await worker.taps("Yes, send it")
    assert "It stays open until you close it." in worker.sees


async def test_in_quiet_hours_the_worker_reads_when_messages_are_sent(house):
    house.clock.on(hours=6)
    worker = await worker_with_draft(house)
    await worker.taps("Send now")
    assert "messages go out from Wednesday 2 December, 08:00" in worker.sees


async def test_an_empty_audience_is_said_plainly(house):
    worker = await worker_with_draft(house)
    await worker.taps("Send now")
    assert "Nobody it fits can be reached now." in worker.sees


# --- afterwards -----------------------------------------------------------------------------------


async def test_it_is_closed_by_hand_or_by_its_day(any_house):
    worker = await worker_with_draft(any_house)
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    any_house.clock.on(days=10)
    assert await any_house.run(lifecycle.close_due) == 0
    await worker.taps("Close it now")
    await worker.taps("Yes, close it")
    assert "It is closed. No more answers are taken." in worker.sees
    assert (await one(any_house)).state == "closed"


async def test_on_its_last_day_it_is_open_and_the_day_after_it_is_not(any_house):
    worker = await worker_with_draft(any_house)
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    any_house.clock.now = datetime(2026, 12, 11, 23, 59, 58, tzinfo=UTC)
    assert await any_house.run(lifecycle.close_due) == 0
    any_house.clock.on(seconds=1)
    assert await any_house.run(lifecycle.close_due) == 1


async def test_a_draft_is_deleted_after_one_more_question(any_house):
    worker = await worker_with_draft(any_house)
    await worker.taps("Delete the draft")
    await worker.taps("No, go back")
    assert len(await rows(any_house, consultations)) == 1
    await worker.taps("Delete the draft")
    await worker.taps("Yes, delete it")
    assert await rows(any_house, consultations) == []
    assert "There is nothing here yet." in worker.sees


async def test_an_open_consultation_is_never_deleted_as_a_draft(house):
    worker = await worker_with_draft(house)
    await worker.taps("Delete the draft")
    sure = worker.heard[-1]
    other = await house.staff("worker", "2")
    await other.types("/consult 1")
    await other.taps("Send now")
    await other.taps("Yes, send it")
    await worker.does(Chose(sure.visit, "yes"))
    assert "a draft any more" in as_text(worker.heard[-2])
    assert len(await rows(house, consultations)) == 1


async def test_somebody_elses_or_forged_buttons_open_nothing(house):
    await worker_with_draft(house)
    young = house.person("7")
    await young.joins()
    for key in ("yes", "send", "one:1", "/consult 1", "/results 1", "close"):
        await young.does(Chose(young.heard[-1].visit, key))
    assert (await one(house)).state == "draft"
    assert await rows(house, broadcasts) == []


@pytest.mark.parametrize(
    "key", ["one:99", "one:x", "page:7", "page:-1", "at:99999999999999999", "day:9999-99-99"]
)
async def test_a_forged_key_leads_nowhere_and_breaks_nothing(house, key):
    worker = await worker_with_draft(house)
    for step in ("/consult", "/consult 1"):
        await worker.types(step)
        await worker.does(Chose(worker.heard[-1].visit, key))
        assert "went wrong" not in worker.sees
    await worker.types("/consult 1")
    for label in ("Choose a time", "Answer by…"):
        await worker.types("/consult 1")
        await worker.taps(label)
        await worker.does(Chose(worker.heard[-1].visit, key))
        assert "went wrong" not in worker.sees


async def test_a_removed_consultation_says_so_and_offers_a_way_back(house):
    worker = await house.staff("worker")
    await worker.types("/consult 77")
    assert "there any more" in worker.sees
    await worker.taps("All consultations")
    assert "Ask young people" in worker.sees


# --- the sample -----------------------------------------------------------------------------------


async def test_an_empty_house_offers_the_sample_once_and_it_is_open(any_house):
    await any_house.run(manage.offer_sample)
    await any_house.run(manage.offer_sample)
    (row,) = await rows(any_house, consultations)
    assert (row["state"], row["sample"]) == ("open", True)
    assert row["reply_by"] == date(2026, 12, 29)
    assert row["closes_at"].date() == date(2026, 12, 22)
    young = any_house.person()
    await young.joins()
    await young.types("/say")
    assert "Sample: buses after school" in young.sees


async def test_a_used_database_gets_no_sample(house):
    await house.staff("owner")
    await house.run(manage.offer_sample)
    assert await rows(house, consultations) == []


async def test_the_owner_removes_the_sample_with_one_tap_and_all_that_hangs_on_it(any_house):
    await any_house.run(manage.offer_sample)
    young = any_house.person()
    await young.joins()
    await young.types("/say")
    if "[Start]" not in young.sees:
        await young.taps("1")
    await young.taps("Start")
    await young.taps("Not safe")
    assert len(await rows(any_house, answers)) == 1
    owner = await any_house.staff("owner")
    await owner.types("/consult 1")
    assert "This is a sample, to try Heard out." in owner.sees
    await owner.taps("Remove the sample")
    assert "It does not come back." in owner.sees
    await owner.taps("No, go back")
    assert len(await rows(any_house, answers)) == 1
    await owner.taps("Remove the sample")
    await owner.taps("Yes, remove it")
    assert "The sample is gone" in as_text(owner.heard[-2])
    for table in (consultations, answers, taking_part):
        assert await rows(any_house, table) == []


async def test_only_the_owner_removes_the_sample(house):
    await house.run(manage.offer_sample)
    worker = await house.staff("worker")
    await worker.types("/consult 1")
    assert "Remove the sample" not in worker.sees
    await worker.does(Chose(worker.heard[-1].visit, "unsample"))
    assert len(await rows(house, consultations)) == 1


async def test_a_long_list_has_pages(sqlite):
    house = make_house(sqlite)
    worker = await house.staff("worker")
    for number in range(10):
        form = replace(HUB, code=f"hub{number}", title={"en": f"Hub {number}"})
        await house.run(lambda db, form=form: manage.import_form(db, form, None))
    await worker.types("/consult")
    assert "[Hub 9]" in worker.sees
    assert "[Hub 1]" not in worker.sees
    await worker.taps("More")
    await worker.taps("Hub 0")
    assert "Hub 0" in worker.sees
