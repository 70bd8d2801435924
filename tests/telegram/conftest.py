"""Fixtures for the tests of the Telegram channel."""

import pytest

from handlers.telegram import polling, update_queue
from tests.botapi.fixtures import bot, double, sam

__all__ = ["bot", "double", "sam"]


@pytest.fixture
def impatient(monkeypatch):
    """Shortens delays for the tests."""
    for module, name in (
        (polling, "_FIRST_PAUSE"),
        (polling, "_LONGEST_PAUSE"),
        (update_queue, "FIRST_PAUSE"),
    ):
        monkeypatch.setattr(module, name, 0.01)
    monkeypatch.setattr(update_queue, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(polling, "POLL_SECONDS", 2)
