"""*Take something back*: one answer, one thing raised, one verdict, at any time."""

import pytest
from sqlalchemy import select, update

from bot.cli.play import open_now
from conversations.core.channels import TELEGRAM
from conversations.results.effects import AnswerQuote, AskToQuote
from storage.consultations import answers
from storage.people import people
from storage.results import counts
from storage.tables import answers as answers_table
from storage.tables import consultations, issue_entries, issues, judgements, quotes, taking_part
from tests.house import House, Someone
from tests.raised import member, raised
from tests.sample_forms import KINDS, publish
from tests.storage.answering import LONG, does, three_people

SAM = "2"


@pytest.fixture
async def sam(any_house: House) -> Someone:
    """Somebody who took part in a consultation that has closed since."""
    await any_house.run(lambda db: open_now(db, KINDS))
    await three_people(any_house)
    await any_house.run(lambda db: db.run(update(consultations).values(state="closed")))
    return any_house.person(SAM)


async def rows(house: House, table) -> int:
    return len(await house.run(lambda db: db.run(select(table)).all()))


async def takes_back(someone: Someone, words: str) -> None:
    await someone.types("/mydata")
    await someone.taps("Take something back")
    line = next(line for line in someone.sees.splitlines() if words in line)
    await someone.types(line.partition(".")[0])
    assert "Take this back?" in someone.sees
    assert words in someone.sees
    await someone.taps("Yes, take it back")
    assert "You've taken it back." in someone.heard[-2].text
    assert words not in someone.sees


async def test_one_answer_goes_after_the_closing_and_the_others_stay(sam: Someone):
    house = sam.house
    before = await rows(house, answers_table)
    await takes_back(sam, f"{LONG} 2")
    assert await rows(house, answers_table) == before - 1
    assert (await house.run(lambda db: answers.texts(db, 1, "else", 0, 10)))[1] == 2
    assert (await house.run(lambda db: counts.count_now(db, 1))).people == 3


async def test_who_took_everything_back_did_not_take_part(sam: Someone):
    house = sam.house
    for _ in range(4):
        await sam.types("/mydata")
        await sam.taps("Take something back")
        await sam.taps("1")
        await sam.taps("Yes, take it back")
    assert "There is nothing of yours to take back." in sam.sees
    assert await rows(house, taking_part) == 2


async def test_its_quote_goes_with_it(sam: Someone):
    house = sam.house
    await house.run(lambda db: member(db, "worker", "900"))
    person = await house.run(lambda db: people.door_at(db, TELEGRAM, SAM).person.id)
    await does(house, AskToQuote(1, "else", person), address="900")
    await does(house, AnswerQuote(1, yes=True), address=SAM)
    await takes_back(sam, f"{LONG} 2")
    assert await rows(house, quotes) == 0


async def test_something_raised_goes_with_its_thread_from_its_own_page(sam: Someone):
    house = sam.house
    await house.run(lambda db: raised(db, people.door_at(db, TELEGRAM, SAM), "the quetzal stop is dark"))
    await sam.types("/raise 1")
    await sam.taps("Take this back")
    assert "the quetzal stop is dark" in sam.sees
    await sam.taps("Yes, take it back")
    assert await rows(house, issues) == 0
    assert await rows(house, issue_entries) == 0


async def test_a_verdict_goes_too(sam: Someone):
    house = sam.house
    await house.run(lambda db: publish(db, 1, 1))
    person = await house.run(lambda db: people.door_at(db, TELEGRAM, SAM).person.id)
    said = {"person_id": person, "outcome_id": 1, "got_it_right": False}
    await house.run(lambda db: db.run(judgements.insert().values(**said, at=db.now)))
    await takes_back(sam, "Not really")
    assert await rows(house, judgements) == 0


async def test_no_takes_nothing_back(sam: Someone):
    before = await rows(sam.house, answers_table)
    await sam.types("/mydata")
    await sam.taps("Take something back")
    await sam.taps("1")
    await sam.taps("No, keep it")
    assert "Take something back" in sam.sees
    assert await rows(sam.house, answers_table) == before
