"""A plain "stop", typed anywhere, in anybody's language: it is asked about once, and is never an answer."""

import pytest
from sqlalchemy import func, select

from conversations.core.events import Edited, Sent
from conversations.core.typed.plain_words import HELP, STOP, says_only
from conversations.people.names import LANGUAGES
from storage.consultations.manage import offer_sample
from storage.tables import answers, cases
from storage.tables import people as people_table
from tests.house import as_text

ASKED = "Stop all messages?"
STOPPING = (
    "stop",
    "STOP",
    "Stop!",
    "unsubscribe",
    "Stop messages",
    "leave me alone",
    "rezygnuję",
    "Rezygnuje",
)
STOPPING += ("إلغاء", "الغاء", "توقف", "ＳＴＯＰ", "стоп", "  stop 🛑 ")


async def how_many(house, table):
    return await house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar_one())


async def stopped(house):
    return await house.run(lambda db: db.run(select(people_table.c.stopped_at)).scalar_one()) is not None


async def at_words(house, door="telegram"):
    """Somebody at a question for words."""
    await house.run(offer_sample)
    sam = house.person("somewhere", door)
    await sam.joins()
    await sam.types("/say")
    await sam.taps("Start")
    await sam.taps("Not very safe")
    return sam


async def goes_on(someone):
    asked = someone.heard[-1]
    key = next(one for row in asked.rows for one in row if one.key == "no")
    await someone.taps(key.label)


@pytest.mark.parametrize("door", ["telegram", "web"])
@pytest.mark.parametrize("text", STOPPING)
async def test_at_a_question_for_words_it_is_asked_and_no_answer(house, door, text):
    sam = await at_words(house, door)
    question = sam.sees
    await sam.types(text)
    assert ASKED in sam.sees
    assert not await stopped(house)
    await goes_on(sam)
    assert sam.sees == question
    assert await how_many(house, answers) == 1
    assert await how_many(house, cases) == 0


async def test_both_answers_weigh_the_same(house):
    sam = await at_words(house)
    await sam.types("stop")
    first = sam.heard[-1].rows[0]
    assert [(one.label, one.aside) for one in first] == [
        ("All messages", False),
        ("Only these questions", False),
    ]
    await sam.types("/home")
    await sam.types("stop")
    (row,) = sam.heard[-1].rows
    assert [(one.label, one.aside) for one in row] == [("Yes, stop them", False), ("No, go on", False)]


async def test_yes_stops_as_the_command_does(house):
    sam = await at_words(house)
    await sam.types("unsubscribe")
    says = await sam.taps("Yes, stop them")
    assert "I won't send you anything more" in says[0].text
    assert await stopped(house)


@pytest.mark.parametrize("yes", ["yes", "Tak", "نعم", "stop", "All messages", "UNSUBSCRIBE"])
async def test_a_typed_yes_or_a_second_stop_stops(house, yes):
    sam = await at_words(house)
    await sam.types("stop")
    await sam.types(yes)
    assert await stopped(house)


async def test_whoever_only_wants_to_pause_says_so(house):
    sam = await at_words(house)
    await sam.types("stop")
    await sam.types("only these questions")
    assert "Go on where I was" in sam.sees
    assert not await stopped(house)


@pytest.mark.parametrize("command", ["/raise", "/settings", "/ways", "/mydata", "/help", "/delete"])
async def test_in_every_flow_no_leads_back_to_the_question(house, command):
    sam = house.person()
    await sam.joins()
    await sam.types(command)
    question = sam.sees
    await sam.types("STOP")
    assert ASKED in sam.sees
    await sam.types("no")
    assert sam.sees == question


async def test_before_joining_it_is_asked_too(house):
    sam = house.person()
    await sam.types("/start")
    await sam.types("stop")
    assert ASKED in sam.sees
    await sam.taps("No, go on")
    assert "English" in sam.sees


async def test_after_a_sign_of_danger_the_helplines_come_back(house):
    sam = house.person()
    await sam.joins()
    await sam.types("i want to kill myself")
    await sam.types("leave me alone")
    assert ASKED in sam.sees
    await sam.taps("No, go on")
    assert "I'm OK, go on" in sam.sees
    assert await how_many(house, cases) == 1


async def test_ticks_stay_while_it_asks(house):
    sam = await at_words(house)
    await sam.types("more lights")
    await sam.taps("Lights")
    ticked = sam.sees
    await sam.types("stop")
    await sam.taps("Go on")
    assert sam.sees == ticked


async def test_a_sign_at_the_ask_leads_to_help_and_back(house):
    sam = await at_words(house)
    await sam.types("stop")
    await sam.types("i want to kill myself")
    assert await how_many(house, cases) == 1
    await sam.taps("I'm OK, go on")
    assert ASKED in sam.sees


@pytest.mark.parametrize("event", [Edited("Stop!", "1"), Sent("photo", "stop"), Sent("voice", "rezygnuję")])
async def test_in_an_edit_or_under_a_picture_it_is_the_same(house, event):
    sam = house.person()
    await sam.joins()
    says = await sam.does(event)
    assert ASKED in as_text(says[-1])


async def test_who_has_stopped_before_is_not_asked_again(house):
    sam = house.person()
    await sam.joins()
    await sam.types("/stop")
    await sam.types("stop")
    assert "Come back whenever you like" in sam.sees


async def test_an_owner_who_types_it_in_their_work_is_asked(house):
    owner = await house.staff()
    await owner.types("/news")
    await owner.types("stop")
    assert ASKED in owner.sees


@pytest.mark.parametrize(
    "text", ["stop the bus at Mill Lane", "the bus stop", "bus stop", "no more lights", "nonstop", "stop it"]
)
async def test_a_sentence_with_it_is_a_sentence(house, text):
    sam = await at_words(house)
    await sam.types(text)
    assert ASKED not in sam.sees
    assert await how_many(house, answers) == 2


def test_every_language_has_its_words():
    assert set(LANGUAGES) <= set(STOP)
    assert set(STOP) == set(HELP)
    for words in (*STOP.values(), *HELP.values()):
        assert words
    both = [word for words in STOP.values() for word in words if says_only(word, HELP)]
    assert both == []
