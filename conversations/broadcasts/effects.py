"""What staff do with something that was told to many, as data."""

from conversations.core.effects import Effect
from conversations.core.record import record


@record
class SendAgain(Effect):
    """Sends again, of something told to many, what was refused or may not have arrived."""

    broadcast: int


@record
class SendHeld(Effect):
    """Sends, of something told to many, what was held."""

    broadcast: int


@record
class DropHeld(Effect):
    """Lets go what is held of something told to many: those people may have it, and nobody is sent it again."""

    broadcast: int
