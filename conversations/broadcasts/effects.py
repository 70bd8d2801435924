"""Effects on broadcasts: resend failed messages, release or discard held ones."""

from conversations.core.effects import Effect


class SendAgain(Effect):
    """Resends the messages of a broadcast that were refused or may not have arrived."""

    broadcast: int


class SendHeld(Effect):
    """Releases the held messages of a broadcast."""

    broadcast: int


class DropHeld(Effect):
    """Discards the held messages of a broadcast. They count as "may have arrived", and are never resent."""

    broadcast: int
