"""The register's edition changes with anything that changes a published page, and with nothing else."""

from datetime import date
from itertools import pairwise

from sqlalchemy import update

from bot.cli.play import open_now
from conversations.changes.register import RegisterFilter, count_parts
from conversations.consultations.effects import RemoveSample
from conversations.core.channels import TELEGRAM, WEB
from conversations.core.record import replace
from conversations.results.effects import AnswerQuote
from storage.changes import published
from storage.changes.register import edition, register
from storage.consultations import answers, lifecycle
from storage.people import people
from storage.results import quotes
from storage.tables import consultations, filings, parts, promise_moves
from storage.tables import quotes as quotes_table
from tests.sample_forms import KINDS, publish
from tests.storage.deciding import A_DID, begin, decided, does, written
from tests.storage.deciding import publish as publish_it

A_MOVE = {"was": date(2027, 3, 31), "now": date(2027, 5, 1), "language": "en", "sealed": b"why"}


def quoted(db, door, outcome: int) -> None:
    question = KINDS.questions[-1]
    answers.replace(db, door.person.id, outcome, question, "it is so dark")
    whose = {"person_id": door.person.id, "consultation_id": outcome, "question": question.name}
    hashed = quotes._hashes(db, "it is so dark")[0]
    db.run(quotes_table.insert().values(id=7, hashed=hashed, state="yes", at=db.now, **whose))
    db.run(update(parts).where(parts.c.outcome_id == outcome, parts.c.place == 0).values(quote_id=7))


async def test_a_change_of_a_page_changes_the_edition(any_house):
    house = any_house
    seen: list[object] = [await house.run(edition)]

    async def does(work) -> None:
        await house.run(work)
        seen.append(await house.run(edition))

    await does(lambda db: publish(db, open_now(db, KINDS, state="answered"), 1))
    await does(
        lambda db: publish(db, open_now(db, replace(KINDS, code="two"), sample=True, state="answered"), 2)
    )
    await does(lambda db: quoted(db, people.find_or_create_door(db, TELEGRAM, "1"), 1))
    door = await house.run(lambda db: people.find_or_create_door(db, TELEGRAM, "1"))
    await does(lambda db: quotes.answer(db, door, AnswerQuote(7, yes=False)))
    await does(lambda db: quotes.answer(db, door, AnswerQuote(7, yes=True)))
    house.clock.on(hours=1)
    await does(lambda db: answers.replace(db, door.person.id, 1, KINDS.questions[-1], "it isn't dark now"))
    await does(lambda db: db.run(promise_moves.insert().values(part_id=1, **A_MOVE, moved_at=db.now)))
    await does(lambda db: people.forget(db, door.person.id))
    await does(
        lambda db: open_now(db, replace(KINDS, code="three"), state="closed", reply_by=date(2026, 11, 1))
    )
    await does(lambda db: lifecycle.remove_sample(db, door, RemoveSample()))
    house.clock.on(days=1)
    await does(lambda _db: None)
    assert all(before != after for before, after in pairwise(seen))


async def test_an_invisible_change_does_not_change_the_edition(any_house):
    house = any_house
    await house.run(lambda db: publish(db, open_now(db, KINDS, state="answered"), 1))
    before = await house.run(edition)
    await house.run(lambda db: open_now(db, replace(KINDS, code="open"), reply_by=date(2026, 12, 20)))
    await house.run(lambda db: publish(db, 2, 2, state="draft"))
    await house.run(
        lambda db: answers.replace(
            db, people.find_or_create_door(db, WEB, "1").person.id, 2, KINDS.questions[-1], "hm"
        )
    )
    assert await house.run(edition) == before


async def test_the_register_counts_and_finds_on_both_databases(any_house):
    house = any_house

    def fill(db) -> None:
        publish(db, open_now(db, replace(KINDS, themes=("safe",), area="Docks"), state="answered"), 1)
        open_now(db, replace(KINDS, code="late", area="Hill"), state="closed", reply_by=date(2026, 11, 30))

    await house.run(fill)
    house.clock.on(days=150)
    found = await house.run(register)
    assert count_parts(found.entries) == {"did": 0, "doing": 0, "will": 1, "cant": 1, "late": 1}
    assert found.areas == ("Docks", "Hill")
    asked = found.filter_from({"theme": "safe", "area": "Docks", "decision": "late", "year": "2026"})
    assert asked == RegisterFilter("safe", "Docks", "late", 2026)
    assert [entry.id for entry in found.matching(asked)] == [1]
    assert not found.filter_from({"area": "Nowhere", "year": "x"})
    assert [one.reply_by for one in found.late_answers(RegisterFilter(area="Hill"))] == [date(2026, 11, 30)]
    assert found.late_answers(RegisterFilter(area="Docks")) == ()


async def test_an_outcome_is_filed_and_its_people_counted_when_it_goes_out(house):
    number = await house.run(begin)
    await house.run(lambda db: db.run(update(consultations).values(themes=["safe", "healthy"], area="Docks")))
    await does(house, *written(number, **A_DID), decided(number))
    assert await house.run(lambda db: db.run(filings.select()).all()) == []
    await does(house, publish_it(number))
    await house.run(lambda db: people.forget(db, 5))
    (entry,) = (await house.run(register)).entries
    assert (entry.themes, entry.area) == (frozenset({"safe", "healthy"}), "Docks")
    (told,) = (await house.run(lambda db: published.published_by_id(db, [entry.id]))).values()
    assert told.people == 3, "who left afterwards is not to be told from it"
