"""The fixtures that start a double for a test."""

from tests.botapi.fixtures import bot, double, sam

__all__ = ["bot", "double", "sam"]
