"""The words of a case: all of them, sealed, until it is closed; for whoever took it and for leads, each look noted."""

import pytest
from sqlalchemy import func, select

from conversations.core.channels import BY_NAME
from conversations.core.effects import Refused
from conversations.core.events import Edited, Sent
from conversations.safeguarding.effects import CloseCase, ReadWords
from conversations.safeguarding.excerpt import KEPT_MOST
from conversations.safeguarding.facts import CaseText
from storage.consultations.manage import offer_sample
from storage.core.dispatch import dispatch
from storage.operations.retention import erase_words
from storage.people import people
from storage.registry import HANDLERS
from storage.safeguarding import words
from storage.tables import audit, case_words
from tests.house import as_text

DANGER = "i want to kill myself"


async def writer(house, address="5550001", door="telegram"):
    young = house.person(address, door)
    await young.joins()
    return young


async def kept(house, case=1) -> list[CaseText]:
    """What a lead reads in a case."""
    if not await house.run(lambda db: people.door_at(db, BY_NAME["telegram"], "lead")):
        await house.staff("safeguarding", "lead")
    return list(
        await house.run(lambda db: words.texts(db, people.door_at(db, BY_NAME["telegram"], "lead"), case))
    )


async def looks(house, someone, case=1) -> None:
    def read(db):
        door = people.door_at(db, someone.channel, someone.address)
        dispatch(db, door, (ReadWords(case),), HANDLERS)
        return words.texts(db, door, case)

    return await house.run(read)


async def noted(house) -> list[str]:
    rows = await house.run(lambda db: db.run(select(audit.c.did, audit.c.about)).all())
    return [row.about for row in rows if row.did == "read the words of a case"]


async def test_a_case_keeps_each_text_with_a_sign_sealed_with_its_time_and_place(any_house):
    young = await writer(any_house)
    await young.types("/raise")
    await young.taps("2")
    await young.types(DANGER)
    any_house.clock.on(minutes=5)
    await young.types("i cant go on anymore")
    first, second = await kept(any_house)
    assert (first.words, first.step) == (DANGER, "raise.words")
    assert (second.words, second.step) == ("i cant go on anymore", "support.choose")
    assert (second.at - first.at).total_seconds() == 300
    stored = await any_house.run(lambda db: db.run(select(case_words)).mappings().all())
    assert DANGER not in str([dict(row) for row in stored])


@pytest.mark.parametrize(
    ("event", "holds"),
    [
        (Edited(DANGER, "99"), DANGER),
        (Sent("photo", caption=DANGER), DANGER),
        (Sent("file", name="i want to kill myself.pdf"), "i want to kill myself.pdf"),
        (Sent("file", caption="look", name="i want to kill myself.pdf"), "i want to kill myself.pdf"),
    ],
)
async def test_a_sign_in_an_edit_a_caption_or_a_files_name_is_in_the_case(house, event, holds):
    young = await writer(house)
    await young.does(event)
    assert "999" in young.sees
    (text,) = await kept(house)
    assert holds in text.words


@pytest.mark.parametrize("typed", [f"/say {DANGER}", f"/nothing {DANGER}", f"/start {DANGER}"])
async def test_a_sign_after_a_command_is_in_the_case(house, typed):
    young = await writer(house)
    await young.types(typed)
    (text,) = await kept(house)
    assert DANGER in text.words


async def test_a_sign_in_a_staff_members_name_leads_to_help_and_a_case(house):
    worker = await house.staff("worker", "w")
    await worker.types("/team")
    await worker.taps("My name here")
    await worker.types(DANGER)
    assert "999" in worker.sees
    (text,) = await kept(house)
    assert (text.words, text.step) == (DANGER, "team.name")


async def test_what_staff_write_at_work_opens_no_case(house):
    worker = await house.staff("worker", "w")
    await worker.types("/news")
    await worker.taps("Write good news")
    await worker.types(DANGER)
    assert await kept(house) == []


async def test_of_a_hundred_kilobytes_the_case_keeps_the_part_with_the_sign(house):
    young = await writer(house)
    await young.types("we like the park. " * 3000 + DANGER + " and the buses are late." * 2500)
    (text,) = await kept(house)
    assert DANGER in text.words
    assert len(text.words) <= KEPT_MOST + 4
    assert text.words.startswith("… ")
    assert text.words.endswith(" …")


async def test_a_case_keeps_the_first_text_and_the_newest(house, monkeypatch):
    monkeypatch.setattr(words, "TEXTS_MOST", 3)
    young = await writer(house)
    for n in range(5):
        await young.types(f"{DANGER} {n}")
    assert [text.words for text in await kept(house)] == [f"{DANGER} {n}" for n in (0, 3, 4)]


async def test_a_sign_over_the_pace_is_in_the_case(house):
    young = await writer(house)
    for _ in range(40):
        await young.types("hello")
    await young.types(DANGER)
    (text,) = await kept(house)
    assert text.words == DANGER


# --- who reads them -------------------------------------------------------------------------------


async def test_whoever_took_the_case_and_the_lead_may_read_it_and_nobody_else(any_house):
    await any_house.run(offer_sample)
    young = await writer(any_house)
    await young.types(DANGER)
    lead = await any_house.staff("safeguarding", "l")
    first, second = await any_house.staff("owner", "1"), await any_house.staff("owner", "2")
    others = [await any_house.staff(role, role) for role in ("worker", "decider", "reviewer")]
    for one in (first, second, *others, young):
        with pytest.raises(Refused):
            await looks(any_house, one)
        assert (
            await any_house.run(
                lambda db, one=one: words.texts(db, people.door_at(db, one.channel, one.address), 1)
            )
            == ()
        )
    await first.types("/cases 1")
    await first.taps("I'm on it")
    for one in (second, *others, young):
        with pytest.raises(Refused):
            await looks(any_house, one)
    for one in (first, lead):
        (text,) = await looks(any_house, one)
        assert text.words == DANGER
    assert await noted(any_house) == ["case 1", "case 1"]


async def test_each_look_is_written_down_and_without_the_words(any_house):
    young = await writer(any_house)
    await young.types(DANGER)
    lead = await any_house.staff("safeguarding", "l")
    for _ in range(3):
        await looks(any_house, lead)
    assert await noted(any_house) == ["case 1"] * 3
    lines = await any_house.run(lambda db: db.run(select(audit)).mappings().all())
    assert DANGER not in str([dict(line) for line in lines])


async def test_in_a_chat_the_case_has_a_link_to_the_page_and_never_the_words(house):
    young = await writer(house)
    await young.types(DANGER)
    owner = await house.staff("owner", "o")
    await owner.types("/cases 1")
    assert "When you are on it, you can read what they wrote, on the web page only." in owner.sees
    await owner.taps("I'm on it")
    assert "You can read what they wrote, on the web page only. I note each look." in owner.sees
    assert "→" not in owner.sees, "a phone cannot open an address of this machine"
    assert DANGER not in "\n".join(as_text(say) for say in owner.heard)


async def test_the_link_in_a_chat_leads_to_the_page(sqlite):
    from tests.house import make_house

    house = make_house(sqlite, public_url="https://heard.example")
    young = await writer(house)
    await young.types(DANGER)
    lead = await house.staff("safeguarding", "l")
    await lead.types("/cases 1")
    assert "[Read what they wrote → https://heard.example/case/1]" in lead.sees


# --- how long -------------------------------------------------------------------------------------


async def test_retention_and_delete_leave_the_words_of_an_open_case(any_house):
    young = await writer(any_house)
    await young.types("/delete")
    assert "a copy of the words that I was worried about" in young.sees
    await young.taps("No, keep it")
    await young.types(DANGER)
    await young.types("/delete")
    await young.taps("Yes, delete it")
    assert "except what the open case keeps" in as_text(young.heard[-2])
    any_house.clock.on(days=400)
    await any_house.run(erase_words)
    (text,) = await kept(any_house)
    assert text.words == DANGER


async def test_closing_erases_the_words_and_keeps_number_kind_and_times(any_house):
    young = await writer(any_house)
    await young.types(DANGER)
    lead = await any_house.staff("safeguarding", "l")
    await lead.types("/cases 1")
    await lead.taps("Close the case")
    await lead.taps("Spoke with them: they are safe")
    assert "my copy of what they wrote, what you wrote to each other, and the notes" in lead.sees
    await lead.taps("Close it")
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(case_words)).scalar()) == 0
    with pytest.raises(Refused):
        await looks(any_house, lead)


async def test_somebody_who_deletes_everything_and_comes_back_is_another_case(any_house):
    young = await writer(any_house)
    await young.types(DANGER)
    await young.types("/delete")
    await young.taps("Yes, delete it")
    await young.joins()
    await young.types("my dad hits me")
    assert [text.words for text in await kept(any_house, 1)] == [DANGER]
    assert [text.words for text in await kept(any_house, 2)] == ["my dad hits me"]
    lead = await any_house.staff("safeguarding", "l")
    await any_house.run(
        lambda db: dispatch(
            db, people.door_at(db, lead.channel, lead.address), (CloseCase(1, "safe"),), HANDLERS
        )
    )
    assert [text.words for text in await kept(any_house, 2)] == ["my dad hits me"]


async def test_my_data_says_what_an_open_case_keeps(any_house):
    young = await writer(any_house)
    await young.types(DANGER)
    await young.types("/mydata")
    assert "An open case, to help you be safe: number 1" in young.sees
    assert "a copy of the words that I was worried about" in young.sees
    assert "They may hold something back" in young.sees


async def test_a_stranger_in_danger_reads_what_the_case_keeps(any_house):
    stranger = any_house.person()
    await stranger.types("/start")
    await stranger.types(DANGER)
    await stranger.types("/mydata")
    seen = "\n".join(as_text(say) for say in stranger.heard)
    assert "I haven't kept anything you said" not in seen
    assert "Besides that, I remember for one day your language" in seen


async def test_what_the_young_person_reads_of_it_is_true(any_house):
    await any_house.staff("safeguarding", "l")
    young = await writer(any_house)
    await young.types(DANGER)
    assert "What you wrote is not in my message to them. They can read it if they need to." in young.sees
