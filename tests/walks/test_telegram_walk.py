"""The whole loop over Telegram, in the running process: one test plays all the people."""

import contextlib
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image

from tests.botapi import Double, Shown
from tests.postgres import new_database
from tests.waiting import until
from tests.walks.page import Browser
from tests.walks.running import Heard
from tests.walks.several import elsewhere
from tests.walks.steps import (
    BECAUSE,
    DEE,
    GOOD_NEWS,
    JOINING,
    OLU,
    OWN_WORDS,
    OWNING,
    PARK_WORDS,
    PEOPLE,
    RAISING,
    SAM,
    THE_LOOP,
    THE_SECOND,
    Walk,
)


@pytest.fixture(
    params=[
        "polling and SQLite",
        pytest.param("webhook and PostgreSQL", marks=pytest.mark.left_to_all("long walks")),
    ]
)
async def walk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Walk]:
    """A fresh Heard; the first is the command itself, just as `make run` starts it."""
    async with contextlib.AsyncExitStack() as opened:
        plainly, settings = True, {}
        if request.param == "webhook and PostgreSQL":
            server = request.getfixturevalue("postgres_server")
            plainly, settings = False, elsewhere(await opened.enter_async_context(new_database(server)))
        double = await opened.enter_async_context(Double())
        heard = await opened.enter_async_context(Heard(tmp_path, double, plainly=plainly, **settings))
        yield Walk(heard, double)
        assert await heard.stop() == 0
        check_nothing_is_told_elsewhere(heard)


def check_nothing_is_told_elsewhere(heard: Heard) -> None:
    """No log and no database file holds what somebody wrote, or who they are."""
    assert "[error" not in heard.output, heard.output
    assert heard.double
    secrets = [OWN_WORDS, PARK_WORDS, heard.double.token, *(str(number) for number in PEOPLE.values())]
    files = [
        heard.output.encode(),
        *(file.read_bytes() for file in (heard.folder / "data").glob("heard.db*")),
    ]
    for secret in secrets:
        assert not any(secret.encode() in file for file in files), secret


async def test_a_young_person_gets_questions_and_messages_again_and_staff_see_it(walk: Walk):
    await walk.take(*THE_LOOP)
    told = await said_with(walk, SAM, "here is what happened")
    assert f'(You wrote: "{OWN_WORDS}")' in told.text
    assert f"Because: {BECAUSE}." in told.text
    assert "here is what happened" in (await see_it(walk)).text
    await check_the_public_page(walk)

    await walk.take(*THE_SECOND)
    await check_the_picture(walk)
    await check_the_file(walk)
    await check_progress_is_told_in_one_message(walk)


async def test_an_issue_is_answered_and_good_news_reaches_its_author(walk: Walk):
    await walk.take(*JOINING, OWNING[0], *RAISING, *GOOD_NEWS)
    for who in (SAM, OLU):
        for shown in await walk.phones[who].sees():
            assert not any(str(PEOPLE[name]) in shown.text for name in PEOPLE), shown


async def see_it(walk: Walk) -> Shown:
    await walk.phones[SAM].taps("1")
    return await walk.phones[SAM].hears(OWN_WORDS)


async def check_the_public_page(walk: Walk) -> None:
    async with Browser(walk.heard.url) as stranger:
        page = await stranger.opens("/changed")
        assert stranger.status == 200
        for words in ("Sample: buses after school", "put up lamps this year", BECAUSE, "The transport team"):
            assert words in page.text
        assert OWN_WORDS not in page.text


async def check_the_picture(walk: Walk) -> None:
    picture = next(shown for shown in await walk.phones[OLU].sees() if shown.kind == "photo")
    assert "1 of 1 person said Benches." in picture.text
    with Image.open(io.BytesIO(walk.double.chats.files[picture.file].content)) as image:
        assert image.format == "PNG"
        assert min(image.size) > 300


async def check_the_file(walk: Walk) -> None:
    shown = [shown for shown in await walk.phones[OLU].sees() if shown.kind == "document" and not shown.mine]
    book = load_workbook(io.BytesIO(walk.double.chats.files[shown[-1].file].content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    written = [cell for cell in cells if PARK_WORDS in str(cell.value)]
    assert [cell.data_type for cell in written] == ["s"]
    assert any(cell.value in {"Benches", "benches"} for cell in cells)


async def check_progress_is_told_in_one_message(walk: Walk) -> None:
    for who, done in ((DEE, "the outcome has gone out"), (OLU, "everybody has been asked")):
        shown = await said_with(walk, who, done)
        assert "1 of 1 person has it." in shown.text
        others = ("is going out", "are being asked", done)
        told = [s for s in await walk.phones[who].sees() if any(words in s.text for words in others)]
        assert told == [shown]


async def said_with(walk: Walk, who: str, words: str) -> Shown:
    """The one message in somebody's chat that says so, or soon will: how far it is, is written every three seconds."""

    async def found() -> list[Shown]:
        return [shown for shown in await walk.phones[who].sees() if words in shown.text and not shown.mine]

    await until(found)
    [shown] = await found()
    return shown
