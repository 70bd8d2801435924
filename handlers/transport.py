"""What the courier needs of a channel that sends messages, and how a send can end."""

from typing import Protocol

from conversations.core.channels import Channel
from conversations.core.messages import Say


class Transport(Protocol):
    """Sends one message to one chat. It keeps no rate and no order, and tries once: the courier does the rest."""

    channel: Channel

    async def send(self, address: str, say: Say, replaces: str | None, *, plain: bool = False) -> str:
        """Gives the channel's own id of the message; of its last part if it took several.

        `replaces` names the message whose place it takes; where that one is gone or cannot be changed, a new
        one is sent, and one that would stay as it is counts as sent. `plain` leaves all marking out.
        Raises one of the exceptions below, and no other.
        """

    async def ping(self) -> None:
        """Returns where the other side is there and knows us; else raises one of the same."""


class NotSent(Exception):
    """Nothing arrived, surely: the request never left, or was turned away unread. It may be sent again."""


class FateUnknown(Exception):
    """The request left, and no answer came that can be believed. Sent again, it may arrive twice."""


class Blocked(Exception):
    """This chat cannot be reached: the person blocked the bot, or the chat is gone."""


class RetryAfter(Exception):
    """Nothing arrived: too many messages. Wait at least this many seconds before the next one."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class MessageRejected(Exception):
    """Nothing arrived: the message is not one that the door takes."""


class TokenRevoked(Exception):
    """Nothing arrived, and nothing will: our own token is not valid any more."""
