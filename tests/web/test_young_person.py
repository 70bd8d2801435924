"""A young person at the page, without JavaScript: from the first visit to the receipt, and back again."""

import asyncio
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from storage.consultations.consultations import by_code
from storage.tables import answers, consultations, doors, outbox, people, sessions
from tests.sample_forms import publish
from tests.web.serving import Served, Visitor, open_door

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


async def has_their_say(ana: Visitor) -> None:
    """From home to the receipt of the sample."""
    await ana.presses("Have your say")
    await ana.presses("Start")
    await ana.presses("Not very safe")
    await ana.writes("more lights at the stop")
    await ana.presses("Lights at the stop")
    await ana.presses("Done")
    await ana.presses("4")
    await ana.presses("Skip")
    assert "That's everything. You said:" in ana.question
    await ana.presses("Done")


async def test_the_whole_way_from_the_first_visit_to_the_receipt(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await has_their_say(ana)
        assert "Your answers are in." in ana.question
        assert CODE.search(ana.question)
        assert "more lights at the stop" in ana.sees
        assert "You:\nLights at the stop" in ana.sees  # what was ticked, and not "Done"
        rows = await door.house.run(lambda db: db.run(select(func.count()).select_from(answers)).scalar())
        assert rows == 5


async def test_the_return_code_works_in_another_browser_however_it_is_typed(door: Served) -> None:
    async with door.browser() as phone, door.browser() as library:
        await phone.joins()
        await has_their_say(phone)
        code = CODE.findall(phone.question)[0]
        await library.opens("/")
        await library.presses(
            "Go back to where I was", code=f" {code.lower().replace('-', ' ')} ", shared="yes"
        )
        await library.presses("My data")
        assert "more lights at the stop" in library.sees
        assert (
            "You:" not in library.page.text.split("Your conversation with Heard")[1].split("more lights")[0]
        )


async def test_a_return_code_leads_to_the_outcome(door: Served) -> None:
    async with door.browser() as phone, door.browser() as library, door.browser() as school:
        await phone.joins()
        await has_their_say(phone)
        code = CODE.findall(phone.question)[0]
        await library.opens("/")
        await library.presses("Go back to where I was", code=code)
        assert "Welcome back." in library.sees
        assert "What we said on your other page stays there." in library.sees
        assert "Have your say" in library.question
        await door.house.run(lambda db: publish(db, by_code(db, "sample-buses").id, 1))
        await school.opens("/")
        await school.presses("Go back to where I was", code=code)
        assert "And this is what came of what you said." in school.sees
        assert "here is what happened" in school.question
        assert '(You wrote: "more lights at the stop")' in school.question


async def test_an_unknown_code_stays_in_its_field_next_to_the_reason(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        await ana.presses("Go back to where I was", code="AAAA-BBBB-CCC<")
        assert ana.status == 422
        field = re.search(r"<details class=.instead. open>.*?</details>", ana.page.html, re.DOTALL)[0]
        assert "know that code." in field
        assert (
            'value="AAAA-BBBB-CCC&lt;" autofocus aria-invalid="true" aria-describedby="code-problem"' in field
        )
        assert ana.cookie == ""
        await ana.presses("Start")
        assert "Polski" in ana.question


async def test_delete_leaves_nothing_and_the_page_still_works(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await has_their_say(ana)
        await ana.presses("Delete everything")
        await ana.presses("Yes, delete it")
        assert "Everything you told me is deleted." in ana.sees
        assert "more lights" not in ana.sees
        await ana.opens("/")
        counts = await door.house.run(
            lambda db: [
                db.run(select(func.count()).select_from(table)).scalar() for table in (answers, people)
            ]
        )
        assert counts == [0, 0]
        await ana.presses("Start")
        assert "Polski" in ana.question


async def test_no_choice_is_shown_before_they_agreed(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        for label in ("Start", "English", "Normal", "OK"):
            await ana.presses(label)
        assert "You:" not in ana.sees
        assert "How should I write?" not in ana.sees
        assert "How old are you?" in ana.question


@pytest.mark.parametrize(("language", "told"), [("pl", "Jak mam pisać?"), ("ar", "كيف أكتب لك؟")])
async def test_a_language_chosen_by_a_link_is_not_asked_for_again(
    door: Served, language: str, told: str
) -> None:
    async with door.browser() as ana:
        landing = await ana.opens(f"/?lang={language}")
        assert f'<html lang="{language}"' in landing.html
        assert f'href="/help?lang={language}"' in landing.html
        await ana.presses(next(b.label for b in landing.forms[-1].buttons))
        assert f'<html lang="{language}"' in ana.page.html
        assert ana.question
        assert "English" not in ana.question


async def test_a_language_that_only_the_browser_speaks_is_a_greeting_and_no_choice(door: Served) -> None:
    async with door.browser("pl-PL,pl;q=0.9") as ana:
        landing = await ana.opens("/")
        assert '<html lang="pl"' in landing.html
        await ana.presses(landing.forms[-1].buttons[0].label)
        assert "English" in ana.question


@pytest.mark.parametrize(
    ("state", "status", "told"),
    [
        ("closed", 200, "It has closed. You can see what changed, or have your say on something else."),
        ("answered", 200, "It has closed."),
        ("scheduled", 200, "It isn't open yet. It opens on Tuesday 8 December, 09:00."),
        ("draft", 404, "I don't know that code. A letter may be missing: look at the poster again."),
    ],
)
async def test_a_poster_for_a_closed_consultation_says_so(door: Served, state, status, told) -> None:
    opens = datetime(2026, 12, 8, 9, tzinfo=UTC)
    await door.house.run(lambda db: db.run(update(consultations).values(state=state, opens_at=opens)))
    async with door.browser() as stranger, door.browser() as ana:
        await ana.joins()
        for somebody in (stranger, ana):
            await somebody.opens("/j/sample-buses")
            assert somebody.status == status
            assert told in somebody.sees
            assert ("Sample: buses after school" in somebody.sees) == (state != "draft")
        await ana.opens("/j/WRONG")
        assert ana.status == 404
        assert "I don't know that code." in ana.sees
        await stranger.presses("Start")
        assert "Polski" in stranger.question


async def test_the_menu_changes_the_language_while_joining_and_ever_after(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        for label in ("Start", "English", "Easy Read"):
            await ana.presses(label)
        await ana.presses("Polski")
        assert "Co warto wiedzieć na początek" in ana.question  # what they agree to, in their own language
        await ana.presses("English")
        assert "How should I write to you?" in ana.question
        for label in ("Easy Read", "OK", "16–17", "Yes, keep it"):
            await ana.presses(label)
        for _ in ("have a say", "start"):
            await ana.presses(ana.page.forms[-1].buttons[0].label)
        await ana.presses("العربية")
        assert '<html lang="ar" dir="rtl"' in ana.page.html
        assert "ما مدى شعورك بالأمان" in ana.question  # where they were
        await ana.presses("English")
        assert '<html lang="en" dir="ltr" data-version="easy">' in ana.page.html


async def test_every_question_of_joining_has_a_way_back(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        for label in ("Start", "English", "Normal", "OK", "16–17"):
            await ana.presses(label)
        for asked in ("How old are you?", "What you should know first", "How should I write?", "Polski"):
            await ana.presses("Back")
            assert asked in ana.question
        assert "Back" not in ana.question


async def test_a_command_in_a_sentence_is_a_button_that_does_it(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await ana.presses("Stop all messages")
        assert "To get messages again: Start again. To delete everything: Delete everything." in ana.sees
        assert "/start" not in ana.page.text
        await ana.presses("Delete everything")
        assert "Delete everything?" in ana.question


async def test_peoples_words_never_become_a_button(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await has_their_say(ana)
        await ana.presses("Change an answer")
        await ana.presses("Change an answer")
        labels = (button.label for button in ana.page.forms[-1].buttons)
        await ana.presses(next(label for label in labels if "What would make it better" in label))
        await ana.writes("they said /delete to me")
        assert "they said /delete to me" in ana.sees


async def test_a_public_page_names_commands_without_leading_strangers_into_nothing(door: Served) -> None:
    async with door.browser() as stranger, door.browser() as ana:
        await stranger.opens("/privacy")
        assert "/mydata" not in stranger.sees
        assert "My data shows everything I keep about you. Delete everything deletes it." in stranger.sees
        assert 'form="commands"' not in stranger.page.html
        await ana.joins()
        await ana.opens("/privacy")
        await ana.presses("My data")
        assert "What I keep about you" in ana.question


async def test_the_commands_still_work_typed(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        typed = next(
            form for form in ana.page.forms if form.fields == {"said"} and form.action == "/turn#new"
        )
        await ana.posts(typed.action, typed.hidden | {"said": "/mydata"})
        assert "What I keep about you" in ana.question


async def test_a_shared_device_can_sign_out_without_going_away(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        await ana.presses("Start", shared="yes")
        old = ana.cookie
        await ana.presses("Sign out")
        assert "Say what you think." in ana.sees
        ana.cookie = old
        assert "Say what you think." in (await ana.opens("/")).text


async def test_a_poster_says_what_it_is_for_and_begins_like_any_other_visit(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/j/sample-buses")
        assert "You came here for:\nSample: buses after school" in ana.sees.replace(": S", ":\nS")
        await ana.presses("Start")
        assert "Polski" in ana.question
        await ana.opens("/j/sample-buses")
        assert "Your conversation with Heard" in ana.sees


async def test_a_poster_leads_newcomers_and_others_to_its_consultation(
    door: Served,
) -> None:
    async with door.browser() as ana:
        await ana.opens("/j/sample-buses")
        await ana.presses("Start")
        for label in ("English", "Normal", "OK", "16–17", "Yes, keep it"):
            await ana.presses(label)
        assert "Sample: buses after school" in ana.question
        await ana.presses("Not now")
        await ana.opens("/j/sample-buses")
        assert "Your conversation with Heard" not in ana.sees
        await ana.presses("Have your say")
        assert "Sample: buses after school" in ana.question
        await ana.opens("/j/nothing-of-that-name")
        assert ana.status == 404
        assert "I don't know that code." in ana.sees
        await ana.opens("/")
        assert "Your conversation with Heard" in ana.sees


async def test_words_for_a_question_that_is_over_come_back_to_be_used(door: Served) -> None:
    async with door.browser() as ana, door.browser() as tab:
        await ana.joins()
        await ana.presses("Have your say")
        await ana.presses("Start")
        await ana.presses("Not safe")
        tab.cookie = ana.cookie
        await tab.opens("/")
        await ana.presses("Skip")
        await tab.writes("more lights at the stop")
        assert "That question is over." in tab.sees
        assert "Which of these" in tab.question
        assert ">more lights at the stop</textarea>" in tab.page.html
        rows = await door.house.run(lambda db: db.run(select(func.count()).select_from(answers)).scalar())
        assert rows == 2


async def test_words_that_are_too_many_come_back_to_be_shortened(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await ana.presses("Have your say")
        await ana.presses("Start")
        await ana.presses("Not safe")
        many = ("lights! " * 1500).strip()
        await ana.writes(many)
        assert "Can you say it in 4000 letters?" in ana.sees
        assert f">{many}</textarea>" in ana.page.html
        await ana.writes("lights! " * 400)
        assert "Which of these" in ana.question


async def test_a_text_that_matches_no_button_is_answered_and_not_refilled(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await ana.writes("blah")
        assert "I don't take words here" in ana.question
        assert "blah</textarea>" not in ana.page.html


async def test_a_team_with_one_language_is_not_asked_for_it(sqlite) -> None:
    async with open_door(sqlite, languages=("en",)) as door, door.browser() as ana:
        await ana.opens("/?lang=pl")
        await ana.presses("Start")
        assert "How should I write?" in ana.question
        assert "Hi, I'm Heard." in ana.sees


async def test_a_shared_device_is_signed_out_after_a_quarter_of_an_hour(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        await ana.presses("Start", shared="yes")
        assert 'content="905;url=/"' in ana.page.html
        await ana.presses("English")
        tokens = ana.tokens
        door.house.clock.on(minutes=16)
        status, _, text = await ana.asks("POST", "/turn", data={**tokens, "choice": "1:normal"})
        assert status == 401
        assert "been signed out" in text
        assert "Say what you think." in (await ana.opens("/")).text
        assert await door.house.run(lambda db: db.run(select(func.count()).select_from(doors)).scalar()) == 0


async def test_active_staff_stay_signed_in(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        await ana.presses("Start", shared="yes")
        for _ in range(3):
            door.house.clock.on(minutes=14)
            status, _, _ = await ana.asks("GET", "/thread?here=1")
            assert status == 200


async def test_the_cookie_outlives_the_browser_s_window_only_after_a_yes_and_never_on_a_shared_device(
    door: Served,
) -> None:
    async with door.browser() as own, door.browser() as shared:
        for visitor, more in ((own, {}), (shared, {"shared": "yes"})):
            await visitor.opens("/")
            data = {**visitor.page.forms[-1].hidden, **more}
            status, headers, _ = await visitor.asks("POST", "/start", data=data)
            assert status == 303
            cookie = headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert "Max-Age" not in cookie
            for label in ("English", "Normal", "OK", "16–17"):
                await visitor.opens("/")
                await visitor.presses(label)
            assert not visitor.cookie_lasts
            await visitor.presses("Yes, keep it")
            assert visitor.cookie_lasts is not bool(more)


async def test_leaving_a_shared_device_leaves_nothing_behind(door: Served) -> None:
    async with door.browser() as ana, door.browser() as next_one:
        await ana.opens("/")
        await ana.presses("Start", shared="yes")
        csrf, old = ana.tokens["csrf"], ana.cookie
        status, headers, text = await ana.asks("POST", "/leave", data={"csrf": csrf})
        assert status == 200
        assert "heard" not in text.lower().replace("/static", "")
        assert "cache" in headers["Clear-Site-Data"]
        assert 'heard=""' in headers["Set-Cookie"]
        next_one.cookie = old
        assert "Say what you think." in (await next_one.opens("/")).text


async def test_a_page_that_was_left_is_not_opened_again_by_the_form_that_opened_it(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        await ana.presses("Start", shared="yes")
        opened = ana.last
        await ana.asks("POST", "/leave", data={"csrf": ana.tokens["csrf"]})
        status, headers, _ = await ana.asks("POST", opened[0], data=opened[1])
        assert (status, headers["Location"]) == (303, "/")
        assert "Set-Cookie" not in headers


async def test_starting_many_times_at_once_opens_one_page(postgres) -> None:
    async with open_door(postgres) as door, door.browser() as ana:
        await ana.opens("/")
        data = ana.page.forms[-1].hidden
        found = await asyncio.gather(*(ana.asks("POST", "/start", data=data) for _ in range(8)))
        assert {status for status, _, _ in found} == {303}
        assert len({headers["Set-Cookie"] for _, headers, _ in found}) == 1
        assert await door.house.run(lambda db: db.run(select(func.count()).select_from(people)).scalar()) == 1


async def test_starting_twice_with_one_form_opens_one_page(door: Served) -> None:
    async with door.browser() as ana, door.browser() as impatient:
        await ana.opens("/")
        data, impatient.form_cookie = ana.page.forms[-1].hidden, ana.form_cookie
        _, first, _ = await ana.asks("POST", "/start", data=data)
        _, again, _ = await impatient.asks("POST", "/start", data=data)
        assert first["Set-Cookie"] == again["Set-Cookie"]
        assert await door.house.run(lambda db: db.run(select(func.count()).select_from(people)).scalar()) == 1
        door.house.clock.on(minutes=2)
        async with door.browser() as later:
            _, headers, _ = await later.asks("POST", "/start", data=data)
            assert "Set-Cookie" not in headers


@pytest.mark.parametrize("refusal", [["No thanks"], ["OK", "26 or over"]])
async def test_i_ve_kept_nothing_is_true_when_it_is_said(door: Served, refusal: list[str]) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        for label in ("Start", "English", "Normal", *refusal):
            await ana.presses(label)
        assert "I've kept nothing." in ana.sees
        assert not ana.cookie
        for table in (people, doors, sessions, outbox):
            assert (
                await door.house.run(lambda db, t=table: db.run(select(func.count()).select_from(t)).scalar())
                == 0
            )
        await ana.presses("Start again")
        assert "Go to the start" in ana.sees
        assert "Say what you think." in (await ana.opens("/")).text


async def test_deleting_everything_takes_the_cookie_too(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await ana.presses("Delete everything")
        form, button = ana._button("Yes, delete it")
        data = {**form.hidden, button.name: button.value}
        status, headers, text = await ana.asks("POST", form.action, data=data)
        assert status == 200
        assert "Everything you told me is deleted." in text
        assert 'heard=""' in headers.getall("Set-Cookie")[0]
        assert "cache" in headers["Clear-Site-Data"]
        assert await door.house.run(lambda db: db.run(select(func.count()).select_from(people)).scalar()) == 0


async def test_with_an_open_case_the_page_stays_so_that_somebody_can_write_to_them(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await ana.writes("i want to die")
        await ana.presses("Delete everything")
        await ana.presses("Yes, delete it")
        assert "except what the open case keeps" in ana.sees
        assert ana.cookie
        await ana.opens("/")
        assert "Start again" in ana.sees


async def test_who_is_too_young_reads_what_is_kept_for_a_day_and_the_cookie_goes_with_the_window(
    door: Served,
) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        for label in ("Start", "English", "Normal", "OK", "Under 10"):
            await ana.presses(label)
        assert "For one day I remember how to answer you" in ana.sees
        assert "I've kept nothing." not in ana.sees
        assert ana.cookie
        assert not ana.cookie_lasts
