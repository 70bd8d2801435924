"""A worker's consultation through the house: from a workbook, by way of a preview, to everybody whom it fits."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook as Book
from sqlalchemy import select

from conversations.consultations import Consultation
from conversations.events import Chose, Sent, Workbook
from conversations.sample import BUSES
from handlers.papers.drawing import draw
from handlers.papers.workbook import read
from storage import consultations as stored
from storage import lives, people
from storage.tables import answers, audit, broadcasts, consultations, outbox, taking_part, team_rules
from tests.house import as_text, make_house

HUB = replace(
    BUSES,
    code="hub",
    title={"en": "The new youth hub"},
    decision_maker={"en": "the youth committee"},
    reply_by=date(2026, 12, 20),
    closes=date(2026, 12, 11),
)


async def rows(house, table):
    return await house.run(lambda db: db.run(select(table)).mappings().all())


async def one(house) -> Consultation:
    return await house.run(lambda db: stored.by_code(db, "hub"))


async def worker_with_draft(house, form=HUB):
    worker = await house.staff("worker")
    await worker.types("/consult")
    await worker.does(Sent("file", workbook=Workbook(form)))
    return worker


async def three_young_people(house):
    people = []
    for number, band in enumerate(("13–15", "16–17", "16–17")):
        person = house.person(f"young {number}", "web")
        await person.joins(band)
        people.append(person)
    return people


# --- what it is about -----------------------------------------------------------------------------


async def test_what_it_is_about_is_chosen_from_the_headings_and_the_teams_areas(house):
    await house.run(lambda db: db.run(team_rules.insert().values(name="areas", value=["North End", "Docks"])))
    worker = await worker_with_draft(house, replace(HUB, area="docks side"))
    assert "It's filed under: Safe and secure, Opportunity, docks side." in worker.sees
    await worker.taps("What it is about")
    for label in ("Healthy", "Opportunity", "Docks"):
        await worker.taps(label)
    await worker.taps("Done")
    assert "It's filed under: Safe and secure, Healthy, Docks." in worker.sees
    about = await one(house)
    assert (about.themes, about.area) == (("safe", "healthy"), "Docks")
    assert about.form.themes == BUSES.themes, "the workbook stays as it was sent"


# --- its poster -----------------------------------------------------------------------------------


async def test_what_is_open_has_a_poster_that_leads_to_it(house):
    worker = await worker_with_draft(house)
    assert "[Poster]" not in worker.sees
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    poster, _ = await worker.taps("Poster")
    assert poster.paper.name == "poster"
    assert "It leads to: http://127.0.0.1:8080/j/hub" in poster.text
    assert "Only this machine knows that address." in poster.text
    drawn = await draw(house.desk, poster.paper)
    assert (drawn.name, drawn.kind, drawn.is_picture) == ("hub-poster.png", "image/png", False)


async def test_a_poster_is_drawn_for_nobody_else(house):
    worker, sam = await worker_with_draft(house), house.person("sam")
    await sam.joins()
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    poster, _ = await worker.taps("Poster")
    person = await house.run(lambda db: people.door_at(db, "telegram", "sam").person.id)
    theirs = replace(poster.paper, about={**poster.paper.about, "person": person})
    assert (await draw(house.desk, theirs)).kind == "text/plain"


# --- taking a workbook in -------------------------------------------------------------------------


async def test_a_workbook_becomes_a_draft_and_the_worker_sees_what_was_understood(any_house):
    worker = await worker_with_draft(any_house)
    for line in (
        "The new youth hub",
        "A draft: nobody has seen it yet.",
        "5 questions: 2 with one choice, 1 in their own words, 1 with several choices, 1 on a scale.",
        "Who decides: the youth committee.",
        "They answer by Sunday 20 December.",
        "It closes on Friday 11 December.",
        "It's for everybody.",
        "It fits 0 people who can be reached.",
    ):
        assert line in worker.sees
    about = await one(any_house)
    assert (about.state, about.form) == ("draft", HUB)
    assert about.closes_at == datetime(2026, 12, 11, 23, 59, 59, tzinfo=UTC)


async def test_what_is_missing_in_a_language_is_said(house):
    worker = await worker_with_draft(house)
    assert "Polish: 2 texts are missing, so I ask in English." in worker.sees


async def test_a_draft_that_is_sent_again_replaces_itself(any_house):
    worker = await worker_with_draft(any_house)
    await worker.types("/consult")
    again = replace(HUB, questions=HUB.questions[:2])
    await worker.does(Sent("file", workbook=Workbook(again)))
    assert "2 questions" in worker.sees
    (row,) = await rows(any_house, consultations)
    assert row["state"] == "draft"


async def test_what_people_were_asked_is_not_replaced(any_house):
    worker = await worker_with_draft(any_house)
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    await worker.types("/consult")
    await worker.does(Sent("file", workbook=Workbook(replace(HUB, questions=HUB.questions[:1]))))
    assert "People were asked under this form_id already" in as_text(worker.heard[-2])
    assert (await one(any_house)).form == HUB


def forty_problems() -> bytes:
    book = Book()
    survey = book.active
    survey.title = "survey"
    survey.append(["type", "name", "label"])
    survey.append(["text", "fine", "How are you?"])
    for number in range(40):
        survey.append(["geopoint", f"q{number}", "Where?"])
    settings = book.create_sheet("settings")
    settings.append(["form_id", "form_title"])
    settings.append(["bad", "Bad"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_a_workbook_with_forty_problems_names_them_all_at_once_in_one_message(house):
    worker = await house.staff("worker")
    await worker.types("/consult")
    workbook = read(forty_problems())
    assert len(workbook.problems) == 40
    await worker.does(Sent("file", workbook=workbook))
    told = worker.heard[-2]
    assert "survey, row 3, type:" in told.text
    assert "survey, row 22, type:" in told.text
    assert "And 20 more" in told.text
    assert told.heading == "40 things to put right"
    assert len(told.text) < 4000
    assert "[Back]" in worker.sees
    assert await rows(house, consultations) == []


async def test_a_file_that_is_no_workbook_is_not_taken_for_one(house):
    worker = await house.staff("worker")
    await worker.types("/consult")
    await worker.taps("New: send a workbook")
    await worker.sends("photo")
    assert "XLSForm" in worker.sees
    assert worker.heard[-1].expects == "workbook"


async def test_who_may_not_ask_takes_nothing_in(house):
    decider = await house.staff("decider")
    await decider.types("/consult")
    assert "I don't know that one" in as_text(decider.heard[-2])
    await decider.does(Sent("file", workbook=Workbook(HUB)))
    assert await rows(house, consultations) == []


# --- the preview ----------------------------------------------------------------------------------


async def test_a_preview_shows_it_as_a_young_person_sees_it_and_keeps_nothing(any_house):
    worker = await worker_with_draft(any_house)
    await worker.taps("Preview")
    label = next(b.label for row in worker.heard[-1].rows for b in row if b.key == "en")
    await worker.taps(label)
    assert "Who decides: the youth committee." in worker.sees
    await worker.taps("Start")
    assert "How safe do you feel on the bus home?" in worker.sees
    await worker.taps("Not very safe")
    await worker.types("more lights")
    assert await rows(any_house, answers) == []
    assert await rows(any_house, taking_part) == []
    await worker.types("/consult")
    assert "The new youth hub: a draft" in worker.sees


async def test_a_preview_is_read_in_the_language_that_was_chosen(house):
    polish = replace(HUB, title={**HUB.title, "pl": "Nowy klub"}, decision_maker={"en": "x", "pl": "rada"})
    worker = await worker_with_draft(house, polish)
    await worker.taps("Preview")
    label = next(b.label for row in worker.heard[-1].rows for b in row if b.key == "pl")
    await worker.taps(label)
    assert "Nowy klub" in worker.sees
    assert worker.heard[-1].language == "pl"
    await worker.does(Chose(worker.heard[-1].visit, "start"))
    assert "Czy czujesz się bezpiecznie" in worker.sees
    await worker.types("/consult")
    assert "Ask young people" in worker.sees
    assert worker.heard[-1].language == "en"


async def test_a_preview_in_a_language_without_staffs_sentences_is_in_it_all_the_same(house):
    worker = await worker_with_draft(house)
    await worker.taps("Preview")
    await worker.does(Chose(worker.heard[-1].visit, "ar"))
    assert worker.heard[-1].language == "ar"
    assert "لنبدأ" in worker.sees


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


async def test_who_stopped_messages_or_cannot_be_reached_is_not_counted(any_house):
    first, *_others = await three_young_people(any_house)
    await first.types("/stop")
    worker = await worker_with_draft(any_house)
    assert "It fits 2 people who can be reached." in worker.sees


# --- going out ------------------------------------------------------------------------------------


async def test_sent_now_it_opens_and_everybody_whom_it_fits_is_told_once(any_house):
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
    assert await any_house.run(lives.open_due) == 0
    any_house.clock.on(hours=24)
    assert await any_house.run(lives.open_due) == 1
    assert await any_house.run(lives.open_due) == 0
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


async def test_an_opening_can_be_taken_back(house):
    worker = await worker_with_draft(house)
    await worker.taps("Choose a time")
    await worker.taps("Wednesday 2 December, 09:00")
    await worker.taps("Yes, send it")
    await worker.taps("Back to a draft")
    assert "A draft: nobody has seen it yet." in worker.sees
    house.clock.on(days=3)
    assert await house.run(lives.open_due) == 0


async def test_nothing_goes_out_without_who_decides(house):
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


async def test_in_quiet_hours_the_worker_is_told_when_messages_go(house):
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
    assert await any_house.run(lives.close_due) == 0
    await worker.taps("Close it now")
    await worker.taps("Yes, close it")
    assert "It is closed. No more answers are taken." in worker.sees
    assert (await one(any_house)).state == "closed"


async def test_on_its_last_day_it_is_open_and_the_day_after_it_is_not(any_house):
    worker = await worker_with_draft(any_house)
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    any_house.clock.now = datetime(2026, 12, 11, 23, 59, 58, tzinfo=UTC)
    assert await any_house.run(lives.close_due) == 0
    any_house.clock.on(seconds=1)
    assert await any_house.run(lives.close_due) == 1


async def test_a_draft_is_deleted_after_one_more_question(any_house):
    worker = await worker_with_draft(any_house)
    await worker.taps("Delete the draft")
    await worker.taps("No, go back")
    assert len(await rows(any_house, consultations)) == 1
    await worker.taps("Delete the draft")
    await worker.taps("Yes, delete it")
    assert await rows(any_house, consultations) == []
    assert "There is nothing here yet." in worker.sees


async def test_what_is_open_is_never_deleted_as_a_draft(house):
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


async def test_a_consultation_that_is_gone_says_so_and_offers_the_way_back(house):
    worker = await house.staff("worker")
    await worker.types("/consult 77")
    assert "there any more" in worker.sees
    await worker.taps("All consultations")
    assert "Ask young people" in worker.sees


# --- the sample -----------------------------------------------------------------------------------


async def test_an_empty_house_offers_the_sample_once_and_it_is_open(any_house):
    await any_house.run(stored.offer_sample)
    await any_house.run(stored.offer_sample)
    (row,) = await rows(any_house, consultations)
    assert (row["state"], row["sample"]) == ("open", True)
    assert row["reply_by"] == date(2026, 12, 29)
    assert row["closes_at"].date() == date(2026, 12, 22)
    young = any_house.person()
    await young.joins()
    await young.types("/say")
    assert "Sample: buses after school" in young.sees


async def test_a_house_that_somebody_lives_in_gets_no_sample(house):
    await house.staff("owner")
    await house.run(stored.offer_sample)
    assert await rows(house, consultations) == []


async def test_the_owner_removes_the_sample_with_one_tap_and_all_that_hangs_on_it(any_house):
    await any_house.run(stored.offer_sample)
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
    assert "The sample is gone" in as_text(owner.heard[-2])
    for table in (consultations, answers, taking_part):
        assert await rows(any_house, table) == []


async def test_only_the_owner_removes_the_sample(house):
    await house.run(stored.offer_sample)
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
        await house.run(lambda db, form=form: stored.import_form(db, form, None))
    await worker.types("/consult")
    assert "[Hub 9]" in worker.sees
    assert "[Hub 1]" not in worker.sees
    await worker.taps("More")
    await worker.taps("Hub 0")
    assert "Hub 0" in worker.sees
