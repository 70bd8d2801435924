"""What people say after an outcome, seen by the team: counts by consultation and over time, words, pictures, a file."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from conversations.followup.effects import AddToOutcome, JudgeOutcome, RatePulse
from handlers.files.render import draw, export_file
from storage.core.dispatch import dispatch
from storage.followup import schedule as revisit_schedule
from storage.people import people
from storage.registry import HANDLERS
from storage.tables import audit, consultations, judgements, revisit_answers, revisits
from tests.crowd import add_crowd, open_hub
from tests.sample_forms import publish


@pytest.fixture
async def crowd(house):
    """Twelve who took part: nine say that we got it right, two do not, one says nothing; one was asked in the last
    quarter, and seven about a promise.
    """
    return await house.run(_fill)


def _fill(db):
    number = open_hub(db)
    those = add_crowd(db, 12, consultation=number)
    publish(db, number, 1)
    db.run(update(consultations).values(state="answered"))
    revisit_schedule.begin(db, 1)
    for n, person in enumerate(those[:11]):
        door = people.door_by_id(db, person)
        said = [JudgeOutcome(1, n < 9), RatePulse(1, "space", "yes"), RatePulse(1, "influence", "bit")]
        dispatch(db, door, said, HANDLERS)
    dispatch(db, people.door_by_id(db, those[0]), [AddToOutcome(1, "=1+1 and the bench")], HANDLERS)
    asked = db.run(select(revisits.c.id)).scalar()
    db.run(
        update(revisits).values(
            state="closed", ended="kept", asked_at=db.now, ended_at=db.now, owner_says="yes"
        )
    )
    for n, person in enumerate(those[:7]):
        row = {"person_id": person, "revisit_id": asked, "says": "yes" if n else "no", "at": db.now}
        db.run(revisit_answers.insert().values(**row))
    return number


async def drawn(house, say):
    return await draw(house.runtime, say.attachment)


async def test_the_team_sees_it_by_consultation_in_words_and_as_a_picture(house, crowd):
    decider = await house.staff("decider")
    await decider.types("/results")
    await decider.taps("The new youth hub")
    await decider.taps("What they say now")
    for line in (
        "Did we get it right?",
        "· 9 of 11 people said You got it right.",
        "· 2 of 11 people said Not really.",
        "Could you say what you think, and feel safe doing it?",
        "We will: put two lamps at the stop. Has it really happened?",
        "· 6 of 7 people said Yes.",
    ):
        assert line in decider.sees
    assert "Was it easy to say it in your own way?" not in decider.sees  # nobody answered that
    assert "Read what they added" not in decider.sees
    picture, _question = await decider.taps("As a picture")
    assert (await drawn(house, picture)).content.startswith(b"\x89PNG")
    assert "9 of 11 people said You got it right." in picture.attachment.described


async def test_those_who_may_read_answers_read_the_comments_and_that_is_audited(house, crowd):
    worker = await house.staff("worker")
    await worker.types(f"/results {crowd}")
    await worker.taps("What they say now")
    await worker.taps("Read what they added")
    assert "1. =1+1 and the bench" in worker.sees
    did = select(audit.c.did).order_by(audit.c.id.desc()).limit(1)
    assert await house.run(lambda db: db.run(did).scalar()) == "read what people added"


async def test_over_time_it_is_counted_by_month_and_by_quarter(any_house):
    house = any_house
    await house.run(_fill)
    await house.run(
        lambda db: db.run(update(judgements).where(judgements.c.person_id < 4).values(at=_in_autumn(db)))
    )
    worker = await house.staff("worker")
    await worker.types("/results")
    await worker.taps("Over time")
    assert "4th quarter 2026: did we get it right?" in worker.sees
    assert "3rd quarter 2026: did we get it right?\n· 3 of 3 people said You got it right." in worker.sees
    assert "1 promise kept." in worker.sees
    await worker.taps("By month")
    assert "December 2026: has it really happened?\n· 6 of 7 people said Yes." in worker.sees
    picture, _question = await worker.taps("As a picture")
    assert (await drawn(house, picture)).content.startswith(b"\x89PNG")
    file, _question = await worker.taps("Export to Excel")
    book = load_workbook(io.BytesIO((await drawn(house, file)).content))
    counts = {
        row[1]: row[3] for row in book["results"].iter_rows(values_only=True) if row[0] == "2026-12:happened"
    }
    assert (counts["yes"], counts["no"]) == (6, 1)


def _in_autumn(db):
    return db.now.replace(month=9)


async def test_a_young_reviewer_sees_past_periods_with_small_numbers_hidden(house, crowd):
    await house.person("5559001").joins()
    reviewer = await house.staff("reviewer")
    await reviewer.types("/results time")
    assert "Nobody has said anything about our answers yet." in reviewer.sees
    house.clock.on(days=40)
    await reviewer.types("/results time")
    assert "4th quarter 2026: did we get it right?" in reviewer.sees
    assert "2 of 11" not in reviewer.sees
    assert "1 of 7" not in reviewer.sees
    assert "Export" not in reviewer.sees
    await reviewer.types(f"/results {crowd}")
    assert "What they say now" not in reviewer.sees


async def test_the_export_holds_it_and_nothing_in_it_calculates(house, crowd):
    read = house.runtime.database.read

    async def reading(rules, work):
        return await read(lambda connection: work(house.runtime.db(connection)))

    content = await export_file(reading, house.runtime.rules, "hub", ".xlsx")
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["answers", "questions", "results", "after", "added", "about"]
    after = {(row[0], row[1]): row[3] for row in book["after"].iter_rows(values_only=True)}
    assert (after["right", "yes"], after["right", "no"], after["part1", "yes"]) == (9, 2, 6)
    (_heading, (cell,)) = book["added"].iter_rows()
    assert cell.data_type == "s"
    assert cell.value.endswith("=1+1 and the bench")
