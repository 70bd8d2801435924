"""A real browser for the page's tests; without one they are skipped by name."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from handlers.web.public import cache
from storage.core.database import Sqlite
from tests.house import new_sqlite
from tests.waiting import LONG
from tests.web.serving import Served, open_door

CHROMIUM = shutil.which("chromium")
expect.set_options(timeout=1000 * LONG)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        await browser.close()


@pytest.fixture
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A public page that looks every twentieth of a second whether something changed, where it looks each second."""
    monkeypatch.setattr(cache, "LOOK_EVERY", 0.05)


@pytest.fixture
async def door(sqlite: Sqlite) -> AsyncIterator[Served]:
    """The web app over a house on a SQLite file, with the sample open."""
    async with open_door(sqlite) as served:
        yield served


@pytest.fixture
def new_door(tmp_path: Path, empty_database: bytes):
    """Starts a web app in this test's event loop."""

    @asynccontextmanager
    async def opened(**rules) -> AsyncIterator[Served]:
        database = new_sqlite(tmp_path / "heard.db", empty_database)
        try:
            async with open_door(database, **rules) as door:
                yield door
        finally:
            await database.close()

    return opened
