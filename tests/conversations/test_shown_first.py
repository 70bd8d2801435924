"""A moved day, and why something can't be, are shown as they will be read before they go out."""

from datetime import date

import pytest
from sqlalchemy import func, select

from bot.cli.play import open_now
from storage.tables import outbox, promise_moves, sessions
from tests.conversations.test_far_days import BUSES
from tests.walks.test_closing_the_loop import writes

TO_THE_REASON = ("/promises", "[1]", "[Move the day]", "15 January", "the committee meets in January only")


@pytest.fixture(params=["telegram", "web"])
async def decider(any_house, request):
    await any_house.run(lambda db: open_now(db, BUSES, reply_by=date(2026, 12, 20), state="closed"))
    member = await any_house.staff("decider", door=request.param)
    await writes(member, *TO_THE_REASON)
    return member


async def moves(house):
    return await house.run(lambda db: db.run(select(func.count()).select_from(promise_moves)).scalar())


async def test_a_moved_day_is_shown_and_goes_out_only_with_a_yes(any_house, decider):
    assert "This is what they get" in decider.sees
    assert "We promised you an answer by 20 December 2026." in decider.sees
    assert "Because: the committee meets in January only" in decider.sees
    assert "The new day is 15 January 2027." in decider.sees
    assert await moves(any_house) == 0
    await decider.taps("Yes, like this")
    assert await moves(any_house) == 1
    assert "Promised by Friday 15 January" in decider.sees


async def test_written_again_it_is_shown_again(any_house, decider):
    await decider.types("the hall is closed until January")
    assert "Because: the hall is closed until January" in decider.sees
    assert await moves(any_house) == 0
    await decider.taps("Yes, like this")
    assert await moves(any_house) == 1


async def test_back_moves_nothing(any_house, decider):
    await writes(decider, "[Back]", "[Back]")
    assert "Promised by Sunday 20 December" in decider.sees
    assert await moves(any_house) == 0


async def test_a_personal_thing_in_it_is_asked_about_in_the_same_place(any_house, decider):
    await decider.types("ring the hall's caretaker, 07700 900123")
    assert "Many people will read this" in decider.sees
    assert "This looks like a phone number: 07700 900123" in decider.sees
    assert "We promised you an answer by 20 December 2026." in decider.sees
    await decider.taps("Publish it all the same")
    assert await moves(any_house) == 1


async def test_while_it_waits_it_is_sealed_and_nobody_is_told(any_house, decider):
    held = await any_house.run(lambda db: db.run(select(sessions.c.held)).scalar())
    assert held
    assert b"committee" not in held
    told = select(func.count()).where(outbox.c.kind == "moved")
    assert await any_house.run(lambda db: db.run(told).scalar()) == 0
