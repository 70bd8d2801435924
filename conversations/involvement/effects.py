"""Effects on the ways to be involved that somebody chose."""

from conversations.core.effects import Effect
from conversations.core.record import record


@record
class ToggleWay(Effect):
    way: str
