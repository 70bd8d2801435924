"""A case of a child on the page, from her words to the register, in the running process. What everybody reads in it is
`docs/a-case.md`; `--rewrite-scripts` rewrites that.
"""

from pathlib import Path

import pytest

from tests.walks.case.story import ADDRESS, Story
from tests.walks.case.team import HELP, SAFE, a_story, check_nothing_is_left, check_the_page
from tests.walks.page import Browser

LOOKS = "select count(*) from audit where did = 'read the words of a case'"
MIA_WROTE = "i dont want to be here anymore, nobody at kestrel house would notice"
DEV_WROTE = "I'm Dev, I work with the youth council. I'm glad that you wrote it. Can I ring you today?"
MIA_ANSWERED = "ok. my number is 01632 960123, after double maths"
DEV_NOTED = "rang the duty social worker at ten past nine"


@pytest.mark.left_to_all("long walks")
async def test_a_child_on_the_page_is_helped_though_the_lead_blocked_the_bot_and_the_rota_has_a_hole(
    tmp_path: Path, request: pytest.FixtureRequest
):
    async with (
        a_story(tmp_path) as story,
        Browser(story.heard.url) as mias,
        Browser(story.heard.url) as devs,
    ):
        story.pages |= {"Mia": mias, "Dev": devs}
        story.tells(
            "# A case with Heard",
            "Everything here was said by Heard, or typed and pressed by somebody who plays: a test writes this page, with a"
            " clock that it moves. *>* is what a person does, *<* is what Heard says. It shows a child's words, made up, to"
            " show who gets to see them.",
            "Mia is fourteen and on the web page. Lena is the safeguarding lead. Her phone has blocked the bot, and nobody"
            " knows. Dev is her deputy, Olu owns this Heard, and Wes is on the rota in all nights but this one. The four"
            " are on Telegram. [Another one](a-case-on-telegram.md) begins on Telegram.",
        )
        await she_is_at_a_question(story)
        story.blocks_the_bot("Lena")
        await she_writes_and_nobody_takes_it(story)
        await the_deputy_takes_it(story)
        await they_write_to_each_other(story)
        await the_lead_takes_it_over(story)
        await it_is_closed(story)
        check_nothing_is_left(story, MIA_WROTE, DEV_WROTE, MIA_ANSWERED, DEV_NOTED, "kestrel")
    check_the_page(story, "a-case.md", request)


async def she_is_at_a_question(story: Story) -> None:
    page = story.pages["Mia"]
    await page.opens("/")
    for label in ("Start", "Normal", "OK", "13–15", "Yes, keep it", "Have your say", "Start", "Not safe"):
        await page.presses(label)
    await story.sees("Mia", "make it better", quietly=True)


async def she_writes_and_nobody_takes_it(story: Story) -> None:
    story.at("21:10")
    story.titles("she writes")
    await story.does_at_the_page("Mia", (MIA_WROTE, HELP))
    story.tells("The alert to Lena bounces. Dev is the next.")
    await story.gets("Dev", "Case 1")
    await story.sees("Mia", "somebody else in our team")
    for clock in ("21:20", "21:30"):
        story.at(clock)
        await story.has_looked()
        await story.nobody_has_more()
    story.at("21:40")
    story.titles("nobody has it")
    story.tells("After twenty minutes it would be whoever is on the rota. Nobody is. After thirty it is Olu.")
    await story.gets("Olu", "Nobody is on it yet")
    await story.nobody_has_more()
    story.at("09:00", days=1)
    story.titles("still nobody has it")
    await story.gets("Dev", "Nobody is on it yet")
    await story.gets("Olu", "Nobody is on it yet")
    await story.nobody_has_more()


async def the_deputy_takes_it(story: Story) -> None:
    story.at("09:04")
    story.titles("Dev takes it on")
    await story.does("Dev", ("[See the case]", "Nobody is on it"), ("[I'm on it]", "You are on it"))
    await story.nobody_has_more()
    story.tells("Dev signs in on the web page, and opens it from the case.")
    await signs_in_on_the_page(story, "Dev")
    await story.opens("Dev", await story.phones["Dev"].follows("Read what they wrote"), "I note each look")
    assert story.heard.count(LOOKS) == 0
    await story.presses("Dev", "Show what they wrote", MIA_WROTE)
    assert story.heard.count(LOOKS) == 1
    await story.presses("Dev", "Keep the note", DEV_NOTED, note=DEV_NOTED)


async def signs_in_on_the_page(story: Story, name: str) -> None:
    await story.does(name, ("/team", "The team"), ("[My other door]", "Open this link"), quietly=True)
    said = [shown.text for shown in await story.phones[name].sees() if f"{ADDRESS}/i/" in shown.text]
    await story.pages[name].opens(said[-1].partition(ADDRESS)[2].split()[0])
    await story.pages[name].presses("Accept the invite")
    await story.does(name, ("/cases", "Case 1"), ("[Case 1]", "You are on it"), quietly=True)


async def they_write_to_each_other(story: Story) -> None:
    story.at("09:15")
    story.titles("they write to each other")
    await story.does("Dev", ("[Write to them]", "Write what I should send"), (DEV_WROTE, "on its way"))
    await story.sees("Mia", DEV_WROTE)
    story.at("12:30")
    answer = ("[Answer]", "What would you like to tell them?"), (MIA_ANSWERED, "there for them to read")
    await story.does_at_the_page("Mia", *answer)
    await story.gets("Dev", "There is an answer in case 1")
    await story.opens("Dev", await story.phones["Dev"].follows("Read what they wrote"), "I note each look")
    await story.presses("Dev", "Show what they wrote", MIA_ANSWERED)
    await story.nobody_has_more()


async def the_lead_takes_it_over(story: Story) -> None:
    story.at("14:00")
    story.titles("Lena is back")
    await story.does("Lena", ("/start", "What would you like to do?"))
    await story.does("Dev", ("[Hand it over]", "Who gets case 1?"), ("[Lena]", "It is handed to Lena"))
    await story.gets("Lena", "Case 1 is handed to you")
    await story.does("Lena", ("[See the case]", "It is handed to you"), ("[I'm on it]", "You are on it"))
    await story.gets("Dev", "somebody else in the team is on it now")
    story.tells("Meanwhile Wes looks at the results.")
    with_lead = "Something that was written here is with the safeguarding lead"
    await story.does("Wes", ("/results", "Results"), ("[1]", with_lead))
    await story.nobody_has_more()


async def it_is_closed(story: Story) -> None:
    story.at("15:00", days=1)
    story.titles("Lena closes it")
    await story.does(
        "Lena",
        ("[Close the case]", "Is everybody safe"),
        (SAFE, "Reason: Spoke with them"),
        ("[Close it, keep it hidden]", "No case is open"),
    )
    closed = "Somebody told after less than a minute. Taken on after 11 hours; on it: Lena. Closed after 41 hours by Lena."
    await story.does("Lena", ("[Register]", closed))
    await story.sees("Mia", HELP)
    await story.does_at_the_page("Mia", ("[I'm OK, go on]", "Which of these would help you feel safer?"))
    await story.does("Wes", ("/results", "Results"), ("[1]", "1 person took part."))
    assert "with the safeguarding lead" not in story.lines[-3]
    await story.nobody_has_more()
