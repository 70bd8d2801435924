"""In a flood of messages from one chat, the answer to a sign of danger goes out ahead of all that waits there."""

import asyncio

import pytest

from tests.bot.couriers import courier, types
from tests.bot.post import TestPost
from tests.waiting import until

pytestmark = [pytest.mark.usefixtures("in_a_hurry"), pytest.mark.also_on_postgres]

CHATTER, YOUNG = 35, "5550001"


async def test_help_goes_out_ahead_of_whatever_else_waits_for_that_chat(any_house):
    post, all_typed = TestPost(), asyncio.Event()
    post.before = all_typed.wait
    async with courier(any_house, post):
        for n in range(CHATTER):
            await types(any_house, YOUNG, f"hello {n}")
        await types(any_house, YOUNG, "i want to die")
        await types(any_house, YOUNG, "bye")
        all_typed.set()
        await until(lambda: len(post.texts(YOUNG)) >= CHATTER + 2)
    # One was in delivery already.
    assert next(place for place, text in enumerate(post.texts(YOUNG)) if "999" in text) == 1
