"""Effects on a person's ways to be involved."""

from conversations.core.effects import Effect


class ToggleWay(Effect):
    way: str
