"""Raising something at the page, without JavaScript, and a worker who answers it there; and going too fast."""

import re

from sqlalchemy import select

from conversations.core.throttle import MOST
from storage.tables import issues, outbox
from tests.web.serving import Served, Visitor

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


async def raised_and_looked_at(door: Served, ana: Visitor, wim: Visitor) -> None:
    """Ana joins and raises something; Wim becomes a worker and opens the inbox."""
    await wim.accepts(await door.invite("worker"))
    await ana.joins()
    await ana.presses("Raise something")
    await ana.presses("Something else")
    await ana.writes("the quetzal house")
    await ana.presses("Send it")
    await wim.presses("Inbox")


async def test_from_the_menu_to_an_answer_that_waits_on_the_page(door: Served) -> None:
    async with door.browser() as ana, door.browser() as wim:
        await wim.accepts(await door.invite("worker"))
        await ana.joins("13–15")
        await ana.presses("Raise something")
        await ana.presses("2 Learning: school, college or training")
        await ana.writes("our school has no <bike> racks")
        assert "our school has no <bike> racks" in ana.question
        await ana.presses("Send it")
        assert "The team has it." in ana.question
        assert CODE.search(ana.question)
        await wim.presses("Inbox")
        assert "our school has no <bike> racks" in wim.question
        listed = (
            "1 New. Learning: “our school has no <bike> racks”. Answer by Tuesday 29 December, 28 days left."
        )
        await wim.presses(listed)
        await wim.presses("Ask them")
        await wim.writes("How many would you need?")
        await ana.opens("/")
        assert "Somebody in the team asks: How many would you need?" in ana.sees
        await ana.presses("Answer")
        await ana.writes("twenty")
        assert "It has gone to the team." in ana.sees
        await wim.opens("/")
        assert "They wrote back" in wim.sees
        await wim.presses("See it")
        assert "twenty" in wim.question


async def test_a_worker_who_signed_out_sees_nothing_of_it(door: Served) -> None:
    async with door.browser() as ana, door.browser() as wim:
        await raised_and_looked_at(door, ana, wim)
        assert "quetzal" in wim.sees
        door.house.clock.on(hours=12, minutes=1)
        await wim.opens("/")
        assert "quetzal" not in wim.sees


async def test_a_person_who_goes_too_fast_gets_their_words_back_and_one_kind_word(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await ana.presses("Raise something")
        await ana.presses("Something else")
        door.house.clock.on(minutes=1)
        for n in range(MOST + 3):
            await ana.writes("y" * 2100 if n < MOST else f"the words {n}")
        assert "That was a lot at once" in ana.sees
        assert f"the words {MOST + 2}</textarea>" in ana.page.html
        states = await door.house.run(lambda db: db.run(select(issues.c.state, issues.c.sealed)).all())
        assert [(row.state, row.sealed) for row in states] == [("draft", None)]
        door.house.clock.on(minutes=1)
        await ana.writes("the words at last")
        assert "the words at last" in ana.question


async def test_a_workers_page_drops_it_once_they_move_on_or_it_is_deleted(door: Served) -> None:
    async with door.browser() as ana, door.browser() as wim:
        await raised_and_looked_at(door, ana, wim)
        await wim.presses(
            "1 New. Something else: “the quetzal house”. Answer by Tuesday 29 December, 28 days left."
        )
        assert wim.sees.count("the quetzal house") == 1  # in the question, and not in what was said before it
        await ana.presses("Delete everything")
        await ana.presses("Yes, delete it")
        await wim.opens("/")
        assert "The young person deleted this one." in wim.question
        assert "quetzal" not in wim.page.html
        await wim.presses("Back to the inbox")
        kept = await door.house.run(
            lambda db: db.run(select(outbox.c.sealed).where(outbox.c.kind == "passing")).scalars()
        )
        assert sum(sealed is not None for sealed in kept) == 1  # the list that is shown now
