"""A text that opened a case: to everybody but its writer it looks unwritten, until the lead lets the team read it."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from conversations.consultations.effects import SaveAnswer, SkipQuestion
from conversations.core.effects import Refused
from conversations.core.messages import Session
from conversations.followup.effects import AddToOutcome, AddToRevisit, AnswerRevisit, JudgeOutcome
from conversations.issues.effects import AnswerIssue
from conversations.results.effects import AskToQuote
from conversations.safeguarding.effects import RaiseAlert, ReleaseTexts
from handlers.files.render import draw
from storage.changes import published
from storage.consultations import answers as stored_answers
from storage.core.dispatch import dispatch
from storage.followup import reports
from storage.followup import schedule as revisit_schedule
from storage.issues import counts as issue_counts
from storage.people import people
from storage.registry import HANDLERS, SEALED
from storage.results import counts
from storage.safeguarding import kept_back, words
from storage.tables import audit, consultations, issues, kept_counts, outbox, revisits
from tests.crowd import add_crowd, open_hub
from tests.house import as_text
from tests.sample_forms import publish

DANGER = "i want to kill myself"
WITH_LEAD = "Something that was written here is with the safeguarding lead."


async def says(house, address, text, number=1):
    """Somebody joins and answers the hub's two questions."""
    young = house.person(address)
    await young.joins()
    await young.types(f"/say {number}")
    await young.taps("Start")
    await young.taps("Yes")
    await young.types(text)
    return young


@pytest.fixture
async def hub(any_house):
    """One wrote a sign of danger, another did not; a lead is there."""
    await any_house.run(open_hub)
    await any_house.staff("safeguarding", "lead")
    await says(any_house, "1", DANGER)
    await says(any_house, "2", "more lamps")
    return any_house


async def tallies(house):
    found = await house.run(lambda db: counts.count_now(db, 1))
    return {one.question: one.answered for one in found.tallies}


async def taps_in_case(house, *labels, case=1):
    lead = house.person("lead")
    await lead.types(f"/cases {case}")
    for label in labels:
        await lead.taps(label)
    return lead


async def lets_the_team_read(house, case=1):
    return await taps_in_case(house, "The team may read it", "The team may read it", case=case)


async def reading(house):
    worker = await house.staff("worker", "w")
    await worker.types("/results 1")
    await worker.taps("Next question")
    if "Read what they wrote" in worker.sees:
        await worker.taps("Read what they wrote")
    return worker


async def exported(house) -> str:
    worker = await house.staff("worker", "w")
    await worker.types("/results 1")
    await worker.taps("Export to Excel")
    says = await worker.taps("Make the file")
    file = next(say.attachment for say in says if say.attachment)
    book = load_workbook(io.BytesIO((await draw(house.runtime, file)).content))
    return str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])


async def kept(house, case=1) -> list[tuple[str, str | None]]:
    lead = house.person("lead")
    found = await house.run(lambda db: words.texts(db, people.door_at(db, lead.channel, lead.address), case))
    return [(text.words, text.question) for text in found]


# --- answers --------------------------------------------------------------------------------------


async def test_it_is_in_no_list_no_export_and_no_count_and_other_answers_count(hub):
    worker = await reading(hub)
    assert "more lamps" in worker.sees
    assert "of 1" in worker.sees
    assert DANGER not in worker.sees
    assert await tallies(hub) == {"visit": 2, "why": 1}
    file = await exported(hub)
    assert "more lamps" in file
    assert DANGER not in file


async def test_released_it_is_read_counted_and_exported_like_any_other(hub):
    lead = await lets_the_team_read(hub)
    assert "The team may read it now." in as_text(lead.heard[-2])
    assert "The team may read it" not in lead.sees
    worker = await reading(hub)
    assert DANGER in worker.sees
    assert WITH_LEAD not in worker.sees
    assert await tallies(hub) == {"visit": 2, "why": 2}
    assert DANGER in await exported(hub)
    lines = await hub.run(lambda db: db.run(select(audit.c.did, audit.c.about)).all())
    assert ("let the team read it", "case 1") in [tuple(line) for line in lines]


async def test_that_something_is_with_the_lead_is_said_at_the_head_without_a_number(hub):
    worker = await reading(hub)
    assert WITH_LEAD in worker.sees
    await worker.types("/results 1")
    assert WITH_LEAD in worker.sees
    await worker.types("/results")
    assert WITH_LEAD not in worker.sees


async def test_a_young_reviewer_does_not_read_that_something_is_with_the_lead(hub):
    await hub.run(lambda db: db.run(update(consultations).values(state="closed")))
    reviewer = await hub.staff("reviewer", "r")
    await reviewer.joins()
    await reviewer.types("/results 1")
    assert WITH_LEAD not in reviewer.sees


async def test_its_writer_sees_it_everywhere(hub):
    young = hub.person("1")
    await young.types("/mydata")
    assert DANGER in young.sees
    await young.types("/say 1")
    assert DANGER in "\n".join(as_text(say) for say in young.heard[-2:])


async def test_nobody_is_asked_to_quote_it(hub):
    def ask(db):
        writer = people.door_at(db, hub.person("1").channel, "1").person.id
        reader = people.door_at(db, hub.person("w").channel, "w")
        dispatch(db, reader, (AskToQuote(1, "why", writer),), HANDLERS)

    await hub.staff("worker", "w")
    with pytest.raises(Refused):
        await hub.run(ask)


async def test_an_outcome_does_not_repeat_it_to_its_writer(hub):
    def own(db):
        publish(db, 1, 1)
        door = people.door_at(db, hub.person("1").channel, "1")
        session = Session("", 0, {"outcome": 1})
        return published.one_outcome(db, door, session), published.outcome_batch(db, [door], session)[door.id]

    for found in await hub.run(own):
        assert dict(found.answers) == {"visit": "yes"}


async def test_kept_counts_are_counted_again_once_it_is_released(hub):
    values = {"consultation_id": 1, "over": True, "people": 2, "tallies": []}
    await hub.run(lambda db: db.run(kept_counts.insert().values(**values, counted_at=db.now)))
    await lets_the_team_read(hub)
    assert await hub.run(lambda db: db.run(select(func.count()).select_from(kept_counts)).scalar()) == 0


async def test_a_change_of_it_goes_to_the_case_and_stays_there_whatever_it_says(hub):
    young = hub.person("1")
    young.said = 1
    await young.edits("haha only joking, more lamps")
    assert await kept(hub) == [(DANGER, "why"), ("haha only joking, more lamps", "why")]
    assert await tallies(hub) == {"visit": 2, "why": 1}
    worker = await reading(hub)
    assert "joking" not in worker.sees


def acts(house, *effects):
    def act(db):
        dispatch(db, people.door_at(db, house.person("1").channel, "1"), effects, HANDLERS)

    return house.run(act)


async def test_skipped_and_written_anew_it_stays_with_the_case(hub):
    await acts(hub, SkipQuestion(1, "why"))
    assert await tallies(hub) == {"visit": 2, "why": 1}
    assert WITH_LEAD not in (await reading(hub)).sees
    assert "The team may read it" not in (await taps_in_case(hub)).sees
    await acts(hub, SaveAnswer(1, "why", "he does it every night"))
    assert await kept(hub) == [(DANGER, "why"), ("he does it every night", "why")]
    assert await tallies(hub) == {"visit": 2, "why": 1}
    assert "every night" not in (await reading(hub)).sees
    await lets_the_team_read(hub)
    assert "every night" in (await reading(hub)).sees


async def test_skipped_until_the_case_is_closed_what_is_written_next_is_an_ordinary_text(hub):
    await acts(hub, SkipQuestion(1, "why"))
    await taps_in_case(hub, "Close the case", "Another reason", "Close it")
    await acts(hub, SaveAnswer(1, "why", "more benches"))
    assert await tallies(hub) == {"visit": 2, "why": 2}


async def test_an_answer_that_did_not_count_for_a_while_stays_with_the_case(hub):
    def drop(db):
        writer = people.door_at(db, hub.person("1").channel, "1").person.id
        stored_answers.mark_aside(db, writer, 1, ["visit", "why"], aside=True)

    await hub.run(drop)
    assert await tallies(hub) == {"visit": 1, "why": 1}
    await acts(hub, SaveAnswer(1, "why", "he does it every night"))
    assert await kept(hub) == [(DANGER, "why"), ("he does it every night", "why")]
    assert await tallies(hub) == {"visit": 1, "why": 1}


async def test_a_sign_in_an_edit_takes_the_answer_out_of_the_lists(hub):
    young = hub.person("2")
    young.said = 1
    await young.edits(DANGER)
    assert "999" in young.sees
    assert await kept(hub, 2) == [(DANGER, "why")]
    assert "why" not in await tallies(hub)
    worker = await reading(hub)
    assert WITH_LEAD in worker.sees
    assert "more lamps" not in worker.sees


async def test_closed_and_kept_hidden_it_stays_so_until_its_writer_changes_it(hub):
    await taps_in_case(
        hub, "Close the case", "False alarm: it meant something else", "Close it, keep it hidden"
    )
    assert await tallies(hub) == {"visit": 2, "why": 1}
    assert WITH_LEAD not in (await reading(hub)).sees, "it is with nobody any more"
    young = hub.person("1")
    young.said = 1
    await young.edits("more benches")
    assert await tallies(hub) == {"visit": 2, "why": 2}
    assert "more benches" in (await reading(hub)).sees


async def test_closed_and_shown_the_team_reads_it(hub):
    lead = await taps_in_case(hub, "Close the case", "Another reason")
    assert "looks as if they had not answered" in lead.sees
    await lead.taps("Close it, and show the team")
    assert await tallies(hub) == {"visit": 2, "why": 2}
    assert DANGER in (await reading(hub)).sees


async def test_whoever_may_not_read_the_words_cannot_release_them(hub):
    owner = await hub.staff("owner", "o")
    await owner.types("/cases 1")
    assert "The team may read it" not in owner.sees
    await owner.taps("Close the case")
    await owner.taps("Another reason")
    assert "show the team" not in owner.sees

    def release(db):
        door = people.door_at(db, owner.channel, owner.address)
        dispatch(db, door, (ReleaseTexts(1),), HANDLERS)

    with pytest.raises(Refused):
        await hub.run(release)
    assert await tallies(hub) == {"visit": 2, "why": 1}


async def test_somebody_who_deleted_everything_and_came_back_answers_anew(hub):
    young = hub.person("1")
    await young.types("/delete")
    await young.taps("Yes, delete it")
    await says(hub, "1", "i want to die")
    assert await kept(hub, 1) == [(DANGER, "why")]
    assert await kept(hub, 2) == [("i want to die", "why")]
    lead = await taps_in_case(hub)
    assert "The team may read it" not in lead.sees, "its text went with /delete"
    await lets_the_team_read(hub, case=2)
    assert await tallies(hub) == {"visit": 2, "why": 2}


# --- what they raise ------------------------------------------------------------------------------


async def raises(house, text, address="1"):
    young = house.person(address)
    await young.joins()
    await young.types("/raise")
    await young.taps("2")
    await young.types(text)
    if "I'm OK, go on" in young.sees:
        await young.taps("I'm OK, go on")
    await young.taps("Send it")
    return young


async def test_the_team_does_not_see_that_it_was_raised_until_it_may_read_it(any_house):
    await any_house.staff("safeguarding", "lead")
    await raises(any_house, DANGER)
    worker = await any_house.staff("worker", "w")
    await worker.types("/inbox")
    assert "1." not in worker.sees
    counted = await any_house.run(lambda db: issue_counts.raised_counts(db, None, None))
    assert counted.heaps == ()
    with pytest.raises(Refused):
        await any_house.run(
            lambda db: dispatch(
                db, people.door_at(db, worker.channel, "w"), (AnswerIssue(1, "thanks"),), HANDLERS
            )
        )
    young = any_house.person("1")
    await young.types("/mydata")
    assert DANGER in young.sees
    assert await kept(any_house) == [(DANGER, None)]
    await lets_the_team_read(any_house)
    await worker.types("/inbox")
    await worker.taps("1")
    assert DANGER in worker.sees


async def test_in_a_thread_only_what_has_the_sign_is_kept_back(any_house):
    await any_house.staff("safeguarding", "lead")
    young = await raises(any_house, "the bus never comes")
    worker = await any_house.staff("worker", "w")

    def answer(db):
        dispatch(db, people.door_at(db, worker.channel, "w"), (AnswerIssue(1, "which bus?"),), HANDLERS)

    await any_house.run(answer)
    await young.types("/raise")
    await young.taps("1")
    await young.taps("Add something")
    await young.types(DANGER)
    assert await any_house.run(lambda db: db.run(select(issues.c.state)).scalar()) == "answered"
    told = select(func.count()).where(outbox.c.kind == "wrote_back")
    assert await any_house.run(lambda db: db.run(told).scalar()) == 0
    await worker.types("/inbox")
    assert "1." not in worker.sees
    await lets_the_team_read(any_house)
    assert await any_house.run(lambda db: db.run(select(issues.c.state)).scalar()) == "open"
    await worker.types("/inbox")
    await worker.taps("1")
    assert DANGER in worker.sees


# --- after an outcome -----------------------------------------------------------------------------


async def test_what_they_add_to_an_outcome_or_a_promise_is_kept_back(any_house):
    def add(db):
        number = open_hub(db)
        (person,) = add_crowd(db, 1, consultation=number)
        publish(db, number, 1)
        revisit_schedule.begin(db, 1)
        db.run(update(revisits).values(state="people", asked_at=db.now))
        asked = db.run(select(revisits.c.id)).scalar()
        door = people.door_by_id(db, person)
        effects = (
            RaiseAlert("suicide", "after.more", DANGER),
            JudgeOutcome(1, right=False),
            AddToOutcome(1, DANGER, alarming=True),
            AnswerRevisit(asked, "no"),
            AddToRevisit(asked, "and again", alarming=True),
        )
        dispatch(db, door, effects, HANDLERS)

    lead = await any_house.staff("safeguarding", "lead")
    await any_house.run(add)
    assert await any_house.run(lambda db: reports.all_added(db, 1)) == ()
    assert (await any_house.run(lambda db: reports.after_counts_of(db, 1))).added == 0
    await any_house.run(
        lambda db: dispatch(db, people.door_at(db, lead.channel, "lead"), (ReleaseTexts(1),), HANDLERS)
    )
    assert set(await any_house.run(lambda db: reports.all_added(db, 1))) == {DANGER, "and again"}
    for table in kept_back.TABLES:
        left = select(func.count()).select_from(table).where(table.c.case_id.is_not(None))
        assert await any_house.run(lambda db, left=left: db.run(left).scalar()) == 0


# --- every table of texts -------------------------------------------------------------------------

# Sealed columns that hold no text of a young person for others to read.
OTHERS = {
    "audit_head", "approvals", "case_entries", "case_words", "cases", "doors", "outbox", "outcomes", "parts", "pictures",
    "marks", "promise_moves", "retired_keys", "revisits", "sessions", "status_changes", "team_names", "seals",
    "challenges", "passkeys", "sign_in_links",
}  # fmt: skip


def test_every_table_of_young_peoples_texts_can_keep_one_back():
    assert {one.column.table.name for one in SEALED} - OTHERS == {table.name for table in kept_back.TABLES}


async def test_text_of_a_page_of_answers_is_for_the_team_only_if_readable(hub):
    page, total = await hub.run(lambda db: stored_answers.texts(db, 1, "why", 0, 5))
    assert ([text for _, text in page], total) == (["more lamps"], 1)
