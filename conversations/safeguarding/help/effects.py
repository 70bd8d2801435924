"""Effects on the team's helplines."""

from conversations.core.effects import Effect
from conversations.safeguarding.help.ways import Helpline


class SetHelpline(Effect):
    """Changes the helpline with this key, or adds one. Raises Refused for 999, and if an age would be left with 999
    alone.
    """

    line: Helpline


class CheckHelpline(Effect):
    """Notes that somebody checked a helpline today. The next review is in half a year."""

    key: str


class RemoveHelpline(Effect):
    """Raises Refused for 999, and if an age would be left with 999 alone."""

    key: str
