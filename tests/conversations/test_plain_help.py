"""A plain "help", typed anywhere: it brings the helplines, keeps the question, and tells nobody."""

import pytest
from sqlalchemy import func, select

from conversations.core.events import Edited, Sent
from storage.consultations.manage import offer_sample
from storage.tables import answers, cases
from tests.house import as_text

HELP = ("help", "HELP!", "Help me", "  help??  ", "help 😭", "pomocy", "Pomoc!", "مساعدة", "ｈｅｌｐ")


async def cases_of(house):
    return await house.run(lambda db: db.run(select(func.count()).select_from(cases)).scalar_one())


async def brought(someone, text):
    """Types it; the helplines come, and then the same question."""
    question = someone.sees
    says = await someone.types(text)
    assert len(says) == 2
    assert "999" in says[0].text
    assert "0800 1111" in says[0].text
    assert someone.sees == question


@pytest.mark.parametrize("door", ["telegram", "web"])
@pytest.mark.parametrize("text", HELP)
async def test_at_a_question_for_words_it_is_no_answer(house, door, text):
    await house.run(offer_sample)
    lead = await house.staff("safeguarding")
    heard = len(lead.heard)
    sam = house.person("somewhere", door)
    await sam.joins()
    await sam.types("/say")
    await sam.taps("Start")
    await sam.taps("Not very safe")
    await brought(sam, text)
    assert await cases_of(house) == 0
    assert len(lead.heard) == heard
    assert await house.run(lambda db: db.run(select(func.count()).select_from(answers)).scalar_one()) == 1
    await sam.types("more lights")
    assert "more lights" not in sam.sees
    assert await house.run(lambda db: db.run(select(func.count()).select_from(answers)).scalar_one()) == 2


@pytest.mark.parametrize("door", ["telegram", "web"])
async def test_in_every_flow_the_question_stays(house, door):
    sam = house.person("somewhere", door)
    await sam.types("/start")
    await brought(sam, "help")
    await sam.joins()
    for moves in ((), ("/raise",), ("/settings",), ("/ways",), ("/mydata",)):
        for move in moves:
            await sam.types(move)
        await brought(sam, "help")
    await sam.types("/raise")
    await sam.taps("2")
    await brought(sam, "HELP")
    assert await cases_of(house) == 0


async def test_after_a_sign_of_danger_it_opens_no_second_case(house):
    sam = house.person()
    await sam.joins()
    await sam.types("i want to kill myself")
    await brought(sam, "help")
    assert await cases_of(house) == 1


@pytest.mark.parametrize("event", [Edited("help!", "1"), Sent("photo", "help"), Sent("voice", "Pomocy")])
async def test_in_an_edit_or_under_a_picture_it_is_the_same(house, event):
    sam = house.person()
    await sam.joins()
    says = await sam.does(event)
    assert "If you need to talk to a person now:" in as_text(says[0])
    assert await cases_of(house) == 0


@pytest.mark.parametrize("text", ["help me im scared", "please someone help me he is hitting me"])
async def test_with_more_than_that_it_is_a_sign(house, text):
    sam = house.person()
    await sam.joins()
    await sam.types(text)
    assert "I'm OK, go on" in sam.sees
    assert await cases_of(house) == 1


@pytest.mark.parametrize(
    "text", ["help with homework", "the help desk", "no help", "helping", "more help at school"]
)
async def test_a_sentence_about_help_is_a_sentence(house, text):
    sam = house.person()
    await sam.joins()
    await sam.types("/raise")
    await sam.taps("2")
    await sam.types(text)
    assert f"You wrote: {text}" in sam.sees
