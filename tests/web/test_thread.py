"""The conversation on a page: the echo of a person's actions, and only what is still valid."""

from itertools import pairwise

import pytest
from sqlalchemy import select, update

from conversations.changes.messages import OUTCOME
from conversations.core.channels import WEB
from storage.consultations.consultations import by_code
from storage.outbox import outbox
from storage.people.people import door_at
from storage.tables import consultations
from storage.tables import outbox as messages
from tests.crowd import open_hub
from tests.sample_forms import publish
from tests.web.serving import Served, Visitor
from tests.web.test_young_person import has_their_say

WORDS = "more lights at the stop"


async def answered(door: Served) -> None:
    """Publishes the sample's outcome, and sends it to its contributors."""

    def tell(db) -> None:
        about = by_code(db, "sample-buses").id
        publish(db, about, 1)
        db.run(update(consultations).where(consultations.c.id == about).values(state="answered"))
        outbox.announce(db, 1, "outcome:1:1", OUTCOME, 1)

    await door.house.run(tell)


async def sealed_lines(door: Served, ana: Visitor) -> str:
    """Everything still stored of a page's conversation, shown or not."""

    def read(db) -> str:
        at = door_at(db, WEB, ana.cookie).id
        rows = db.run(
            select(messages.c.once, messages.c.sealed).where(
                messages.c.door_id == at, messages.c.sealed.is_not(None)
            )
        )
        return "\n".join(str(outbox.unseal(db, row.once, row.sealed)) for row in rows)

    return await door.house.run(read)


def said_by_them(ana: Visitor) -> list[str]:
    """What the page shows as theirs, in order."""
    lines = ana.sees.splitlines()
    return [after for line, after in pairwise(lines) if line == "You:"]


async def presses_that(ana: Visitor, words: str) -> None:
    """The button of the question that has these words on it, among others."""
    labels = (button.label for button in ana.page.forms[-1].buttons)
    await ana.presses(next(label for label in labels if words in label))


# --- the echo -------------------------------------------------------------------------------------


async def test_a_tap_is_repeated_with_the_words_on_the_button(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await has_their_say(ana)
        await ana.presses("Home")
        await ana.presses("Settings")
        await ana.presses("Messages")
        await ana.presses("Stop all messages")
        assert said_by_them(ana)[-1] == "Stop all messages"
        await ana.presses("Start again")
        await answered(door)
        await ana.opens("/")
        await ana.presses("See all changes")
        assert said_by_them(ana)[-1] == "See all changes"


async def test_done_after_several_options_is_repeated_as_the_ticked_options(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await has_their_say(ana)
        assert "Lights at the stop" in said_by_them(ana)


async def test_joining_after_all_leaves_no_trace_of_an_earlier_no(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        for label in ("Start", "English", "Normal", "Tell me more"):
            await ana.presses(label)
        assert "runs me, so that what you say reaches" in ana.sees
        await ana.presses("No thanks")
        assert "That's fine. I've kept nothing." in ana.sees
        await ana.presses("Start again")
        assert "I've kept nothing" not in ana.sees
        assert "runs me, so that what you say reaches" not in ana.sees


# --- what else is open ----------------------------------------------------------------------------


async def test_a_second_consultation_can_be_reached_while_the_first_is_half_done(door: Served) -> None:
    await door.house.run(open_hub)
    async with door.browser() as ana:
        await ana.joins()
        await ana.presses("Have your say")
        await presses_that(ana, "Sample: buses")
        await ana.presses("Start")
        await ana.presses("Safe")
        await ana.presses("Stop")
        assert "Go on where I was" in ana.question
        await ana.presses("What else is open")
        assert "The new youth hub" in ana.question
        await ana.presses("Home")
        await ana.presses("Have your say")
        assert "Welcome back to “Sample: buses after school”." in ana.sees
        await ana.presses("What else is open")
        assert "The new youth hub" in ana.question


# --- deleted answers ------------------------------------------------------------------------------


async def test_a_deleted_answer_is_nowhere_on_the_page_any_more(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await has_their_say(ana)
        await ana.presses("My data")
        assert ana.sees.count(WORDS) >= 3  # their own words, the review, and what is kept
        await ana.presses("Have your say")
        await ana.presses("Change my answers")
        await ana.presses("Change an answer")
        await presses_that(ana, "What would make it better?")
        await ana.presses("Delete my answer")
        assert WORDS not in (await ana.opens("/")).html
        assert "Not very safe" in ana.sees  # what else was said still stands
        assert WORDS not in await sealed_lines(door, ana)


async def test_a_changed_answer_takes_the_old_words_with_it(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await has_their_say(ana)
        await ana.presses("Change an answer")
        await ana.presses("Change an answer")
        await presses_that(ana, "What would make it better?")
        assert f">{WORDS}</textarea>" in ana.page.html  # to be changed, not written anew
        assert "Your answer so far" not in ana.question
        await ana.writes("a roof")
        assert WORDS not in (await ana.opens("/")).html
        assert "a roof" in ana.sees
        assert WORDS not in await sealed_lines(door, ana)


async def test_a_resent_outcome_omits_a_deleted_answer(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await has_their_say(ana)

        def told_early(db) -> None:
            about = by_code(db, "sample-buses").id
            publish(db, about, 1)
            outbox.announce(db, 1, "outcome:1:1", OUTCOME, 1)

        await door.house.run(told_early)
        assert f'(You wrote: "{WORDS}")' in (await ana.opens("/")).text
        await ana.presses("Change an answer")
        await ana.presses("Change an answer")
        await presses_that(ana, "What would make it better?")
        await ana.presses("Delete my answer")
        await ana.opens("/")
        assert "here is what happened" in ana.sees
        assert WORDS not in ana.page.html
        assert WORDS not in await sealed_lines(door, ana)


# --- what was so ----------------------------------------------------------------------------------


async def test_an_open_receipt_says_what_is_so_now_and_still_shows_its_code(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await has_their_say(ana)
        assert "You can change your answers until" in ana.question
        await answered(door)
        old = ana.tokens
        await ana.opens("/")
        assert "Your return code:" in ana.question
        assert "You can change your answers until" not in ana.question
        assert "Change an answer" not in ana.question
        await ana.posts("/turn", {**ana.tokens, "visit": old["visit"], "choice": f"{old['visit']}:change"})
        assert "has closed. What came of it is here:" in ana.question
        assert "I'll tell you what comes of it" not in ana.sees
        await ana.presses("What changed")
        assert "You took part." in ana.question


@pytest.mark.parametrize("state", ["closed", "answered"])
async def test_an_answer_is_promised_only_until_it_is_given(door: Served, state: str) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await has_their_say(ana)
        await door.house.run(lambda db: db.run(update(consultations).values(state=state)))
        await ana.presses("Change an answer")
        assert ("I'll tell you what comes of it" in ana.sees) == (state == "closed")
