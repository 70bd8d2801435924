"""Ways to be involved, settings, pausing, one's own data, and leaving for good."""

from sqlalchemy import func, select

from conversations.changes.messages import OUTCOME
from conversations.involvement.ways import WAYS
from handlers.files.render import draw
from storage.outbox import outbox
from storage.tables import answers, doors, people, sessions, taking_part, ways
from storage.tables import outbox as outbox_table
from tests.house import House, make_house


async def rows(house: House, table) -> int:
    return await house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar_one())


async def test_every_way_is_explained_and_several_can_be_chosen_and_taken_off(any_house: House):
    sam = any_house.person()
    await sam.joins()
    await sam.types("/ways")
    for way in WAYS[:2]:
        name = way.name(any_house.runtime.library.words("en", None))
        await sam.taps(name)
        assert "When:" in sam.sees
        assert "Support:" in sam.sees
        await sam.taps("I'd like that")
    assert sam.sees.count("✓") == 2
    await sam.taps("Join a group")
    await sam.taps("Take it off my list")
    assert sam.sees.count("✓") == 1
    said = await sam.taps("Done")
    assert "You chose 1 way." in said[0].text
    assert await rows(any_house, ways) == 1


async def test_language_and_version_change_at_once(house: House):
    sam = house.person()
    await sam.joins()
    await sam.types("/settings")
    await sam.taps("Language")
    await sam.taps("Polski")
    assert sam.heard[-1].language == "pl"
    await sam.taps(sam.heard[-1].rows[0][0].label)
    english = next(b for row in sam.heard[-1].rows for b in row if b.label == "English")
    await sam.taps(english.label)
    await sam.taps("How Heard writes")
    await sam.taps("Easy Read")
    row = await house.run(lambda db: db.run(select(people.c.language, people.c.version)).one())
    assert tuple(row) == ("en", "easy")


async def test_stopping_before_joining_does_not_last_beyond_the_next_start(any_house: House):
    sam = any_house.person()
    for command in ("/start", "/stop", "/start"):
        await sam.types(command)
    for label in ("English", "Normal", "OK", "16–17", "Yes, keep it"):
        await sam.taps(label)
    assert await any_house.run(lambda db: db.run(select(people.c.stopped_at)).scalar()) is None


async def test_text_typed_on_the_page_is_in_my_data(house: House):
    sam = house.person("a-cookie", "web")
    await sam.joins()
    await sam.types("just a word")
    await sam.types("/mydata")
    assert "What you did and wrote on the page in the last 30 days" in sam.sees
    said = await sam.taps("Get it as a file")
    page = await draw(house.runtime, said[0].attachment)
    assert "just a word" in page.content.decode()


async def test_with_a_retention_of_a_week_the_pages_conversation_is_kept_no_longer(sqlite):
    house = make_house(sqlite, retention_days=7)
    sam = house.person("a-cookie", "web")
    await sam.joins()
    await sam.types("just a word")
    house.clock.on(days=8)
    await house.run(outbox.purge)
    kept = select(func.count()).where(outbox_table.c.kind == "own")
    assert await house.run(lambda db: db.run(kept).scalar()) == 0
    assert "this page keeps our conversation for 7 days" in (await sam.types("/privacy long"))[0].text.lower()


async def test_two_taps_end_all_messages_and_start_brings_them_back(house: House):
    sam = house.person()
    await sam.joins()
    await sam.types("/settings")
    await sam.taps("Messages")
    said = await sam.taps("Stop all messages")
    assert "I won't send you anything more" in said[0].text
    assert await house.run(lambda db: db.run(select(people.c.stopped_at)).scalar()) is not None
    await sam.taps("Start again")
    assert await house.run(lambda db: db.run(select(people.c.stopped_at)).scalar()) is None


async def test_people_who_opted_out_are_promised_no_messages(house: House):
    sam = house.person()
    await sam.joins()
    assert "I'll tell you when something is." in sam.sees
    await sam.types("/stop")
    await sam.types("/home")
    assert "Nothing is open for you just now." in sam.sees
    assert "I'll tell you" not in sam.sees


async def test_delete_asks_once_and_then_nothing_is_left(any_house: House):
    sam = any_house.person()
    await sam.joins()
    await sam.types("/ways")
    await sam.taps("Join a group")
    await sam.taps("I'd like that")
    await sam.types("/delete")
    assert "Telegram keeps its own copy" in sam.sees
    said = await sam.taps("No, keep it")
    assert "Nothing was deleted" in said[0].text
    await sam.types("/delete")
    said = await sam.taps("Yes, delete it")
    assert "Everything you told me is deleted" in said[0].text
    for table in (ways, answers, taking_part):
        assert await rows(any_house, table) == 0
    row = await any_house.run(lambda db: db.run(select(people)).one())
    assert (row.agreed_at, row.band) == (None, None)
    assert await rows(any_house, doors) == 1, "only the way that the goodbye takes"
    assert await rows(any_house, sessions) == 1
    goodbye = await any_house.run(lambda db: db.run(select(outbox_table.c.kind)).scalars().all())
    assert set(goodbye) == {"say"}


async def test_waiting_messages_are_deleted_with_their_person(house: House):
    sam = house.person()
    await sam.joins()
    person = await house.run(lambda db: db.run(select(people.c.id)).scalar_one())
    await house.run(lambda db: outbox.announce(db, person, "x", OUTCOME, 1))
    await sam.types("/stop")
    assert (
        await house.run(lambda db: db.run(select(outbox_table).where(outbox_table.c.once == "x")).first())
        is None
    )


async def test_mydata_shows_everything_and_offers_it_as_a_file(house: House):
    sam = house.person(door="web")
    await sam.joins("13–15")
    await sam.types("/mydata")
    assert "Age: 13–15" in sam.sees
    assert "Language: English" in sam.sees
    assert "You haven't answered any questions yet." in sam.sees
    said = await sam.taps("Get it as a file")
    assert said[0].attachment
    assert said[0].attachment.name == "mydata"


async def test_the_page_gives_a_return_code_once_and_never_shows_it_again(house: House):
    sam = house.person(door="web")
    await sam.joins("13–15")
    await sam.types("/settings")
    await sam.taps("Return code")
    assert "Your return code:" in sam.sees
    kept = await house.run(lambda db: db.run(select(people.c.return_hash)).scalar())
    assert kept is not None
    await sam.types("/settings")
    assert "Your return code:" not in sam.sees
    assert "[New return code]" in sam.sees


async def test_every_other_input_gets_a_kind_answer_and_the_present_question(house: House):
    sam = house.person()
    await sam.joins()
    question = sam.sees
    for kind in ("voice", "photo", "video", "sticker", "file", "location", "contact", "other"):
        said = await sam.sends(kind)
        assert len(said) == 2, kind
        assert sam.sees == question
    said = await sam.types("qwerty uiop")
    assert "I don't take words here" in said[0].text
    assert "/say" in said[0].text
    assert "/help" in said[0].text
    said = await sam.types("/nonsense")
    assert "I don't know that one" in said[0].text
    assert sam.sees == question
