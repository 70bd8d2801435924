"""A worker's consultation in the whole app: from a workbook, through a preview, to its audience."""

import io
from datetime import UTC, datetime

from openpyxl import Workbook as Book

from conversations.consultations.sample import BUSES
from conversations.consultations.workbook import Workbook
from conversations.core.channels import TELEGRAM
from conversations.core.events import Chose, Sent
from conversations.core.record import replace
from handlers.files.render import draw
from handlers.files.workbook import parse
from storage.people import people
from storage.tables import answers, consultations, taking_part, team_rules
from tests.conversations.drafts import HUB, one, rows, worker_with_draft
from tests.house import as_text

# --- what it is about -----------------------------------------------------------------------------


async def test_theme_and_area_are_chosen_from_the_headings_and_the_teams_areas(house):
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


async def test_an_open_consultation_has_a_poster_that_leads_to_it(house):
    worker = await worker_with_draft(house)
    assert "[Poster]" not in worker.sees
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    poster, _ = await worker.taps("Poster")
    assert poster.attachment.name == "poster"
    assert "It leads to: http://127.0.0.1:8080/j/hub" in poster.text
    assert "Only this machine knows that address." in poster.text
    drawn = await draw(house.runtime, poster.attachment)
    assert (drawn.name, drawn.kind, drawn.is_picture) == ("hub-poster.png", "image/png", False)


async def test_a_poster_is_drawn_for_nobody_else(house):
    worker, sam = await worker_with_draft(house), house.person("sam")
    await sam.joins()
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    poster, _ = await worker.taps("Poster")
    person = await house.run(lambda db: people.door_at(db, TELEGRAM, "sam").person.id)
    theirs = replace(poster.attachment, about={**poster.attachment.about, "person": person})
    assert (await draw(house.runtime, theirs)).kind == "text/plain"


# --- importing a workbook -------------------------------------------------------------------------


async def test_a_workbook_becomes_a_draft_and_the_worker_sees_how_it_was_read(any_house):
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


async def test_gaps_in_a_language_are_reported(house):
    worker = await worker_with_draft(house)
    assert "Polish: 2 texts are missing, so I ask in English." in worker.sees


async def test_a_draft_that_is_sent_again_replaces_itself(any_house):
    worker = await worker_with_draft(any_house)
    await worker.types("/consult")
    again = replace(HUB, questions=HUB.questions[:2])
    await worker.does(Sent("file", file=Workbook(again)))
    assert "2 questions" in worker.sees
    (row,) = await rows(any_house, consultations)
    assert row["state"] == "draft"


async def test_a_published_form_is_not_replaced(any_house):
    worker = await worker_with_draft(any_house)
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    await worker.types("/consult")
    await worker.does(Sent("file", file=Workbook(replace(HUB, questions=HUB.questions[:1]))))
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
    workbook = parse(forty_problems())
    assert len(workbook.problems) == 40
    await worker.does(Sent("file", file=workbook))
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


async def test_people_without_the_right_cannot_import(house):
    decider = await house.staff("decider")
    await decider.types("/consult")
    assert "I don't know that one" in as_text(decider.heard[-2])
    await decider.does(Sent("file", file=Workbook(HUB)))
    assert await rows(house, consultations) == []


# --- the preview ----------------------------------------------------------------------------------


async def test_a_preview_shows_a_young_persons_view_and_stores_nothing(any_house):
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


async def test_a_preview_is_in_its_language_even_without_staff_translations(house):
    worker = await worker_with_draft(house)
    await worker.taps("Preview")
    await worker.does(Chose(worker.heard[-1].visit, "ar"))
    assert worker.heard[-1].language == "ar"
    assert "لنبدأ" in worker.sees
