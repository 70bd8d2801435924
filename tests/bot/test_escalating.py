"""A lead who has blocked the bot: the courier finds out, the owner is alerted, and the young person reads it."""

from sqlalchemy import update

from bot.scheduler.scheduler import tick
from handlers.transport import Blocked
from storage.tables import outbox
from tests.bot.couriers import courier
from tests.bot.post import TestPost
from tests.conversations.test_cases import TOLD, in_danger
from tests.waiting import until

OWNER, LEAD, YOUNG = "1", "2", "5550001"


async def test_a_lead_who_blocked_the_bot_is_followed_by_the_owner_and_the_person_reads_what_is_true(
    any_house,
):
    post = TestPost()
    await any_house.staff("owner", OWNER)
    await any_house.staff("safeguarding", LEAD)
    young = await in_danger(any_house, YOUNG)
    assert TOLD in young.sees
    post.faults[LEAD] = [Blocked()] * 3
    # Earlier messages do not matter here.
    await any_house.run(
        lambda db: db.run(update(outbox).where(outbox.c.kind != "alert").values(state="sent"))
    )
    async with courier(any_house, post):
        await until(lambda: _ticks_until_both_read(any_house, post))
    assert post.texts(LEAD) == []
    [alert] = post.texts(OWNER)
    assert alert.startswith("Case 1: somebody may not be safe.")
    [words] = post.texts(YOUNG)
    assert "So I've told somebody else in our team" in words


async def _ticks_until_both_read(house, post):
    await tick(house.runtime)
    return post.texts(OWNER) and post.texts(YOUNG)
