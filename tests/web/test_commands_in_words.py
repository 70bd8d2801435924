"""A command among a young person's words is never made live: not in a chat, where it could be tapped, and not on a page."""

import re

import pytest

from conversations.core.events import Edited, Said, Sent
from conversations.core.text import NO_COMMAND
from conversations.core.typed_text import without_live_commands
from handlers.files.csv_safety import inert
from handlers.telegram.render import messages
from tests.web.serving import Served, at_the_first_question

WORDS = "less noise please /zzz and (/delete) or /Say_1@heard_bot"
# What Telegram makes tappable, as its library looks for it.
LIVE = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}")


def live_in(text: str) -> set[str]:
    return {found.lower() for found in LIVE.findall(text)}


@pytest.mark.parametrize(
    "words",
    [
        "lamps and/or benches",
        "https://heard.example/help?a=/b",
        "24/7",
        "a // b",
        "/",
        "<b>/</b>",
        "1/2 of /",
    ],
)
def test_what_is_no_command_stays_as_it_was_written(words: str) -> None:
    assert without_live_commands(Said(words)).text.replace(f"=/{NO_COMMAND}", "=/") == words


@pytest.mark.parametrize("event", [Said(WORDS), Edited(WORDS, "m1"), Sent("photo", WORDS)])
def test_in_every_event_with_words_none_is_left(event: Said | Edited | Sent) -> None:
    given = without_live_commands(event)
    text = given.caption if isinstance(given, Sent) else given.text
    assert live_in(text) == set()
    assert text.replace(NO_COMMAND, "") == WORDS
    assert inert(text) == WORDS


async def test_in_a_chat_nothing_that_repeats_an_answer_can_be_tapped(house) -> None:
    """One's own answers, the team's list of them, an issue and its thread."""
    worker, ana = await house.staff("worker"), house.person("ana")
    await ana.joins()
    await ana.types("/raise new")
    await ana.taps("2")
    await ana.types(WORDS)
    await ana.taps("Send it")
    await worker.types("/inbox")
    await worker.taps("1")
    texts = [payload["text"] for say in (*ana.heard, *worker.heard) for payload in messages(say)]
    repeated = [text for text in texts if "less noise please" in text]
    assert len(repeated) >= 2
    for text in repeated:
        assert not live_in(text) & {"/zzz", "/delete", "/say_1"}, text


async def test_what_the_team_writes_may_name_a_command(house) -> None:
    worker, ana = await house.staff("worker"), house.person("ana")
    await ana.joins()
    await ana.types("/raise new")
    await ana.taps("2")
    await ana.types("lamps")
    await ana.taps("Send it")
    await worker.types("/inbox")
    await worker.taps("1")
    await worker.taps("Answer")
    await worker.types("They are up. More of them: /say")
    assert "/say" in live_in(worker.sees)


async def test_on_a_page_no_command_in_an_answer_is_a_button(door: Served) -> None:
    async with door.browser() as ana, door.browser() as wim:
        await at_the_first_question(ana)
        await ana.presses("Skip")
        await ana.writes("less noise /delete")
        await ana.posts("/turn", {**ana.tokens, "command": "mydata"})
        await wim.accepts(await door.invite("worker"))
        for page in (ana, wim):
            html = (await page.opens("/")).html
            assert 'value="delete" class="word"' not in html
        assert "less noise" in ana.sees
