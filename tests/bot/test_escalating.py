"""A lead who has blocked the bot: the courier finds out, the owner is alerted, and the young person reads it."""

import pytest
from sqlalchemy import update

from bot.scheduler.scheduler import tick
from handlers.transport import Blocked
from storage.outcomes import publishing
from storage.tables import outbox
from tests.bot.couriers import courier
from tests.bot.post import TestPost
from tests.conversations.test_cases import TOLD, in_danger
from tests.conversations.test_escalation import told
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


async def test_a_fault_in_other_work_that_is_due_undoes_no_alert(any_house, monkeypatch):
    def broken(_db):
        raise ValueError

    monkeypatch.setattr(publishing, "publish_due", broken)
    await in_danger(any_house, YOUNG)
    await any_house.staff("owner", OWNER)
    any_house.clock.on(minutes=1)
    with pytest.raises(ValueError):
        await tick(any_house.runtime)
    assert await told(any_house) == [OWNER]
