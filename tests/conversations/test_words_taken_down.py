"""What somebody in the team has open to read goes when its writer deletes it, on a page and in a chat."""

import pytest
from sqlalchemy import select

from bot.cli.play import open_now
from conversations.core.channels import TELEGRAM, WEB
from conversations.people.effects import StopUsing
from conversations.results.effects import AnswerQuote, AskToQuote
from handlers import announcements
from storage.outbox import outbox as messages
from storage.outbox import threads
from storage.people import people
from storage.tables import outbox, parts, shown_words
from tests.house import House, Someone
from tests.raised import member, raised
from tests.sample_forms import KINDS, publish
from tests.storage.answering import LONG, does, three_people

WORDS = "the quetzal stop is dark"
SAM = "2"


@pytest.fixture
async def sam(any_house: House) -> Someone:
    """Somebody who answered, and raised something."""
    await any_house.run(lambda db: open_now(db, KINDS))
    await three_people(any_house)
    await any_house.run(lambda db: raised(db, people.door_at(db, TELEGRAM, SAM), WORDS))
    return any_house.person(SAM)


async def deletes(someone: Someone) -> None:
    await someone.types("/delete")
    await someone.taps("Yes, delete it")


async def on_the_page(someone: Someone) -> str:
    def look(db):
        door = people.door_at(db, WEB, someone.address)
        return "\n".join(line.say.text for line in threads.thread(db, door.id))

    return await someone.house.run(look)


async def edits(house: House) -> list[tuple[str | None, str]]:
    """What is to be sent in the place of which message."""

    def look(db):
        rows = db.run(select(outbox).where(outbox.c.kind == "gone").order_by(outbox.c.id)).all()
        found = [messages.message_of(db, row) for row in rows]
        return [(one.replaces, announcements.build(house.runtime, db, one).text) for one in found]

    return await house.run(look)


async def test_it_goes_off_a_worker_s_page_with_everything(sam: Someone):
    worker = await sam.house.staff("worker", "page-of-the-worker", door="web")
    await worker.types("/inbox 1")
    assert WORDS in await on_the_page(worker)
    await deletes(sam)
    assert WORDS not in await on_the_page(worker)
    assert [text for _, text in await edits(sam.house)] == [
        "What you had open here is gone. Whoever wrote it has taken it away."
    ]


async def test_it_is_edited_away_in_a_worker_s_chat(sam: Someone):
    worker = await sam.house.staff("worker")
    await worker.types("/inbox 1")
    shown = await sam.house.run(
        lambda db: messages.latest_message(db, people.door_at(db, TELEGRAM, worker.address).id)
    )
    await deletes(sam)
    [(replaced, text)] = await edits(sam.house)
    assert replaced == shown
    assert WORDS not in text


async def test_a_list_of_answers_goes_too_when_one_is_taken_back(sam: Someone):
    worker = await sam.house.staff("worker", "page-of-the-worker", door="web")
    await worker.types("/results 1")
    for _ in range(8):
        if LONG in worker.sees:
            break
        await worker.taps("Read what they wrote" if "[Read what" in worker.sees else "Next question")
    assert f"{LONG} 2" in await on_the_page(worker)
    await sam.types("/mydata")
    await sam.taps("Take something back")
    line = next(line for line in sam.sees.splitlines() if f"{LONG} 2" in line)
    await sam.types(line.partition(".")[0])
    await sam.taps("Yes, take it back")
    assert f"{LONG} 2" not in await on_the_page(worker)


async def test_words_that_are_not_used_go_too(sam: Someone):
    worker = await sam.house.staff("worker", "page-of-the-worker", door="web")
    await worker.types("/inbox 1")
    await does(sam.house, StopUsing(), address=SAM)
    assert WORDS not in await on_the_page(worker)


async def test_what_the_worker_has_gone_on_from_is_left_alone(sam: Someone):
    worker = await sam.house.staff("worker")
    await worker.types("/inbox 1")
    await sam.house.run(
        lambda db: db.run(outbox.update().where(outbox.c.kind == "passing").values(message="7"))
    )
    await worker.types("/home")
    await sam.house.run(
        lambda db: db.run(
            outbox.update()
            .where(outbox.c.id == select(outbox.c.id).order_by(outbox.c.id.desc()).limit(1).scalar_subquery())
            .values(message="7")
        )
    )
    await deletes(sam)
    assert await edits(sam.house) == []


async def test_who_shows_nothing_of_others_is_linked_to_nobody(sam: Someone):
    worker = await sam.house.staff("worker")
    await worker.types("/home")
    assert await sam.house.run(lambda db: db.run(select(shown_words)).all()) == []


async def test_a_quote_goes_off_everybody_s_page(sam: Someone):
    house = sam.house
    await house.run(lambda db: member(db, "worker", "900"))
    writer = await house.run(lambda db: people.door_at(db, TELEGRAM, SAM).person.id)
    await does(house, AskToQuote(1, "else", writer), address="900")
    await does(house, AnswerQuote(1, yes=True), address=SAM)
    reader = house.person("page-of-a-reader", "web")
    await reader.joins()

    def published(db):
        publish(db, 1, 1)
        first = select(parts.c.id).order_by(parts.c.id).limit(1).scalar_subquery()
        db.run(parts.update().where(parts.c.id == first).values(quote_id=1))
        door = people.door_at(db, WEB, reader.address)
        whose = {"door_id": door.id, "door_kind": "web", "once": "told", "due": db.now}
        what = {"lane": "broadcast", "state": "waiting", "kind": "outcome", "about": 1}
        db.run(outbox.insert().values(**whose, **what))
        return "\n".join(line.say.text for line in announcements.show(house.runtime, db, door.id))

    def shown(db):
        door = people.door_at(db, WEB, reader.address)
        assert threads.has_waiting(db, door.id)
        return "\n".join(line.say.text for line in announcements.show(house.runtime, db, door.id))

    assert f"{LONG} 2" in await house.run(published)
    await deletes(sam)
    again = await house.run(shown)
    assert again
    assert f"{LONG} 2" not in again
