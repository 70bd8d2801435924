"""Joining: the questions, their order, and what is stored about people who do not join."""

import pytest
from sqlalchemy import func, select

from bot.cli.play import open_now
from conversations.consultations.sample import BUSES
from conversations.core.record import replace
from storage.tables import answers, outbox, people
from tests.house import House, make_house


async def count(house: House, table) -> int:
    return await house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar_one())


async def agreed(house: House) -> int:
    query = select(func.count()).where(people.c.agreed_at.is_not(None))
    return await house.run(lambda db: db.run(query).scalar_one())


async def test_the_order_is_language_version_notice_age_agree(any_house: House):
    sam = any_house.person()
    await sam.types("/start")
    assert "[English] [Polski]" in sam.sees
    await sam.taps("English")
    assert "How should I write?" in sam.sees
    await sam.taps("Normal")
    assert "What you should know first" in sam.sees
    await sam.taps("OK")
    assert "How old are you?" in sam.sees
    await sam.taps("16–17")
    assert "Shall I keep what you tell me" in sam.sees
    assert await agreed(any_house) == 0
    await sam.taps("Yes, keep it")
    assert "[Ways to be involved]" in sam.sees
    assert await agreed(any_house) == 1


@pytest.mark.parametrize("link", ["i_2kV_s56CNMBvXZ_k6Ctb-A", "j_self_harm"])
async def test_a_links_parameter_is_not_checked_for_danger(house: House, link: str):
    sam = house.person()
    await sam.types(f"/start {link}")
    assert not [say for say in sam.heard if "call 999" in say.text]


@pytest.mark.parametrize("words", ["i want to kill myself", "i_want_to_die"])
async def test_words_after_start_are_somebodys_own(house: House, words: str):
    sam = house.person()
    await sam.types(f"/start {words}")
    assert "call 999" in sam.sees


async def test_a_team_with_one_language_does_not_ask_for_it(sqlite):
    sam = make_house(sqlite, languages=("en",)).person()
    await sam.types("/start")
    assert "I'm Heard" in sam.heard[0].text
    assert "How should I write?" in sam.sees


async def test_declining_leaves_nothing_but_a_way_to_say_goodbye(house: House):
    sam = house.person()
    await sam.types("/start")
    await sam.taps("English")
    await sam.taps("Normal")
    said = await sam.taps("No thanks")
    assert "I've kept nothing you said. For one day I remember" in said[0].text
    row = await house.run(lambda db: db.run(select(people)).one())
    assert (row.band, row.agreed_at) == (None, None)
    assert await count(house, people) == 1
    house.clock.on(hours=25)
    from storage.people.strangers import forget_strangers

    assert await house.run(forget_strangers) == 1
    assert await count(house, people) == 0
    assert await count(house, outbox) == 0


@pytest.mark.parametrize("band", ["Under 10", "10–12", "26 or over"])
async def test_outside_the_ages_nothing_is_kept_and_somewhere_else_is_named(house: House, band: str):
    sam = house.person(door="web")
    await sam.types("/start")
    await sam.taps("English")
    await sam.taps("Normal")
    await sam.taps("OK")
    said = await sam.taps(band)
    assert "youthvoice@sampleshire.example" in said[0].text
    kept = "I've kept nothing" if band == "26 or over" else "I've kept nothing you said."
    assert kept in said[0].text
    row = await house.run(lambda db: db.run(select(people)).one())
    assert row.band is None


@pytest.mark.parametrize("band", ["13–15", "Rather not say"])
async def test_under_16_gets_a_link_on_telegram_and_continues_on_the_page(sqlite, band: str):
    house = make_house(sqlite, public_url="https://heard.example.org")
    on_telegram, on_the_page = house.person("1"), house.person("2", "web")
    for person in (on_telegram, on_the_page):
        await person.types("/start")
        await person.taps("English")
        await person.taps("Normal")
        await person.taps("OK")
    said = await on_telegram.taps(band)
    assert said[0].rows[0][0].address == "https://heard.example.org"
    await on_the_page.taps(band)
    assert "Shall I keep what you tell me" in on_the_page.sees


async def test_a_page_that_no_phone_can_open_is_not_offered(house: House):
    sam = house.person()
    await sam.types("/start")
    for label in ("English", "Normal", "OK"):
        await sam.taps(label)
    said = await sam.taps("13–15")
    assert said[0].rows == ()
    assert "can tell you how to take part without it: youthvoice@sampleshire.example" in said[0].text


async def test_a_year_later_the_age_is_asked_again_and_the_answers_stay(house: House):
    sam = house.person()
    await sam.joins("16–17")
    house.clock.on(days=366)
    await sam.types("/home")
    assert "How old are you?" in sam.sees
    await sam.taps("18–25")
    assert "[Ways to be involved]" in sam.sees
    row = await house.run(lambda db: db.run(select(people)).one())
    assert row.band == "18-25"


async def test_a_visitor_from_a_poster_is_led_to_its_consultation(any_house: House):
    await any_house.run(lambda db: open_now(db, replace(BUSES, code="hub")))
    sam = any_house.person()
    await sam.types("/start j_hub")
    for label in ("English", "Normal", "OK", "16–17", "Yes, keep it"):
        await sam.taps(label)
    assert "Sample: buses after school" in sam.sees
    await sam.taps("Start")
    await sam.taps("Safe")
    assert "What would make it better?" in sam.sees
    await sam.types("/start j_hub")
    assert "[Go on]" in sam.sees


@pytest.mark.parametrize(
    ("code", "seen"),
    [("gone", "That one isn't open for you any more."), ("not a code", "Nothing is open for you")],
)
async def test_a_code_that_leads_nowhere_still_lets_somebody_in(house: House, code: str, seen: str):
    sam = house.person()
    await sam.types(f"/start j_{code}")
    for label in ("English", "Normal", "OK", "16–17", "Yes, keep it"):
        await sam.taps(label)
    assert seen in sam.sees
    assert await agreed(house) == 1


async def test_before_agreeing_commands_wait_but_help_and_privacy_do_not(house: House):
    sam = house.person()
    await sam.types("/start")
    said = await sam.types("/say")
    assert "First a few short questions" in said[0].text
    assert "[English]" in sam.sees
    for command in ("/privacy", "/help", "/rights", "/mydata"):
        said = await sam.types(command)
        assert len(said) == 2, command
        assert "[English]" in sam.sees


async def test_an_old_yes_cannot_answer_a_new_question(house: House):
    sam = house.person()
    await sam.joins()
    await sam.types("/delete")
    old_yes = sam.heard[-2]
    assert "Delete everything?" in sam.sees
    from conversations.core.events import Chose

    said = await sam.does(Chose(old_yes.visit - 1, "yes"))
    assert "That question is over" in said[0].text
    assert "Delete everything?" in sam.sees
    assert await count(house, answers) == 0
    assert await agreed(house) == 1


async def test_a_sign_of_danger_in_between_does_not_change_the_way_back(house: House):
    sam = house.person()
    await sam.joins()
    for label in ("Settings", "Age"):
        await sam.taps(label)
    await sam.taps("Under 10")
    await sam.types("i want to die")
    await sam.taps("I'm OK, go on")
    assert "Your age: Under 10?" in sam.sees
    await sam.taps("No, go back")
    assert "How old are you?" in sam.sees


# --- no other age for a day ---------------------------------------------------------------------------


async def turned_away(house: House, band: str, door: str):
    child = house.person(door=door)
    await child.types("/start")
    for label in ("English", "Normal", "OK", band):
        await child.taps(label)
    assert "You can start again tomorrow." in child.sees
    return child


@pytest.mark.parametrize(
    ("band", "door"), [("Under 10", "web"), ("10–12", "telegram"), ("13–15", "telegram")]
)
@pytest.mark.parametrize(
    "way", ["/start", "/start j_sample-buses", "/language", "/language pl", "/home", "/stop", "hello"]
)
async def test_who_was_too_young_is_offered_no_other_age_for_a_day(
    house: House, band: str, door: str, way: str
):
    child = await turned_away(house, band, door)
    await child.types(way)
    await child.types("/start")
    assert "[16–17]" not in child.sees
    assert "youthvoice@sampleshire.example" in child.sees
    house.clock.on(hours=25)
    await child.types("/start")
    await child.taps("English")
    assert "How should I write?" in child.sees


async def test_a_word_of_danger_does_not_open_the_way_to_another_age(house: House):
    child = await turned_away(house, "Under 10", "web")
    await child.types("i want to die")
    assert "999" in child.sees
    await child.taps("Stop here")
    await child.types("/start")
    assert "You can start again tomorrow." in child.sees


async def test_who_is_too_old_may_have_slipped_and_starts_again_at_once(house: House):
    sam = house.person()
    await sam.types("/start")
    for label in ("English", "Normal", "OK", "26 or over", "Start again", "English", "Normal", "OK"):
        await sam.taps(label)
    assert "[16–17]" in sam.sees
