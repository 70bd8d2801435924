"""Fixtures for every test that needs Telegram; import them into a folder's conftest."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from tests.botapi.asking import Bot
from tests.botapi.double import Double
from tests.botapi.phone import Phone


@pytest.fixture
async def double() -> AsyncIterator[Double]:
    async with Double() as running:
        yield running


@pytest.fixture
async def bot(double: Double) -> AsyncIterator[Bot]:
    async with ClientSession() as session:
        yield Bot(double, session)


@pytest.fixture
def sam(double: Double) -> Phone:
    return Phone(double, 700001)
