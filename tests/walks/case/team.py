"""The team in whose hands the cases of these stories are, and what must be so when a story is over."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.botapi import Double
from tests.storage.test_at_rest import readable
from tests.walks.case.standing_clock import StandingClock
from tests.walks.case.story import ADDRESS, Story
from tests.walks.running import Heard

DOCS = Path(__file__).parents[3] / "docs"
TUESDAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
HELP = "matters more than my questions"
SAFE = "[Spoke with them: they are safe]"


@contextlib.asynccontextmanager
async def a_story(folder: Path) -> AsyncIterator[Story]:
    """A team on a Tuesday: its lead, a deputy, an owner, and Wes, who is on the rota in all other nights."""
    clock = StandingClock(folder / "clock", TUESDAY)
    async with Double() as double:
        heard = Heard(folder, double, PUBLIC_URL=ADDRESS, QUIET_HOURS="21:00-08:00", LANGUAGES="en")
        heard.constants = {"bot.app:datetime": clock}
        async with heard:
            story = Story(heard, double, clock)
            await the_team(story)
            yield story
            assert await heard.stop() == 0


async def the_team(story: Story) -> None:
    for name, role in (("Olu", "owner"), ("Lena", "safeguarding"), ("Dev", "deputy"), ("Wes", "worker")):
        await story.joins_the_team(name, role)
    await story.does(
        "Lena",
        ("/cases", "No case is open"),
        ("[Rota]", "The rota"),
        ("[Add somebody]", "Who is on?"),
        ("[Wes]", "When is Wes on?"),
        ("Wednesday to Monday 18:00-08:00", "I understood this"),
        ("[Yes, add it]", "Tuesday 1 December: nobody"),
        quietly=True,
    )


def check_the_page(story: Story, name: str, request: pytest.FixtureRequest) -> None:
    page, written = DOCS / name, "\n".join(story.lines)
    if request.config.getoption("--rewrite-scripts"):
        page.write_text(written)
    assert page.read_text() == written


def check_nothing_is_left(story: Story, *secrets: str) -> None:
    """No file of the database and no log holds what anybody wrote; a closed case holds it not even encrypted."""
    heard = story.heard
    for table in ("case_words", "case_entries", "cases where closed_at is null or length(address) > 0"):
        assert heard.count(f"select count(*) from {table}") == 0, table
    files = [file for file in (heard.folder / "data").rglob("heard*") if file.is_file()]
    assert {"heard.db", "heard.db-wal"} <= {file.name for file in files}
    for content in (heard.output.encode(), *(file.read_bytes() for file in files)):
        assert readable(content, set(secrets)) == []
    assert "[error" not in heard.output, heard.output
