"""Soft signs: no alert and no detour, but a quiet line of help, and a text that a lead reads first."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.cli.play import open_now
from conversations.consultations.sample import BUSES
from conversations.core.effects import Refused
from conversations.core.events import Sent
from conversations.safeguarding.effects import ClearText, MarkText, OpenCase, ReadText
from storage.core.dispatch import dispatch
from storage.operations import retention
from storage.people import people
from storage.registry import HANDLERS, SEALED
from storage.safeguarding import marks as marked
from storage.safeguarding import words as case_words
from storage.tables import answers as answers_table
from storage.tables import audit, cases, marks, outbox
from tests.house import as_text
from tests.lookout import SOFT_WORD

SOFT = f"i feel {SOFT_WORD} at night"
QUIET = "you can talk to somebody at any time"
FIRM = "i want to die"


async def writer(house, address="5550001", door="telegram", band="16–17"):
    young = house.person(address, door)
    await young.joins(band)
    return young


async def answers(house, text=SOFT, **more):
    """Somebody who answers the sample's second question with this text."""
    await house.run(lambda db: open_now(db, BUSES, closes_at=db.now + timedelta(days=30)))
    young = await writer(house, **more)
    for move in ("/say 1", "[Start]", "[Not safe]"):
        await (young.types(move) if move.startswith("/") else young.taps(move[1:-1]))
    await young.types(text)
    return young


def at_door(work, someone):
    return lambda db: work(db, people.door_at(db, someone.channel, someone.address))


async def does(house, someone, effect) -> None:
    await house.run(at_door(lambda db, door: dispatch(db, door, (effect,), HANDLERS), someone))


async def to_read(house, lead) -> list[str]:
    """The words of all texts that a lead finds to read, in their order."""

    def read(db, door):
        found = marked.marked_texts(db, door, None).texts
        return [text.words for one in found if (text := marked.text(db, door, one.id, SEALED))]

    return await house.run(at_door(read, lead))


async def count(house, table) -> int:
    return await house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar())


def heard(someone) -> str:
    return "\n".join(as_text(say) for say in someone.heard)


# --- the young person -----------------------------------------------------------------------------


async def test_a_soft_sign_brings_a_quiet_line_and_neither_case_nor_alert_nor_detour(any_house):
    lead = await any_house.staff("safeguarding", "lead")
    young = await answers(any_house)
    quiet, question = young.heard[-2:]
    assert QUIET in quiet.text
    assert "Childline 0800 1111" in quiet.text
    assert not quiet.rows
    assert question.progress == (3, 5), "the answer is taken, and the next question follows"
    assert await count(any_house, cases) == 0
    waiting = await any_house.run(lambda db: db.run(select(outbox.c.kind)).scalars().all())
    assert "alert" not in waiting
    assert await to_read(any_house, lead) == [SOFT]


@pytest.mark.parametrize(
    ("band", "who"),
    [("13–15", "Childline 0800 1111"), ("18–25", "Childline 0800 1111 · Samaritans 116 123")],
)
async def test_the_quiet_line_is_right_for_the_age(house, band, who):
    young = await writer(house, band=band, door="web")
    await young.types(SOFT)
    assert f"{QUIET}: {who}\n" in f"{heard(young)}\n"


async def test_the_quiet_line_comes_once_in_a_sitting(house):
    young = await writer(house)
    await young.types(SOFT)
    await young.types("nothing else")
    house.clock.on(minutes=30)
    await young.types(SOFT)
    assert heard(young).count(QUIET) == 1
    house.clock.on(hours=3)
    await young.types(SOFT)
    assert heard(young).count(QUIET) == 2
    assert await count(house, marks) == 3, "each of the texts is to be read"


async def test_a_soft_sign_in_words_that_could_not_be_stored_is_read_all_the_same(house):
    lead = await house.staff("safeguarding", "lead")
    young = await answers(house, "more lights")
    house.clock.on(days=90)
    await house.staff_stay()
    await young.edits(SOFT)
    assert QUIET in heard(young)
    assert await to_read(house, lead) == [SOFT]


async def test_a_firm_sign_is_no_soft_one(house):
    young = await writer(house)
    await young.types(f"{SOFT} and {FIRM}")
    assert QUIET not in heard(young)
    assert (await count(house, cases), await count(house, marks)) == (1, 0)


async def test_a_soft_sign_over_the_pace_is_left(house):
    young = await writer(house)
    for _ in range(60):
        await young.types("hello")
    await young.types(SOFT)
    assert await count(house, marks) == 0
    await young.types(FIRM)
    assert await count(house, cases) == 1


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Sent("photo", caption=SOFT), SOFT),
        (Sent("file", name=f"{SOFT}.pdf"), f"{SOFT}.pdf"),
    ],
)
async def test_a_soft_sign_in_what_nothing_else_stores_is_kept_in_its_mark(house, event, words):
    lead = await house.staff("safeguarding", "lead")
    young = await writer(house)
    await young.does(event)
    assert QUIET in heard(young)
    assert await to_read(house, lead) == [words]
    await young.types("/mydata")
    assert f'You also wrote: "{words}". I keep it for 30 days.' in young.sees


# --- where a text is ------------------------------------------------------------------------------


async def test_a_marked_text_stays_where_it_is_stored_and_in_no_other_place(any_house):
    await answers(any_house)
    row = await any_house.run(lambda db: db.run(select(marks)).one())
    assert (row.stored_in, row.question, row.sealed) == ("answers", "better", None)


async def test_a_thread_and_a_draft_are_marked_where_they_are(any_house):
    lead = await any_house.staff("safeguarding", "lead")
    young = await writer(any_house)
    await young.types("/raise new")
    await young.taps("2")
    await young.types(f"a draft: {SOFT}")
    await young.taps("Send it")
    await young.types("/raise")
    await young.taps("1")
    await young.taps("Add something")
    await young.types(f"more: {SOFT}")
    where = await any_house.run(lambda db: db.run(select(marks.c.stored_in, marks.c.sealed)).all())
    assert [tuple(row) for row in where] == [("issues", None), ("issue_entries", None)]
    assert await to_read(any_house, lead) == [f"more: {SOFT}", f"a draft: {SOFT}"]


async def test_an_edit_with_a_soft_sign_marks_the_answer_once(any_house):
    lead = await any_house.staff("safeguarding", "lead")
    young = await answers(any_house)
    await young.edits(f"or rather: {SOFT}")
    assert await to_read(any_house, lead) == [f"or rather: {SOFT}"]


async def test_the_mark_goes_with_the_text(any_house):
    lead = await any_house.staff("safeguarding", "lead")
    young = await answers(any_house)
    await young.taps("Back")
    await young.taps("Delete my answer")
    assert await to_read(any_house, lead) == []
    await lead.types("/home")
    assert "text to read" not in lead.sees
    await any_house.run(retention.delete_expired)
    assert await count(any_house, marks) == 0


async def test_retention_takes_text_and_mark(any_house):
    lead = await any_house.staff("safeguarding", "lead")
    young = await answers(any_house)
    await young.types(f"/nothing {SOFT}")
    assert len(await to_read(any_house, lead)) == 2
    any_house.clock.on(days=31)
    await any_house.staff_stay()
    await any_house.run(retention.delete_expired)
    assert await to_read(any_house, lead) == [SOFT], "what nothing else stores goes first"
    any_house.clock.on(days=365)
    await any_house.staff_stay()
    await any_house.run(retention.erase_words)
    assert await to_read(any_house, lead) == []


async def test_delete_takes_text_and_mark(any_house):
    lead = await any_house.staff("safeguarding", "lead")
    young = await answers(any_house)
    await young.types(f"/nothing {SOFT}")
    await young.types("/delete")
    await young.taps("Yes, delete it")
    assert await to_read(any_house, lead) == []
    assert await count(any_house, marks) == 0


# --- the lead -------------------------------------------------------------------------------------


async def test_the_home_button_and_the_cases_count_the_texts_to_read(house):
    await answers(house)
    lead = await house.staff("safeguarding", "lead")
    await lead.types("/home")
    assert "[1 text to read]" in lead.sees
    await lead.types("/cases")
    await lead.taps("1 text to read")
    assert "At a question. It may hold a sign that somebody is not safe." in lead.sees
    assert SOFT not in heard(lead)
    young = await writer(house, "5550002")
    await young.types(FIRM)
    await lead.types("/home")
    assert "[1 case open, 1 text to read]" in lead.sees


async def test_only_those_who_read_the_words_of_cases_read_marked_texts(house):
    young = await answers(house)
    others = [await house.staff(role, role) for role in ("worker", "decider", "reviewer")]
    for one in (*others, young):
        for effect in (ReadText(1), ClearText(1), OpenCase(1, "x")):
            with pytest.raises(Refused):
                await does(house, one, effect)
        assert await to_read(house, one) == []
    for role in ("safeguarding", "deputy", "owner"):
        assert await to_read(house, await house.staff(role, role)) == [SOFT]


async def test_nothing_to_worry_about_is_kept_with_who_and_when(any_house):
    await answers(any_house)
    lead = await any_house.staff("safeguarding", "lead")
    await does(any_house, lead, ReadText(1))
    await does(any_house, lead, ClearText(1))
    assert await to_read(any_house, lead) == []
    row = await any_house.run(lambda db: db.run(select(marks)).one())
    assert row.cleared_at == any_house.clock.now
    assert row.cleared_by == await any_house.run(at_door(lambda _db, door: door.person.id, lead))
    lines = await any_house.run(lambda db: db.run(select(audit.c.did, audit.c.about)).all())
    assert [tuple(line) for line in lines][-2:] == [
        ("read a marked text", "text 1"),
        ("cleared a marked text", "text 1"),
    ]
    with pytest.raises(Refused):
        await does(any_house, lead, ClearText(1))


async def test_a_case_opened_by_hand_has_the_words_and_its_person_reads_who_can_help(any_house):
    young = await answers(any_house)
    lead = await any_house.staff("safeguarding", "lead")
    await does(any_house, lead, OpenCase(1, SOFT))
    row = await any_house.run(lambda db: db.run(select(cases)).one())
    assert row.check_at is None, "whoever opened it is on it"
    (text,) = await any_house.run(at_door(lambda db, door: case_words.texts(db, door, row.id), lead))
    assert (text.words, text.step, text.question) == (SOFT, "say.question", "better")
    (kept,) = await any_house.run(
        lambda db: (
            db.run(select(answers_table.c.case_id).where(answers_table.c.case_id.is_not(None)))
            .scalars()
            .all()
        )
    )
    assert kept == row.id, "the team does not read it until the lead lets it"
    kind = select(outbox.c.door_id, outbox.c.kind).where(outbox.c.kind.in_(("alert", "read_by_lead")))
    (sent,) = await any_house.run(lambda db: db.run(kind).all())
    there = await any_house.run(at_door(lambda _db, door: door.id, young))
    assert (sent.door_id, sent.kind) == (there, "read_by_lead")
    assert await to_read(any_house, lead) == []


async def test_a_case_opened_by_hand_joins_the_persons_open_one(house):
    young = await answers(house)
    await young.types(FIRM)
    lead = await house.staff("safeguarding", "lead")
    await does(house, lead, OpenCase(1, SOFT))
    texts = await house.run(at_door(lambda db, door: case_words.texts(db, door, 1), lead))
    assert [text.words for text in texts] == [FIRM, SOFT]
    assert await count(house, cases) == 1


# --- who is looked at -----------------------------------------------------------------------------


async def test_a_young_reviewer_and_a_worker_at_home_are_looked_at_and_a_worker_at_work_is_not(house):
    reviewer, worker = await house.staff("reviewer", "r"), await house.staff("worker", "w")
    await reviewer.types(SOFT)
    await worker.types("/home")
    await worker.types(SOFT)
    assert await count(house, marks) == 2
    await worker.types("/news")
    await worker.taps("Write good news")
    await worker.types(SOFT)
    assert await count(house, marks) == 2


# --- two at once, and one's own -------------------------------------------------------------------


@pytest.mark.also_on_postgres
async def test_of_two_who_open_a_case_about_a_text_at_once_one_does(any_house):
    leads = [await any_house.staff("safeguarding", address) for address in ("lead", "second")]
    await answers(any_house)
    both = (does(any_house, lead, OpenCase(1, SOFT)) for lead in leads)
    results = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in results if one] == [Refused]
    assert await count(any_house, cases) == 1
    told = select(func.count()).where(outbox.c.kind == "read_by_lead")
    assert await any_house.run(lambda db: db.run(told).scalar()) == 1


async def test_a_lead_decides_about_no_text_of_their_own_while_somebody_else_can(any_house):
    lead = await any_house.staff("safeguarding", "lead")
    await any_house.run(at_door(lambda db, door: dispatch(db, door, (_marked(),), HANDLERS), lead))
    await any_house.staff("owner", "o")
    for effect in (ClearText(1), OpenCase(1, SOFT)):
        with pytest.raises(Refused, match="You wrote that one"):
            await does(any_house, lead, effect)
    await does(any_house, any_house.person("o"), ClearText(1))


async def test_who_is_alone_in_a_team_clears_what_they_tried_out(any_house):
    lead = await any_house.staff("safeguarding", "lead")
    await any_house.run(at_door(lambda db, door: dispatch(db, door, (_marked(),), HANDLERS), lead))
    await does(any_house, lead, ClearText(1))


def _marked():
    return MarkText("soft", "suicide", "home", SOFT)
