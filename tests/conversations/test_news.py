"""Good news: complete in a language, sent to its audience once, never at night, and gone when deleted."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.scheduler.scheduler import tick
from conversations.core.channels import TELEGRAM, WEB
from conversations.core.effects import Refused
from conversations.news.article import Piece, title_and_text
from conversations.news.effects import (
    BeginNews,
    CancelNews,
    DropNews,
    FileNews,
    SendNews,
    SetNewsAudience,
    WriteNews,
)
from conversations.team.effects import RemoveRoles
from handlers import announcements
from storage.core.dispatch import dispatch
from storage.news import news
from storage.news.recipients import NEWS_RECIPIENTS
from storage.outbox import broadcasts
from storage.people import people
from storage.registry import HANDLERS
from storage.tables import doors, outbox
from storage.tables import news as table
from storage.tables import people as people_table
from storage.team import members as team
from tests.crowd import add_crowd
from tests.house import as_text
from tests.raised import member, messages, somebody, told

PARK = "A new skate park"


async def written(house):
    """A complete draft; returns its id."""

    def write(db):
        writer = member(db)
        news.begin(db, writer, BeginNews(PARK, "en"))
        news.write(db, writer, WriteNews(1, "text", "en", "It opens on Friday."))
        return 1

    return await house.run(write)


async def state(house):
    return await house.run(lambda db: db.run(select(table.c.state)).scalar())


async def does(house, effect, address="800001"):
    """A team member does this."""
    await house.run(lambda db: dispatch(db, people.door_at(db, TELEGRAM, address), [effect], HANDLERS))


# --- in whose words -------------------------------------------------------------------------------

TEXTS = {
    "title": {"en": "Park", "en-easy": "The park", "pl": "Park PL", "ar": "حديقة"},
    "text": {"en": "It opens.", "en-easy": "The park is open.", "pl": "Otwarcie.", "ar": ""},
}


@pytest.mark.parametrize(
    ("language", "version", "read"),
    [
        ("en", "normal", ("Park", "It opens.")),
        ("en", "young", ("Park", "It opens.")),
        ("en", "easy", ("The park", "The park is open.")),
        ("pl", "normal", ("Park PL", "Otwarcie.")),
        ("ar", "normal", ("Park", "It opens.")),  # it is incomplete, so none of it is used
    ],
)
def test_it_is_read_whole_in_ones_language_or_in_the_one_it_was_written_in(house, language, version, read):
    piece = Piece(1, "sent", "en", **TEXTS)
    assert title_and_text(piece, house.runtime.library.words(language, version)) == read


async def test_each_reader_gets_it_in_their_own_words(any_house):
    def some(db):
        for address, language in (("en", "en"), ("pl", "pl"), ("ar", "ar")):
            somebody(db, address, language=language)
        told(db, pl=("Nowy skatepark", "Otwarcie w piątek."))

    await any_house.run(some)
    got = {address: as_text(say) for address, kind, say in await messages(any_house) if kind == "news"}
    assert "Good news: A new skate park" in got["en"]
    assert "Nowy skatepark" in got["pl"]
    assert "A new skate park" in got["ar"]


# --- who gets it, and when ------------------------------------------------------------------------


async def test_it_goes_to_everybody_in_its_audience_who_agreed_and_wants_messages(any_house):
    await written(any_house)
    crowd = await any_house.run(lambda db: add_crowd(db, 6))
    older, mine, stopped, blocked = crowd[:4]

    def change(db):
        person = people_table.c.id
        db.run(update(people_table).where(person == older).values(band="18-25"))
        db.run(update(people_table).where(person == mine).values(frequency="mine"))
        db.run(update(people_table).where(person == stopped).values(stopped_at=db.now))
        db.run(update(doors).where(doors.c.person_id == blocked).values(reachable=False))

    await any_house.run(change)
    assert await any_house.run(lambda db: broadcasts.count_recipients(db, NEWS_RECIPIENTS.who(db, 1))) == 3
    await does(any_house, SetNewsAudience(1, ("16-17",)))
    assert await any_house.run(lambda db: broadcasts.count_recipients(db, NEWS_RECIPIENTS.who(db, 1))) == 2
    await does(any_house, SendNews(1))
    assert len([one for one in await messages(any_house) if one[1] == "news"]) == 2


async def test_at_its_time_it_is_sent_once_however_many_workers_tick(any_house):
    await written(any_house)
    await any_house.run(lambda db: add_crowd(db, 4))
    await does(any_house, SendNews(1, any_house.clock.now + timedelta(hours=2)))
    await tick(any_house.runtime)
    assert await state(any_house) == "scheduled"
    assert await messages(any_house) == []
    any_house.clock.on(hours=2)
    await asyncio.gather(*(tick(any_house.runtime) for _ in range(3)))
    assert await state(any_house) == "sent"
    assert len(await messages(any_house)) == 4
    any_house.clock.on(hours=-2)
    await tick(any_house.runtime)
    assert await messages(any_house) == []


async def test_sent_at_night_it_waits_for_the_morning_and_can_be_cancelled_until_then(any_house):
    await written(any_house)
    await any_house.run(lambda db: add_crowd(db, 2))
    any_house.clock.on(hours=6)
    await does(any_house, SendNews(1))
    assert await state(any_house) == "scheduled"
    await does(any_house, CancelNews(1))
    assert await state(any_house) == "draft"
    await does(any_house, SendNews(1))
    any_house.clock.on(hours=10)
    await tick(any_house.runtime)
    assert await state(any_house) == "sent"
    with pytest.raises(Refused):
        await does(any_house, CancelNews(1))
    assert len(await messages(any_house)) == 2


async def test_a_second_send_sends_nothing(any_house):
    await written(any_house)
    await any_house.run(lambda db: add_crowd(db, 2))
    sends = [does(any_house, SendNews(1)) for _ in range(4)]
    results = await asyncio.gather(*sends, return_exceptions=True)
    assert [type(one) for one in results if one] == [Refused] * 3
    assert len([one for one in await messages(any_house) if one[1] == "news"]) == 2


async def test_progress_is_reported_to_the_sender(any_house):
    await written(any_house)
    await any_house.run(lambda db: add_crowd(db, 2))
    await does(any_house, SendNews(1))

    def how_far(db):
        row = db.run(select(outbox).where(outbox.c.kind == "progress")).one()
        from storage.outbox.outbox import message_of

        return as_text(announcements.build(any_house.runtime, db, message_of(db, row)))

    said = await any_house.run(how_far)
    assert "A new skate park: the good news is going out" in said
    assert "0 of 2 people have it." in said
    await messages(any_house)
    assert "A new skate park: the good news has gone out" in await any_house.run(how_far)
    worker = any_house.person("800001")
    await worker.types("/sent")
    assert "1. A new skate park. Good news, Tuesday 1 December, 16:00." in worker.sees
    await does(any_house, DropNews(1))
    assert "…: the good news has gone out" in await any_house.run(how_far)


async def test_on_a_page_it_is_there_when_it_is_opened_and_under_changed(any_house):
    young = any_house.person("a-cookie", "web")
    await young.joins()
    await any_house.run(told)
    door = await any_house.run(lambda db: people.door_at(db, WEB, "a-cookie"))
    lines = await any_house.run(lambda db: announcements.show(any_house.runtime, db, door.id))
    assert "Good news: A new skate park" in [line.say.heading for line in lines]
    await young.types("/changed")
    await young.taps("Good news")
    assert "1. A new skate park, 1 December 2026." in young.sees


async def test_it_is_shown_only_to_its_audience_and_only_if_there_is_some(any_house):
    young = any_house.person()
    await young.joins()
    await young.types("/changed")
    assert "[Good news]" not in young.sees

    def for_others(db):
        writer = member(db)
        news.begin(db, writer, BeginNews(PARK, "en"))
        news.write(db, writer, WriteNews(1, "text", "en", "It opens."))
        news.set_audience(db, writer, SetNewsAudience(1, ("18-25",)))
        news.send(db, writer, SendNews(1))

    await any_house.run(for_others)
    await young.types("/changed")
    assert "[Good news]" not in young.sees
    await any_house.run(lambda db: db.run(update(table).values(bands=["16-17"])))
    await young.types("/changed")
    await young.taps("Good news")
    await young.taps("1")
    assert "It opens." in young.sees
    await any_house.run(lambda db: db.run(table.delete()))
    await young.taps("More good news")
    assert "There is no good news just now." in young.sees


async def test_deleted_news_is_not_sent_and_not_shown(any_house):
    await any_house.run(lambda db: add_crowd(db, 3))
    await any_house.run(told)
    await does(any_house, DropNews(1))
    assert [one for one in await messages(any_house) if one[1] == "news"] == []
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar()) == 0


# --- writing it -----------------------------------------------------------------------------------


async def test_it_does_not_go_out_before_it_is_whole(house):
    worker = await house.staff("worker")
    await worker.types("/news")
    await worker.taps("Write good news")
    said = await worker.types("t" * 81)
    assert "81 letters long. Say it in 80" in said[0].text
    await worker.types(PARK)
    await worker.taps("Back")
    said = await worker.taps("Send now")
    assert "The text is still missing." in said[0].text
    with pytest.raises(Refused):
        await does(house, SendNews(1), worker.address)
    await worker.taps("Text")
    said = await worker.types("x" * 601)
    assert "601 letters long. Say it in 600" in said[0].text
    await worker.types("It opens on Friday.")
    await worker.taps("Send now")
    assert "Nobody can be reached now." in worker.sees


async def test_a_translation_can_be_changed_and_removed(house):
    worker = await house.staff("worker")
    await written(house)
    await worker.types("/news 1")
    await worker.taps("Languages and versions")
    await worker.taps("5")
    await worker.types("حديقة جديدة")
    await worker.types("تُفتح يوم الجمعة.")
    assert "5. Arabic: complete" in worker.sees
    await worker.taps("5")
    await worker.taps("Keep it")
    await worker.taps("Take it out")
    assert "5. Arabic: the text is missing" in worker.sees
    texts = await house.run(lambda db: db.run(select(table.c.title, table.c.text)).one())
    assert texts.title == {"en": PARK, "ar": "حديقة جديدة"}
    assert texts.text == {"en": "It opens on Friday."}


async def test_news_scheduled_by_a_removed_worker_is_a_draft_again(any_house):
    await written(any_house)
    owner = await any_house.run(lambda db: member(db, "owner", "1"))
    await does(any_house, SendNews(1, any_house.clock.now + timedelta(days=1)))
    worker = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "800001").person.id)
    await any_house.run(lambda db: team.remove(db, owner, RemoveRoles(worker)))
    assert await state(any_house) == "draft"


async def test_a_time_that_has_passed_is_refused(house):
    await written(house)
    with pytest.raises(Refused):
        await does(house, SendNews(1, house.clock.now))


EVERY = (
    BeginNews("t", "en"),
    WriteNews(1, "text", "en", "x"),
    FileNews(1, "safe", None),
    SetNewsAudience(1, ()),
    SendNews(1),
    CancelNews(1),
    DropNews(1),
)


@pytest.mark.parametrize("effect", EVERY, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("role", [None, "decider", "reviewer", "safeguarding"])
async def test_only_workers_and_owners_may(house, effect, role):
    await written(house)
    await house.run(lambda db: member(db, role, "9") if role else somebody(db, "9"))
    with pytest.raises(Refused):
        await does(house, effect, "9")


async def test_a_sent_outcome_cannot_be_changed(house):
    await house.run(told)
    for effect in (
        WriteNews(1, "text", "en", "x"),
        SetNewsAudience(1, ()),
        FileNews(1, None, None),
        SendNews(1),
    ):
        with pytest.raises(Refused):
            await does(house, effect)
