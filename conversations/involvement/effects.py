"""What somebody does with the ways to be involved, as data."""

from conversations.core.effects import Effect
from conversations.core.record import record


@record
class ToggleWay(Effect):
    way: str
