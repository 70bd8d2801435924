"""Effects on broadcasts: resend failed messages, release or discard held ones."""

from conversations.core.effects import Effect
from conversations.core.record import record


@record
class SendAgain(Effect):
    """Resends the messages of a broadcast that were refused or may not have arrived."""

    broadcast: int


@record
class SendHeld(Effect):
    """Releases the held messages of a broadcast."""

    broadcast: int


@record
class DropHeld(Effect):
    """Discards the held messages of a broadcast. They count as "may have arrived", and are never resent."""

    broadcast: int
