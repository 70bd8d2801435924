"""A sign that is spread over several messages in a row, and how long Heard remembers them."""

import pytest
from sqlalchemy import select

from conversations.core.sitting import ROW_MOST
from storage.operations import retention
from storage.people import people
from storage.safeguarding import words as case_words
from storage.tables import cases, marks, sessions
from tests.lookout import SOFT_WORD

SPREAD = ("i want", "to kill", "myself")


async def writer(house, door="telegram"):
    young = house.person(door=door)
    await young.joins()
    return young


async def kinds(house) -> list[str]:
    return list(await house.run(lambda db: db.run(select(cases.c.kind)).scalars()))


async def remembered(house) -> list[bytes]:
    return list(await house.run(lambda db: db.run(select(sessions.c.words)).scalars()))


async def test_a_sign_over_three_messages_leads_to_help_and_the_case_has_all_of_them(any_house):
    lead = await any_house.staff("safeguarding", "lead")
    young = await writer(any_house)
    for text in SPREAD:
        await young.types(text)
    assert await kinds(any_house) == ["suicide"]
    assert "999" in young.sees

    def read(db):
        return case_words.texts(db, people.door_at(db, lead.channel, lead.address), 1)

    (text,) = await any_house.run(read)
    assert text.words == "i want\nto kill\nmyself"


async def test_a_sign_over_answers_of_one_sitting_leads_to_help(house):
    young = await writer(house)
    await young.types("/raise new")
    await young.types("i want to")
    await young.taps("2")
    await young.types("kill myself")
    assert await kinds(house) == ["suicide"]


async def test_what_was_reported_is_not_reported_again_with_what_follows(house):
    young = await writer(house)
    for text in (*SPREAD, "sorry", "are you there"):
        await young.types(text)
    (signs,) = await house.run(lambda db: db.run(select(cases.c.signs)).scalars().all())
    assert signs == 1


async def test_soft_signs_in_a_row_add_up_to_a_firm_one(house):
    young = await writer(house)
    await young.types(SOFT_WORD)
    await young.types("hello")
    assert len(await house.run(lambda db: db.run(select(marks)).all())) == 1, "the next text has no sign"
    await young.types(f"{SOFT_WORD} {SOFT_WORD}")
    assert await kinds(house) == ["request_for_help"]


async def test_words_that_are_far_apart_in_time_are_not_in_a_row(house):
    young = await writer(house)
    for text in SPREAD:
        await young.types(text)
        house.clock.on(minutes=11)
    assert await kinds(house) == []


async def test_only_the_end_of_a_long_text_waits_for_the_next(house):
    young = await writer(house)
    await young.types("i want to kill" + " and the bus was late" * 20)
    await young.types("myself")
    assert await kinds(house) == []
    await young.types("the bus was late " * 20 + "i want to kill")
    await young.types("myself")
    assert await kinds(house) == ["suicide"]


async def test_two_peoples_words_are_never_in_one_row(house):
    one, other = await writer(house), house.person("5550002")
    await other.joins()
    for someone, text in zip((one, other, one), SPREAD, strict=True):
        await someone.types(text)
    assert await kinds(house) == []


# --- how long it is remembered --------------------------------------------------------------------


async def test_the_words_in_a_row_are_sealed_short_and_in_no_note(any_house):
    young = await writer(any_house)
    await young.types("please leave " * 100 + "quietly")
    row = await any_house.run(lambda db: db.run(select(sessions)).mappings().one())
    assert 0 < len(row["words"]) < 2 * ROW_MOST
    assert "quietly" not in str(dict(row))


async def test_the_words_in_a_row_are_erased_after_ten_minutes(any_house):
    young = await writer(any_house)
    await young.types("quietly")
    assert await remembered(any_house) != [None]
    any_house.clock.on(minutes=9)
    await any_house.run(retention.sign_out)
    assert await remembered(any_house) != [None]
    any_house.clock.on(minutes=2)
    await any_house.run(retention.sign_out)
    assert await remembered(any_house) == [None]


@pytest.mark.parametrize("door", ["telegram", "web"])
async def test_delete_erases_the_words_in_a_row(any_house, door):
    young = await writer(any_house, door)
    await young.types("i want to kill")
    await young.types("/delete")
    await young.taps("Yes, delete it")
    assert await remembered(any_house) == [None]
    await young.types("myself")
    assert await kinds(any_house) == []


async def test_a_sign_reported_leaves_no_words_in_the_row(house):
    young = await writer(house)
    await young.types("i want to die")
    assert await remembered(house) == [None]
