"""Having a say, beyond the scripts: language, long lists, interim storage, previews."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.cli.play import open_now
from conversations.consultations.form import Form, Option, Question
from conversations.consultations.form_text import form_words
from conversations.consultations.respond.flow import preview_session
from conversations.consultations.sample import BUSES
from conversations.core.channels import TELEGRAM
from conversations.core.events import Chose
from conversations.core.messages import Session
from conversations.core.record import replace
from conversations.core.throttle import Pace
from storage.people import people, sessions
from storage.tables import answers, consultations, roles, taking_part
from tests.sample_forms import KINDS, texts


async def rows_in(house, table) -> int:
    return await house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar())


@pytest.fixture
async def young(house):
    """Somebody who has joined, in a house with one open consultation."""
    await house.run(lambda db: open_now(db, KINDS))
    person = house.person()
    await person.joins()
    return person


# --- one language or the other --------------------------------------------------------------------


async def test_a_form_without_ones_language_is_asked_in_its_own_and_says_so_once(house):
    await house.run(lambda db: open_now(db, KINDS))
    person = house.person()
    await person.types("/start")
    for key in ("ar", "ok", "16-17", "yes"):
        await person.does(Chose(person.heard[-1].visit, key))
    await person.types("/say")
    assert KINDS.about["en"] in person.sees
    assert "الإنجليزية" in person.sees
    await person.does(Chose(person.heard[-1].visit, "start"))
    assert KINDS.questions[0].label["en"] in person.sees
    assert "الإنجليزية" not in person.sees


def test_a_form_that_lacks_one_translation_is_not_asked_in_a_mixture(house):
    half = replace(KINDS, questions=(*KINDS.questions, Question("new", "text", {"en": "One more?"})))
    said = form_words(half, house.runtime.library.words("pl", "normal"))
    assert {said(question.label) for question in half.questions} == {q.label["en"] for q in half.questions}


def test_a_reading_version_is_used_if_there_is_one(house):
    said = form_words(BUSES, house.runtime.library.words("en", "easy"))
    assert said(BUSES.questions[0].label) == "Do you feel safe on the bus home?"


# --- long lists -----------------------------------------------------------------------------------


async def test_a_long_list_of_consultations_has_pages_and_takes_typed_numbers(house):
    for n in range(1, 12):
        title = texts(f"Number {n}, with a title that no button holds")
        await house.run(lambda db, n=n, t=title: open_now(db, replace(KINDS, code=f"k{n}", title=t)))
    person = house.person()
    await person.joins()
    await person.types("/say")
    assert "8. Number 8" in person.sees
    assert "9. Number 9" not in person.sees
    await person.taps("More")
    assert "11. Number 11" in person.sees
    await person.taps("Earlier")
    await person.types("11")
    assert person.heard[-1].heading.startswith("Number 11")


async def test_sixty_options_and_two_hundred_questions_fit_in_a_message(house):
    options = tuple(Option(f"o{n}", texts(f"Option number {n:02} of very many")) for n in range(60))
    many = Question("many", "select_one", texts("Which?"), options=options)
    rest = (
        Question(f"q{n}", "text", texts(f"Why is it so, number {n}, " + "really " * 30)) for n in range(199)
    )
    await house.run(lambda db: open_now(db, Form("long", texts("Long"), (many, *rest))))
    person = house.person()
    await person.joins()
    await person.types("/say")
    await person.taps("Start")
    assert len([b for row in person.heard[-1].rows for b in row]) < 100
    await person.types("60")
    for _n in range(199):
        house.clock.on(seconds=2)
        await person.taps("Skip")
    assert "and 175 more answers" in person.sees
    assert len(person.sees) < 4096
    await person.taps("Change an answer")
    await person.taps("More")
    assert "16. Why is it so" in person.sees


@pytest.mark.parametrize(("questions", "letters"), [(3, 400), (12, 150), (25, 60)])
async def test_the_last_look_shows_as_much_of_ones_own_words_as_one_message_holds(house, questions, letters):
    many = tuple(Question(f"q{n}", "text", {"en": f"Why is it so, number {n}?"}) for n in range(questions))
    await house.run(lambda db: open_now(db, replace(KINDS, questions=many)))
    person = house.person()
    await person.joins()
    await person.types("/say")
    await person.taps("Start")
    for n in range(questions):
        await person.types(f"{n:03}" * 200)
    assert person.sees.count("00" * (letters // 2 - 4)) >= 1
    assert len(person.sees) < 4096
    assert "That's everything. You said:" in person.sees


@pytest.mark.parametrize("door", ["telegram", "web"])
async def test_words_that_are_changed_are_at_hand(house, door):
    await house.run(lambda db: open_now(db, BUSES))
    person = house.person("somebody", door)
    await person.joins()
    words = "more lights at the stop, and a roof, and a bus that comes when the board says so " * 4
    await person.types("/say")
    for label in ("Start", "Not safe"):
        await person.taps(label)
    await person.types(words)
    await person.taps("Back")
    if door == "web":
        assert person.heard[-1].draft == words.strip()
        assert "Your answer so far" not in person.sees
    else:
        assert f'Your answer so far: "{words.strip()}"' in person.sees


# --- interim storage ------------------------------------------------------------------------------


async def test_ticks_are_kept_while_somebody_looks_at_something_else(house, young):
    await house.run(lambda db: db.run(update(consultations).values(form=_form_of(KINDS.questions[4]))))
    await young.types("/say")
    await young.taps("Start")
    await young.taps("Kitchen")
    for command in ("/settings", "/ways", "/changed", "/privacy", "/home"):
        await young.types(command)
    await young.types("/say")
    await young.taps("Start")
    assert "[✓ Kitchen]" in young.sees
    assert await rows_in(house, answers) == 0
    await young.taps("Kitchen")
    assert "✓" not in young.sees
    await young.taps("Music room")
    await young.taps("Done")
    await young.taps("Change an answer")
    await young.taps("1")
    assert young.sees.count("✓") == 1  # the new words, and nothing older


async def test_ticks_belong_to_one_consultation(house, young):
    for code in ("one", "two"):
        await house.run(
            lambda db, code=code: open_now(db, replace(KINDS, code=code, questions=KINDS.questions[4:5]))
        )
    await young.types("/say 2")
    await young.taps("Start")
    await young.taps("Kitchen")
    await young.types("/say 3")
    await young.taps("Start")
    assert "✓" not in young.sees
    await young.types("/say 2")
    await young.taps("Start")
    assert "[✓ Kitchen]" in young.sees


async def test_unexpected_text_is_told_where_it_belongs(house, young):
    said, _ = await young.types("the bus never comes")
    assert "/say" in said.text
    assert "/help" in said.text
    await young.types("/delete")
    said, _ = await young.types("the bus never comes")
    assert "/say" in said.text


async def test_ticks_are_kept_when_somebody_stops(house, young):
    await house.run(lambda db: db.run(update(consultations).values(form=_form_of(KINDS.questions[4]))))
    await young.types("/say")
    for label in ("Start", "Kitchen", "Stop"):
        await young.taps(label)
    assert "I've kept your answers" in young.heard[-2].text
    assert await rows_in(house, answers) == 1


async def test_somebody_who_answered_nothing_did_not_take_part(house, young):
    await young.types("/say")
    for label in ("Start", "Go on", "Stop"):
        await young.taps(label)
    assert "kept" not in young.heard[-2].text
    assert await rows_in(house, taking_part) == 0


async def test_an_answer_that_comes_as_it_closes_is_not_kept_and_says_so(house, young):
    await young.types("/say")
    await young.taps("Start")
    await house.run(lambda db: db.run(update(consultations).values(closes_at=db.now + timedelta(minutes=1))))
    await young.taps("Go on")
    house.clock.on(minutes=2)
    await young.taps("OK")
    assert "has closed" in young.heard[-2].text
    assert await rows_in(house, answers) == 0


async def test_a_removed_consultation_leads_home(house, young):
    await young.types("/say")
    await young.taps("Start")
    await house.run(lambda db: db.run(consultations.delete()))
    await young.taps("Go on")
    assert "isn't open for you" in young.sees
    await young.taps("Home")
    assert "Nothing is open" in young.sees


async def test_with_two_begun_the_last_continues_and_the_other_is_a_tap_away(house):
    for code in ("one", "two"):
        form = replace(BUSES, code=code, title=texts(f"Title {code}"))
        await house.run(lambda db, f=form: open_now(db, f))
    person = house.person()
    await person.joins()
    for number in (1, 2):
        await person.types(f"/say {number}")
        for label in ("Start", "Safe", "Stop"):
            await person.taps(label)
        house.clock.on(hours=1)
    await person.types("/say")
    assert "Title two" in person.heard[-2].text
    await person.taps("What else is open")
    assert "Title one: started." in person.sees


# --- edited messages -------------------------------------------------------------------------------


async def through_the_buses(house):
    await house.run(lambda db: open_now(db, BUSES))
    sam = house.person()
    await sam.joins()
    await sam.types("/say")
    await sam.taps("Start")
    await sam.taps("Not very safe")
    await sam.types("more lights at the stop")
    return sam


async def test_an_edited_answer_replaces_the_old_one_wherever_the_person_is(house):
    sam = await through_the_buses(house)
    changed, question = await sam.edits("more staff on the bus")
    assert changed.text == "I've changed your answer to what it says now."
    assert question.progress == (3, 5)
    await sam.types("/settings")
    said = await sam.edits("more staff, and lights")
    assert said[-1].heading == "Settings"
    await sam.types("/mydata")
    assert "more staff, and lights" in sam.sees
    assert "at the stop" not in sam.sees


async def test_edited_words_are_looked_through_for_danger_and_kept(house):
    sam = await through_the_buses(house)
    said = await sam.edits("i want to die")
    assert "Childline" in said[-1].text
    await sam.taps("I'm OK, go on")
    await sam.types("/mydata")
    assert "i want to die" in sam.sees


@pytest.mark.parametrize("text", ["", "  ", "/delete"])
async def test_an_edit_to_nothing_or_to_a_command_changes_nothing(house, text):
    sam = await through_the_buses(house)
    said = await sam.edits(text)
    assert "send it as a new message" in said[0].text
    await sam.types("/mydata")
    assert "more lights at the stop" in sam.sees


# --- a preview ------------------------------------------------------------------------------------


async def previewing(house, form, state="draft"):
    """A worker, at the beginning of a preview."""
    await house.run(lambda db: open_now(db, form, state=state))
    worker = await house.staff("worker")

    def open_it(db):
        door = people.door_at(db, TELEGRAM, worker.address)
        sessions.remember(db, door.id, preview_session(sessions.session_at(db, door.id), 1, "home"), Pace())

    await house.run(open_it)
    await worker.types("/privacy")
    return worker


async def test_a_preview_asks_like_the_real_thing_and_stores_nothing(house):
    worker = await previewing(house, BUSES)
    assert "Sample: buses after school" in worker.sees
    assert worker.heard[-1].badge == "Preview"
    await worker.taps("Start")
    assert "How safe do you feel on the bus home?" in worker.sees
    assert "[End preview]" in worker.sees
    await worker.taps("Not very safe")
    await worker.types("more lights")
    await worker.taps("Lights at the stop")
    await worker.taps("Done")
    await worker.taps("Back")
    assert "✓ Lights at the stop" in worker.sees
    await worker.taps("Keep it")
    await worker.taps("4")
    await worker.taps("Skip")
    assert "Not very safe" in worker.sees
    assert "more lights" not in worker.sees
    await worker.taps("Done")
    assert worker.heard[-1].text.startswith("Your answers are in.")
    await worker.taps("End preview")
    assert "Nothing was kept" in worker.heard[-2].text
    for table in (answers, taking_part):
        assert await rows_in(house, table) == 0


async def test_a_preview_follows_conditions_and_holds_no_words_in_its_notes(house):
    worker = await previewing(house, BUSES)
    await worker.taps("Start")
    await worker.taps("Safe")
    await worker.types("a secret of the worker's")
    assert "How easy is it" in worker.sees  # the question for those who do not feel safe is skipped
    door = await house.run(lambda db: people.door_at(db, TELEGRAM, worker.address))
    session = await house.run(lambda db: sessions.session_at(db, door.id))
    assert "secret" not in str(session)


async def test_stopping_a_preview_leads_back_to_where_it_was_opened(house):
    worker = await previewing(house, BUSES)
    await worker.taps("Start")
    await worker.taps("Stop")
    assert "Nothing was kept" in worker.heard[-2].text


async def test_somebody_who_is_no_longer_staff_sees_no_draft(house):
    worker = await previewing(house, BUSES)
    await house.run(lambda db: db.run(roles.delete()))
    await worker.taps("Start")
    assert "How safe" not in worker.sees


def test_a_preview_is_entered_with_references_only():
    session = preview_session(Session("consult.one", 4), 7, "consult.one")
    assert session.notes["consultation"] == 7
    assert session.step == "preview.intro"


def _form_of(*questions):
    return replace(KINDS, questions=tuple(replace(q, relevant=()) for q in questions))
