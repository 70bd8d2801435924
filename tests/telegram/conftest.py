"""What the tests of the Telegram door may ask for."""

from tests.botapi.fixtures import bot, double, sam

__all__ = ["bot", "double", "sam"]
