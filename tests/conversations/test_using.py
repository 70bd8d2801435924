"""*Don't use what I said*: it stays with its writer, and nobody else reads or counts it until they say so."""

import pytest

from bot.cli.play import open_now
from conversations.core.channels import TELEGRAM
from conversations.core.messages import Session
from conversations.involvement.effects import ToggleWay
from conversations.people.effects import StartUsing, StopUsing
from conversations.results.effects import AnswerQuote, AskToQuote
from storage.consultations import answers
from storage.consultations.consultations import all_consultations, consultation
from storage.followup import reports
from storage.involvement import ways
from storage.issues import counts as issue_counts
from storage.issues import inbox
from storage.people import people
from storage.results import counts, quotes
from storage.tables import judgements
from tests.house import House
from tests.raised import member, raised
from tests.sample_forms import KINDS, publish
from tests.storage.answering import does, three_people

TEXT = "else"  # the question of KINDS that is answered in words
SAM = "2"


@pytest.fixture
async def hub(any_house: House) -> House:
    """Three people answered, and one of them raised something, chose a way and judged an outcome."""
    await any_house.run(lambda db: open_now(db, KINDS))
    await three_people(any_house)
    await any_house.run(lambda db: raised(db, people.door_at(db, TELEGRAM, SAM)))
    await does(any_house, ToggleWay("group"), address=SAM)
    await any_house.run(lambda db: publish(db, 1, 1))
    await any_house.run(
        lambda db: db.run(
            judgements.insert().values(
                person_id=sam(db), outcome_id=1, got_it_right=True, space="yes", at=db.now
            )
        )
    )
    return any_house


def sam(db) -> int:
    return people.door_at(db, TELEGRAM, SAM).person.id


async def seen(house: House) -> dict[str, object]:
    """All that others read and count of what people said."""

    def look(db):
        worker, form = member(db, "worker"), consultation(db, 1).form
        found = counts.count_now(db, 1)
        after = reports.after_counts_of(db, 1)
        return {
            "people": found.people,
            "answered": {one.question: one.answered for one in found.tallies},
            "texts": answers.texts(db, 1, TEXT, 0, 10)[1],
            "export": sum(1 for _ in answers.rows_for_export(db, 1, form)),
            "listed": all_consultations(db, worker, Session("")).listed[0].people,
            "inbox": len(inbox.inbox(db, worker, Session("")).ids),
            "raised": sum(one.issues for one in issue_counts.raised_counts(db, worker, Session("")).heaps),
            "ways": ways.ways_chosen(db, worker, Session("")).counts.get("group", 0),
            "right": after.right.get(True, 0),
            "pulse": after.pulse["space"].get("yes", 0),
            "contributed": after.people,
        }

    return await house.run(look)


async def test_nothing_of_it_is_read_or_counted_until_it_is_used_again(hub: House):
    before = await seen(hub)
    await does(hub, StopUsing(), address=SAM)
    without = await seen(hub)
    assert without == {
        "people": 2,
        "answered": {name: n - 1 for name, n in before["answered"].items()},
        "texts": 2,
        "export": 2,
        "listed": 2,
        "inbox": 0,
        "raised": 0,
        "ways": 0,
        "right": 0,
        "pulse": 0,
        "contributed": 2,
    }
    await does(hub, StartUsing(), address=SAM)
    assert await seen(hub) == before


async def test_it_is_not_quoted_and_a_quote_comes_back_with_it(hub: House):
    await hub.run(lambda db: member(db, "worker", "900"))
    await does(hub, AskToQuote(1, TEXT, await hub.run(sam)), address="900")
    await does(hub, AnswerQuote(1, yes=True), address=SAM)
    assert len(await hub.run(lambda db: quotes.quotable(db, 1))) == 1
    await does(hub, StopUsing(), address=SAM)
    assert await hub.run(lambda db: quotes.quotable(db, 1)) == ()
    await does(hub, StartUsing(), address=SAM)
    assert len(await hub.run(lambda db: quotes.quotable(db, 1))) == 1


async def test_their_writer_still_has_it_all(hub: House):
    await does(hub, StopUsing(), address=SAM)
    kept = await hub.run(lambda db: answers.load(db, sam(db), 1, KINDS).answers)
    assert kept[TEXT]


async def test_it_is_two_taps_away_and_nothing_new_is_asked_for_meanwhile(house: House):
    await house.run(lambda db: open_now(db, KINDS))
    sam = house.person()
    await sam.joins()
    await sam.types("/mydata")
    await sam.taps("Don't use my words")
    assert "You can switch it back" in sam.sees
    await sam.taps("Don't use it")
    assert "What you said isn't used" in sam.sees
    for command in ("/say", "/say 1", "/raise", "/raise new", "/right 1 yes", "/revisit 1 yes"):
        await sam.types(command)
        assert "What you said isn't used" in sam.sees, command
    await sam.taps("Use it again")
    await sam.types("/say 1")
    assert KINDS.about["en"] in sam.sees


async def test_help_comes_all_the_same(house: House):
    sam = house.person()
    await sam.joins()
    await sam.types("/mydata")
    await sam.taps("Don't use my words")
    await sam.taps("Don't use it")
    await sam.types("i want to die")
    assert "Childline" in sam.sees
