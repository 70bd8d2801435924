"""Fixtures for the tests of the Telegram channel."""

from tests.botapi.fixtures import bot, double, sam

__all__ = ["bot", "double", "sam"]
