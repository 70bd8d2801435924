"""A strict double of Telegram's Bot API, and phones in the test that talk to bots through it."""

from tests.botapi.double import Double
from tests.botapi.faults import How
from tests.botapi.phone import Phone, Shown
from tests.botapi.remote import DoubleProcess

__all__ = ["Double", "DoubleProcess", "How", "Phone", "Shown"]
