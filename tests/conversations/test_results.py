"""Results in the whole app: true numbers for staff, hidden ones for reviewers, words for those with the right."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from conversations.consultations.effects import TakeBackAnswer
from conversations.consultations.form import Option, Question
from conversations.consultations.sample import BUSES
from conversations.core.channels import WEB
from conversations.core.events import Chose
from conversations.core.record import replace
from conversations.people.effects import StopUsing
from handlers.files.render import draw, export_file
from storage.consultations import manage, taking_back
from storage.people import people, using
from storage.results import shown_counts
from storage.tables import audit, consultations
from tests.house import as_text

HUB = replace(
    BUSES,
    code="hub",
    title={"en": "The new youth hub"},
    questions=(
        Question(
            "come",
            "select_one",
            {"en": "Would you come?"},
            options=(Option("yes", {"en": "Yes"}), Option("no", {"en": "No"})),
        ),
        Question("hello", "note", {"en": "Nearly there."}),
        Question("why", "text", {"en": "Why?"}),
    ),
)


async def opened(house, form=HUB):
    number = await house.run(lambda db: manage.import_form(db, form, None))
    await house.run(lambda db: db.run(consultations.update().values(state="open", opens_at=db.now)))
    return number


async def answered(house, how_many: int, yes: int):
    """This many people took part; the first few said yes, and each wrote a line."""
    number = await opened(house)
    for n in range(how_many):
        young = house.person(f"young {n}", "web")
        await young.joins()
        await young.types(f"/say {number}")
        await young.taps("Start")
        await young.taps("Yes" if n < yes else "No")
        if "Nearly there" in young.sees:
            await young.does(Chose(young.heard[-1].visit, young.heard[-1].rows[0][0].key))
        await young.types(f"because {n}")
    return number


async def test_staff_see_true_counts_in_words_question_by_question(any_house):
    await answered(any_house, 3, yes=1)
    worker = await any_house.staff("worker")
    await worker.types("/results")
    assert "1. The new youth hub: 3 people" in worker.sees
    await worker.taps("The new youth hub")
    assert "1 of 2" in worker.sees
    assert "1 of 3 people said Yes." in worker.sees
    assert "2 of 3 people said No." in worker.sees
    await worker.taps("Next question")
    assert "3 people wrote something." in worker.sees
    await worker.taps("Question before")
    assert "Would you come?" in worker.sees


async def test_a_decider_sees_counts_and_no_single_answer(house):
    await answered(house, 2, yes=1)
    decider = await house.staff("decider")
    await decider.types("/results 1")
    assert "1 of 2 people said Yes." in decider.sees
    assert "Export" not in decider.sees
    await decider.taps("Next question")
    assert "Read what they wrote" not in decider.sees
    for key in ("read", "export"):
        await decider.does(Chose(decider.heard[-1].visit, key))
        assert "because" not in decider.sees
    assert "read what people wrote" not in [
        row.did for row in await house.run(lambda db: db.run(select(audit)).all())
    ]


async def closed(house) -> None:
    await house.run(lambda db: db.run(update(consultations).values(state="closed")))


async def test_a_young_reviewer_sees_no_open_consultation(house):
    """Two counts with one answer between them would show what one person said."""
    await answered(house, 8, yes=2)
    reviewer = await house.staff("reviewer")
    await reviewer.joins()
    await reviewer.types("/results")
    assert "Nobody has been asked anything yet." in reviewer.sees
    await reviewer.types("/results 1")
    assert "That one isn't there any more." in reviewer.sees
    await closed(house)
    await reviewer.types("/home")
    await reviewer.taps("Results")
    assert "The new youth hub" in reviewer.sees
    assert "8 people" not in reviewer.sees


async def test_a_young_reviewer_sees_small_numbers_hidden(house):
    await answered(house, 8, yes=2)
    await closed(house)
    reviewer = await house.staff("reviewer")
    await reviewer.types("/start")
    await reviewer.joins()
    await reviewer.types("/results 1")
    assert "8 people took part." in reviewer.sees
    assert "said Yes" not in reviewer.sees
    assert "nobody can be picked out" in reviewer.sees
    worker = await house.staff("worker", "2")
    await worker.types("/results 1")
    assert "2 of 8 people said Yes." in worker.sees


async def test_fewer_than_the_small_number_show_a_reviewer_nothing(house):
    await answered(house, 3, yes=1)
    await closed(house)
    reviewer = await house.staff("reviewer")
    await reviewer.types("/start")
    await reviewer.joins()
    await reviewer.types("/results 1")
    assert "Fewer than 6 people took part" in reviewer.sees
    assert "As a picture" not in reviewer.sees


async def test_texts_are_read_in_pages_of_five_and_reading_is_audited(any_house):
    await answered(any_house, 7, yes=7)
    worker = await any_house.staff("worker")
    await worker.types("/results 1")
    await worker.taps("Next question")
    await worker.taps("Read what they wrote")
    assert "What they wrote: 1 to 5 of 7" in worker.sees
    assert "1. because 0" in worker.sees
    assert "because 5" not in worker.sees
    await worker.taps("More")
    assert "What they wrote: 6 to 7 of 7" in worker.sees
    assert "7. because 6" in worker.sees
    await worker.taps("Earlier")
    await worker.taps("Back")
    assert "3 people wrote" not in worker.sees
    did = [row.did for row in await any_house.run(lambda db: db.run(select(audit)).all())]
    assert did.count("read what people wrote") == 1


async def test_an_export_asks_once_more_is_noted_and_opens_in_another_program(any_house):
    await answered(any_house, 2, yes=1)
    worker = await any_house.staff("worker")
    await worker.types("/results 1")
    await worker.taps("Export to Excel")
    assert "Export everything?" in worker.sees
    did = [row.did for row in await any_house.run(lambda db: db.run(select(audit)).all())]
    assert "exported answers" not in did
    await worker.taps("Make the file")
    attachment = worker.heard[-2].attachment
    did = [row.did for row in await any_house.run(lambda db: db.run(select(audit)).all())]
    assert did[-1] == "exported answers"
    drawn = await draw(any_house.runtime, attachment)
    assert drawn.name == "hub.xlsx"
    sheet = load_workbook(io.BytesIO(drawn.content))["answers"]
    said = list(sheet.iter_rows(values_only=True))
    assert said[0] == ("_row", "_age", "_language", "_day", "come", "why")
    assert {row[4:] for row in said[1:]} == {("yes", "because 0"), ("no", "because 1")}
    assert {row[1:3] for row in said[1:]} == {("16-17", "en")}


async def test_a_picture_comes_with_its_numbers_in_words(house):
    await answered(house, 3, yes=1)
    worker = await house.staff("worker")
    await worker.types("/results 1")
    await worker.taps("As a picture")
    attachment = worker.heard[-1].attachment
    assert "1 of 3 people said Yes." in attachment.described
    assert "[Next question]" in worker.sees
    await worker.taps("Next question")
    await worker.taps("Question before")
    assert worker.heard[-1].attachment == attachment  # it stays a picture until words are asked for
    await worker.taps("In words")
    assert "1 of 3 people said Yes." in worker.sees
    drawn = await draw(house.runtime, attachment)
    assert drawn.is_picture
    assert drawn.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("label", ["As a picture", "Export to Excel"])
async def test_staff_removed_since_get_no_attachment(house, label):
    await answered(house, 2, yes=1)
    owner = await house.staff("owner")
    worker = await house.staff("worker", "2")
    await worker.types("/results 1")
    await worker.taps(label)
    if label.startswith("Export"):
        await worker.taps("Make the file")
    attachment = next(say.attachment for say in reversed(worker.heard) if say.attachment)
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Worker 1")
    await owner.taps("Yes, remove")
    drawn = await draw(house.runtime, attachment)
    assert drawn.kind == "text/plain"
    assert b"because" not in drawn.content


async def test_a_draft_has_no_results_and_a_removed_consultation_says_so(house):
    await house.run(lambda db: manage.import_form(db, HUB, None))
    worker = await house.staff("worker")
    await worker.types("/results")
    assert "Nobody has been asked anything yet." in worker.sees
    for number in (1, 99):
        await worker.types(f"/results {number}")
        assert "there any more" in worker.sees


async def test_without_any_answer_there_are_still_words(house):
    number = await opened(house)
    worker = await house.staff("worker")
    await worker.types(f"/results {number}")
    assert "0 people took part." in worker.sees
    assert "Nobody has answered this one." in worker.sees


async def test_young_people_have_no_results_to_open(house):
    await opened(house)
    young = house.person()
    await young.joins()
    await young.types("/results 1")
    assert "I don't know that one" in as_text(young.heard[-2])


async def test_the_command_line_exports_by_form_id(house):
    await answered(house, 2, yes=1)

    async def reads(_rules, work):
        return await house.runtime.database.read(lambda connection: work(house.runtime.db(connection)))

    written = await export_file(reads, house.runtime.rules, "hub", ".csv")
    assert b"because 0" in written
    assert await export_file(reads, house.runtime.rules, "no such thing", ".csv") is None


async def test_the_list_tells_a_young_reviewer_no_number_that_the_result_hides(house):
    await answered(house, 2, yes=1)
    await closed(house)
    reviewer = await house.staff("reviewer")
    await reviewer.joins()
    await reviewer.types("/results")
    assert "1. The new youth hub" in reviewer.sees
    assert "people" not in reviewer.sees


async def reviewer_reads(reviewer):
    await reviewer.types("/results 1")
    await reviewer.taps("Next question")
    texts = reviewer.sees
    await reviewer.taps("Question before")
    picture = await draw(reviewer.house.runtime, (await reviewer.taps("As a picture"))[-1].attachment)
    await reviewer.taps("In words")
    return texts, reviewer.sees, picture.content


@pytest.mark.parametrize("leaves", ["forgets", "takes back", "not used"])
async def test_a_result_seen_before_and_after_somebody_left_is_the_same(house, leaves):
    number = await answered(house, 20, yes=12)
    await closed(house)
    reviewer = await house.staff("reviewer")
    await reviewer.joins()
    before = await reviewer_reads(reviewer)
    assert "12 of 20 people said Yes." in before[1]

    def go(db):
        door = people.door_at(db, WEB, "young 0")
        if leaves == "forgets":
            people.forget(db, door.person.id)
        elif leaves == "takes back":
            taking_back.take_back(db, door, TakeBackAnswer(number, "come"))
        else:
            using.stop(db, door, StopUsing())

    await house.run(go)
    assert await reviewer_reads(reviewer) == before
    worker = await house.staff("worker", "2")
    await worker.types("/results 1")
    assert "11 of 19 people said Yes." in worker.sees


async def test_a_consultation_that_opens_again_is_counted_anew_when_it_closes(house):
    await answered(house, 8, yes=8)
    await closed(house)
    await house.run(shown_counts.freeze_closed)
    await house.run(lambda db: db.run(update(consultations).values(state="open")))
    await house.run(shown_counts.freeze_closed)
    assert await house.run(lambda db: shown_counts.shown(db, "consultation:1")) is None


async def test_what_is_kept_of_a_count_has_no_words_and_nobodys_number(house):
    await answered(house, 8, yes=8)
    await closed(house)
    assert await house.run(shown_counts.freeze_closed) == 1
    kept = await house.run(lambda db: shown_counts.shown(db, "consultation:1"))
    assert (kept.people, kept.counts) == (8, {"come": [8, {"yes": 8}], "why": [8, {}]})
