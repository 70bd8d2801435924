"""A case of a child on Telegram who deletes everything in the middle and comes back, in the running process. What everybody
reads in it is `docs/a-case-on-telegram.md`; `--rewrite-scripts` rewrites that.
"""

from pathlib import Path

import pytest

from tests.walks.case.story import Story
from tests.walks.case.team import HELP, SAFE, a_story, check_nothing_is_left, check_the_page

SAM_WROTE = "my uncle hits me with the belt he keeps in the narwhal cupboard"
SAM_WROTE_AGAIN = "he hit me again, the belt with the studs"
DEV_WROTE_SAM = "I'm Dev. You did nothing wrong. When can I ring you, and where?"
SAM_ANSWERED = "ring my nan on 01632 960777 on sunday"
JOINS = (
    ("/start", "Hi, I'm Heard"),
    ("[Normal]", "know first"),
    ("[OK]", "How old"),
    ("[16–17]", "keep what you tell me"),
    ("[Yes, keep it]", "have your say"),
)


@pytest.mark.left_to_all("long walks")
async def test_a_child_on_telegram_deletes_everything_comes_back_and_is_still_helped(
    tmp_path: Path, request: pytest.FixtureRequest
):
    async with a_story(tmp_path) as story:
        story.tells(
            "# A case on Telegram",
            "Written as [the first one](a-case.md), by a test. Sam is sixteen. Lena, the lead, has blocked the bot, and this"
            " time Heard knows. Dev is her deputy. Wes, who is on the rota in other nights, is not told of it, and Olu, the"
            " owner, need not be.",
        )
        story.has_phone("Sam")
        say = ("[Have your say]", "Sample"), ("[Start]", "How safe"), ("[Not safe 😟]", "make it better")
        await story.does("Sam", *JOINS, *say, quietly=True)
        await story.phones["Lena"].blocks()
        await he_writes_and_deletes(story)
        await he_comes_back(story)
        await he_is_helped(story)
        await both_are_closed(story)
        check_nothing_is_left(
            story,
            SAM_WROTE,
            SAM_WROTE_AGAIN,
            DEV_WROTE_SAM,
            SAM_ANSWERED,
            "narwhal",
            str(story.phones["Sam"].id),
        )
    check_the_page(story, "a-case-on-telegram.md", request)


async def he_writes_and_deletes(story: Story) -> None:
    story.at("21:10")
    story.titles("he writes, and deletes everything")
    await story.does("Sam", (SAM_WROTE, HELP))
    await story.gets("Dev", "Case 1")
    await story.does("Sam", ("[Talk to them]", "I've asked them"))
    await story.gets("Dev", "they'd like somebody to get in touch")
    sure = ("/delete", "Delete everything?"), ("[Yes, delete it]", "except what the open case keeps")
    await story.does("Sam", *sure)
    await story.nobody_has_more()


async def he_comes_back(story: Story) -> None:
    story.at("21:11")
    story.titles("he comes back")
    story.tells("Sam joins again, as somebody new, and writes at home.")
    await story.does("Sam", *JOINS, quietly=True)
    await story.does("Sam", (SAM_WROTE_AGAIN, HELP))
    story.at("21:13")
    story.tells("Two minutes after the first, Dev is told of both.")
    await story.gets("Dev", "2 cases since")
    await story.gets("Sam", "told somebody else in our team")
    await story.nobody_has_more()


async def he_is_helped(story: Story) -> None:
    story.at("21:15")
    story.titles("Dev writes to him")
    await story.does(
        "Dev",
        ("[See the cases]", "Case 2"),
        ("[Case 1]", "They have deleted everything else since"),
        ("[I'm on it]", "You are on it"),
        ("[Write to them]", "Write what I should send"),
        (DEV_WROTE_SAM, "on its way to them"),
    )
    await story.gets("Sam", DEV_WROTE_SAM)
    await story.does("Sam", ("[Answer]", "What would you like"), (SAM_ANSWERED, "there for them to read"))
    await story.gets("Dev", "There is an answer in case 1")
    await story.nobody_has_more()


async def both_are_closed(story: Story) -> None:
    story.at("10:00", days=1)
    story.tells("In the night Dev takes on the other one too, and in the morning closes both.")
    close = ("[Close the case]", "Is everybody safe"), (SAFE, "Reason"), ("[Close it]", "is closed")
    await story.does("Dev", *close, quietly=True)
    await story.does("Dev", ("[Case 2]", "Nobody is on it"), ("[I'm on it]", "You are on it"), quietly=True)
    await story.does("Dev", *close, quietly=True)
    story.titles("afterwards")
    await story.does("Sam", ("[Answer]", "Nobody in our team is writing with you here now"))
    await story.does("Olu", ("/cases", "No case is open"), ("[Register]", "Closed after 12 hours by Dev."))
    await story.nobody_has_more()
