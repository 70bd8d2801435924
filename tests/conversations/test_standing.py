"""What a worker reads about a consultation in each of its states."""

import pytest
from sqlalchemy import update

from conversations.consultations.workbook import Problem, Workbook
from conversations.core.events import Sent
from conversations.core.record import replace
from storage.tables import consultations, outcomes
from tests.conversations.drafts import HUB, one, worker_with_draft
from tests.house import as_text, make_house
from tests.sample_forms import KINDS, publish


async def sent_out(house):
    worker = await worker_with_draft(house)
    await worker.taps("Send now")
    await worker.taps("Yes, send it")
    return worker


# --- what is in it --------------------------------------------------------------------------------


async def test_questions_are_counted_without_the_notes_and_add_up(house):
    worker = await worker_with_draft(house, KINDS)
    line = next(line for line in worker.sees.splitlines() if "questions:" in line)
    asked = sum(question.kind != "note" for question in KINDS.questions)
    numbers = [int(part) for part in line.replace(",", " ").split() if part.isdecimal()]
    assert numbers[0] == asked == sum(numbers[1:])
    assert "note besides, only to read" in worker.sees


async def test_languages_that_the_team_does_not_offer_are_named(sqlite):
    house = make_house(sqlite, languages=("en",))
    worker = await worker_with_draft(house)
    assert "Not used, because this team doesn't offer it (LANGUAGES): Polish, Arabic." in worker.sees


async def test_one_problem_is_reported_in_the_singular(house):
    worker = await house.staff("worker")
    await worker.types("/consult")
    problem = Problem("survey", 2, "type", "This can't be read.")
    await worker.does(Sent("file", file=Workbook(None, (problem,))))
    told = as_text(worker.heard[-2])
    assert "One thing to put right" in told
    assert "Put this right in the workbook" in told


# --- its days -------------------------------------------------------------------------------------


async def test_an_answer_promised_before_it_closes_is_pointed_out(house):
    worker = await worker_with_draft(house)
    await worker.taps("Answer by…")
    await worker.types("10 December")
    assert as_text(worker.heard[-2]) == (
        "Look at the days again: they answer by Thursday 10 December, but it is open until Friday 11 December."
    )
    await worker.taps("Open until…")
    await worker.types("9 December")
    assert "Look at the days again" not in as_text(worker.heard[-2])
    await worker.taps("Open until…")
    await worker.types("12 December")
    assert "Look at the days again" in as_text(worker.heard[-2])


async def test_an_announced_day_is_not_brought_forward_silently(any_house):
    worker = await sent_out(any_house)
    before = (await one(any_house)).closes_at
    await worker.taps("Open until…")
    await worker.types("9 December")
    assert "People were told that it is open until Friday 11 December." in worker.sees
    assert (await one(any_house)).closes_at == before
    await worker.taps("No, go back")
    await worker.taps("Close it now")
    assert "People were told that it is open until Friday 11 December." in worker.sees
    await worker.taps("No, go back")
    await worker.taps("Open until…")
    await worker.types("9 December")
    await worker.taps("Yes, close it sooner")
    assert "It closes on Wednesday 9 December." in worker.sees
    await worker.taps("Open until…")
    await worker.types("18 December")
    assert "It closes on Friday 18 December." in worker.sees  # later harms nobody


# --- after closing --------------------------------------------------------------------------------


async def test_a_closed_consultation_does_not_say_that_it_will_close(house):
    worker = await sent_out(house)
    await worker.taps("Close it now")
    await worker.taps("Yes, close it")
    assert "It closes on" not in worker.sees
    assert "They answer by Sunday 20 December." in worker.sees
    await worker.types("/consult")
    assert "The new youth hub: closed, 0 people" in worker.sees


async def test_an_answered_consultation_says_so_here_and_in_the_list(any_house):
    worker = await sent_out(any_house)
    number = (await one(any_house)).id
    await any_house.run(lambda db: publish(db, number, 1))
    await any_house.run(lambda db: db.run(update(consultations).values(state="answered")))
    await worker.types(f"/consult {number}")
    assert "They were answered on" in worker.sees
    assert "They answer by" not in worker.sees
    assert "It closes on" not in worker.sees
    await worker.types("/consult")
    assert "The new youth hub: answered, 0 people" in worker.sees


async def test_a_scheduled_answer_is_mentioned(any_house):
    worker = await sent_out(any_house)
    number = (await one(any_house)).id

    def scheduled(db):
        publish(db, number, 1, state="scheduled")
        db.run(update(outcomes).values(publish_at=any_house.clock.now.replace(day=21)))

    await any_house.run(scheduled)
    await worker.types(f"/consult {number}")
    assert "An answer is set to go out on Monday 21 December, 16:00." in worker.sees


# --- the preview ----------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [(), ("Start",), ("Start", "Safe"), ("Start", "Safe", "Skip", "3", "Skip")])
async def test_every_card_of_a_preview_says_so_and_can_end_it(house, steps):
    worker = await worker_with_draft(house)
    await worker.taps("Preview")
    await worker.taps("English: Normal")
    for label in steps:
        await worker.taps(label)
    assert worker.heard[-1].badge == "Preview"
    assert "[End preview]" in worker.sees
    await worker.taps("End preview")
    assert "That was the preview. Nothing was kept." in as_text(worker.heard[-2])
    assert "A draft: nobody has seen it yet." in worker.sees


async def test_the_receipt_of_a_preview_is_one_too(house):
    short = replace(HUB, questions=HUB.questions[:1])
    worker = await worker_with_draft(house, short)
    await worker.taps("Preview")
    await worker.taps("English: Normal")
    for label in ("Start", "Safe", "Done"):
        await worker.taps(label)
    assert "Your answers are in." in worker.sees
    assert worker.heard[-1].badge == "Preview"
    assert "[End preview]" in worker.sees
