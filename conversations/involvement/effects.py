"""Effects on the ways to be involved that somebody chose."""

from conversations.core.effects import Effect


class ToggleWay(Effect):
    way: str
