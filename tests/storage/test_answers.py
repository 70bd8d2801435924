"""Stored answers, on both databases: saved at once, replaced whole, counted, exported, erased."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.cli.play import open_now
from conversations.consultations.effects import EditAnswer, FinishAnswers, SaveAnswer, SkipQuestion
from conversations.consultations.form import Form, Question
from conversations.core.channels import TELEGRAM, WEB
from conversations.core.effects import Refused
from conversations.core.record import replace
from conversations.people.effects import Forget, MakeReturnCode
from storage.consultations import answers, responses
from storage.consultations.consultations import consultation
from storage.people import people, return_codes
from storage.tables import answers as answers_table
from storage.tables import consultations, taking_part
from storage.tables import people as people_table
from tests.house import House
from tests.sample_forms import KINDS, texts
from tests.storage.answering import LONG, does, somebody, three_people

pytestmark = pytest.mark.also_on_postgres


async def kept(house: House, number: int = 1, address: str = "1") -> answers.AnswerSet:
    def work(db):
        person = people.door_at(db, TELEGRAM, address).person.id
        form = consultation(db, number).form
        return answers.load_all(db, person, {number: form}).get(number, answers.AnswerSet())

    return await house.run(work)


@pytest.fixture
async def hub(any_house: House) -> House:
    """A house with one open consultation, and a person who has joined."""
    await any_house.run(lambda db: open_now(db, KINDS))
    await somebody(any_house)
    return any_house


EVERYTHING = {
    "ready": True,
    "visit": "weekly",
    "rooms": ("music", "quiet"),
    "warm": 0,
    "friends": 3,
    "else": LONG,
}


async def test_every_kind_of_answer_survives_storage(hub):
    await does(hub, *(SaveAnswer(1, name, value) for name, value in EVERYTHING.items()))
    assert (await kept(hub)).answers == EVERYTHING


async def test_a_changed_answer_leaves_nothing_of_the_old_one(hub):
    await does(hub, SaveAnswer(1, "rooms", ("music", "quiet")), SaveAnswer(1, "else", LONG))
    await does(hub, SaveAnswer(1, "rooms", ("sport",)), SaveAnswer(1, "else", "no"))
    assert (await kept(hub)).answers == {"rooms": ("sport",), "else": "no"}
    rows = await hub.run(lambda db: db.run(select(func.count()).select_from(answers_table)).scalar())
    assert rows == 2


async def test_an_edited_message_changes_the_answer_that_came_with_it_and_leaves_nothing_of_the_old_one(hub):
    await does(hub, SaveAnswer(1, "else", LONG, "7"), SaveAnswer(1, "friends", 3, "8"))
    await does(hub, EditAnswer("7", "fewer lights"))
    await does(hub, EditAnswer("8", "4"))
    await does(hub, EditAnswer("7", "no lights"))
    assert (await kept(hub)).answers == {"else": "no lights", "friends": 4}
    rows = await hub.run(lambda db: db.run(select(func.count()).select_from(answers_table)).scalar())
    assert rows == 2


async def test_an_edited_message_that_is_no_answer_any_more_changes_nothing(hub):
    await does(hub, SaveAnswer(1, "else", LONG, "7"))
    await does(hub, SaveAnswer(1, "else", "by a button, or in another message", "8"))
    await somebody(hub, "2")
    await does(hub, SaveAnswer(1, "else", "mine", "7"), address="2")
    for message, address in (("7", "1"), ("9", "1"), ("8", "2"), ("", "1")):
        with pytest.raises(Refused, match="send it as a new message"):
            await does(hub, EditAnswer(message, "new"), address=address)
    assert (await kept(hub)).answers == {"else": "by a button, or in another message"}


async def test_an_edit_that_does_not_fit_its_question_leaves_the_answer_as_it_was(hub):
    await does(hub, SaveAnswer(1, "friends", 3, "7"))
    for text in ("lots", "21", "-1"):
        with pytest.raises(Refused, match="don't fit"):
            await does(hub, EditAnswer("7", text))
    assert (await kept(hub)).answers == {"friends": 3}


async def test_a_skipped_question_has_no_answer_any_more(hub):
    await does(hub, SaveAnswer(1, "else", LONG))
    await does(hub, SkipQuestion(1, "else"))
    assert await kept(hub) == answers.AnswerSet({}, frozenset({"else"}))
    await does(hub, SaveAnswer(1, "else", "after all"))
    assert await kept(hub) == answers.AnswerSet({"else": "after all"}, frozenset())


async def test_words_are_sealed_for_their_own_place(hub):
    await does(hub, SaveAnswer(1, "else", LONG))
    row = await hub.run(lambda db: db.run(select(answers_table)).one())
    assert LONG.encode() not in row.sealed
    assert row.option == ""


async def test_answers_of_a_consultation_that_closed_are_refused(hub):
    await hub.run(lambda db: db.run(update(consultations).values(closes_at=db.now + timedelta(hours=1))))
    await does(hub, SaveAnswer(1, "else", LONG, "7"))
    hub.clock.on(hours=2)
    for effect in (
        SaveAnswer(1, "else", "late"),
        EditAnswer("7", "late"),
        SkipQuestion(1, "else"),
        FinishAnswers(1),
    ):
        with pytest.raises(Refused, match="closed"):
            await does(hub, effect)
    assert (await kept(hub)).answers == {"else": LONG}


@pytest.mark.parametrize("state", ["draft", "scheduled", "closed", "answered"])
async def test_only_an_open_consultation_takes_answers(house, state):
    await house.run(lambda db: open_now(db, KINDS, state=state))
    await somebody(house)
    with pytest.raises(Refused):
        await does(house, SaveAnswer(1, "else", LONG))


async def test_a_consultation_for_another_age_takes_no_answer(house):
    await house.run(lambda db: open_now(db, replace(KINDS, audience=("13-15",))))
    await somebody(house)
    with pytest.raises(Refused):
        await does(house, SaveAnswer(1, "else", LONG))


async def test_nothing_is_kept_of_somebody_who_did_not_agree(house):
    await house.run(lambda db: open_now(db, KINDS))
    await house.run(lambda db: people.find_or_create_door(db, TELEGRAM, "1", "en"))
    with pytest.raises(Refused):
        await does(house, SaveAnswer(1, "else", LONG))


async def test_what_stopped_counting_is_set_aside_and_comes_back(hub):
    await does(hub, SaveAnswer(1, "visit", "never"), SaveAnswer(1, "never_why", LONG))
    for effects in ((SaveAnswer(1, "visit", "weekly"),), (FinishAnswers(1),)):
        await does(hub, *effects)
        assert (await kept(hub)).answers == {"visit": "weekly", "never_why": LONG}
        assert (await kept(hub)).aside == {"never_why"}
    await does(hub, SaveAnswer(1, "visit", "never"))
    assert (await kept(hub)).answers == {"visit": "never", "never_why": LONG}
    assert (await kept(hub)).aside == frozenset()


async def test_taking_part_begins_with_the_first_answer_and_ends_with_done(hub):
    await does(hub, SaveAnswer(1, "warm", 3))
    row = await hub.run(lambda db: db.run(select(taking_part)).one())
    assert row.finished_at is None
    began = row.started_at
    hub.clock.on(days=1)
    await does(hub, SaveAnswer(1, "warm", 4), FinishAnswers(1))
    row = await hub.run(lambda db: db.run(select(taking_part)).one())
    assert (row.started_at, row.finished_at) == (began, began + timedelta(days=1))


async def test_the_same_person_at_two_doors_at_once_leaves_one_answer(hub):
    both = [does(hub, SaveAnswer(1, "rooms", rooms)) for rooms in (("music",), ("quiet", "sport")) * 5]
    await asyncio.gather(*both)
    assert (await kept(hub)).answers["rooms"] in {("music",), ("quiet", "sport")}


async def test_deleting_a_person_erases_their_answers(hub):
    await does(hub, SaveAnswer(1, "else", LONG))
    await does(hub, Forget())
    for table in (answers_table, taking_part):
        assert (
            await hub.run(lambda db, table=table: db.run(select(func.count()).select_from(table)).scalar())
            == 0
        )


# --- the export ------------------------------------------------------------------------------------


async def test_an_export_has_a_line_for_everybody_in_blocks(hub, monkeypatch):
    monkeypatch.setattr(answers, "_BLOCK", 2)
    await three_people(hub)
    lines = await hub.run(lambda db: list(answers.rows_for_export(db, 1, KINDS)))
    assert [line.number for line in lines] == [1, 2, 3]
    assert [line.answers["warm"] for line in lines] == [2, 3, 4]
    assert lines[0].answers == {
        "visit": "weekly",
        "rooms": ("music", "quiet"),
        "warm": 2,
        "else": f"{LONG} 2",
    }
    assert "rooms" not in lines[2].answers


# --- what is open ---------------------------------------------------------------------------------


async def test_open_consultations_fit_the_person_and_the_next_to_close_comes_first(any_house):
    soon, later = any_house.clock.now + timedelta(days=1), any_house.clock.now + timedelta(days=9)
    wanted = [
        ("any", None, ()),
        ("later", later, ()),
        ("soon", soon, ("16-17",)),
        ("other", None, ("13-15",)),
    ]
    for code, closes, bands in wanted:
        form = replace(KINDS, code=code, audience=bands)
        await any_house.run(lambda db, f=form, c=closes: open_now(db, f, closes_at=c))
    await any_house.run(lambda db: open_now(db, replace(KINDS, code="draft"), state="draft"))
    await somebody(any_house)
    await does(any_house, SaveAnswer(2, "warm", 3))
    opened = await any_house.run(
        lambda db: responses.open_responses(db, people.door_at(db, TELEGRAM, "1"), None)
    )
    assert [one.about.form.code for one in opened.responses] == ["soon", "later", "any"]
    assert opened.last.about.form.code == "later"
    assert opened.last.answers == {"warm": 3}


async def test_a_published_form_is_parsed_once_and_a_changed_draft_again(hub):
    first, again = [await hub.run(lambda db: consultation(db, 1)) for _ in range(2)]
    assert first.form is again.form
    changed = Form("kinds", texts("Another"), (Question("a", "text", texts("Why?")),))
    await hub.run(lambda db: db.run(update(consultations).values(form=changed)))
    assert (await hub.run(lambda db: consultation(db, 1))).form == changed


# --- the way back ---------------------------------------------------------------------------------


async def test_a_return_code_finds_its_person_however_it_is_typed(any_house):
    await somebody(any_house)
    code = (await does(any_house, MakeReturnCode()))["return_code"]
    person = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "1").person.id)
    for typed in (
        code,
        code.lower(),
        code.replace("-", " "),
        code.replace("0", "O").replace("1", "l"),
        f" {code} ",
    ):
        assert await any_house.run(lambda db, t=typed: return_codes.person_by_return_code(db, t)) == person
    for wrong in ("", code[:-1], code[::-1], "0000-0000-0000", "'; drop table people"):
        assert await any_house.run(lambda db, w=wrong: return_codes.person_by_return_code(db, w)) is None


async def test_a_new_return_code_ends_the_old_one_and_neither_is_stored(any_house):
    await somebody(any_house)
    old, new = [(await does(any_house, MakeReturnCode()))["return_code"] for _ in range(2)]
    assert await any_house.run(lambda db: return_codes.person_by_return_code(db, old)) is None
    assert await any_house.run(lambda db: return_codes.person_by_return_code(db, new)) is not None
    stored = await any_house.run(lambda db: db.run(select(people_table.c.return_hash)).scalar())
    assert new.replace("-", "").encode() not in stored


async def test_finishing_on_the_web_page_gives_a_code_once_and_on_telegram_none(any_house):
    await any_house.run(lambda db: open_now(db, KINDS))
    await somebody(any_house, "1")
    await somebody(any_house, "2", channel=WEB)
    assert await does(any_house, FinishAnswers(1)) == {}
    assert "return_code" in await does(any_house, FinishAnswers(1), address="2", channel=WEB)
    assert await does(any_house, FinishAnswers(1), address="2", channel=WEB) == {}


async def test_half_a_character_does_not_lose_the_words_around_it(hub):
    await does(hub, SaveAnswer(1, "else", "more lights \ud83d please"))
    assert (await kept(hub)).answers["else"] == "more lights ? please"
