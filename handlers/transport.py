"""The interface between the courier and a channel that pushes messages."""

from typing import Protocol

from conversations.core.channels import Channel
from conversations.core.messages import Say


class Transport(Protocol):
    """Sends one message to one chat, in one try. Rate, order and retries are the courier's business."""

    channel: Channel

    async def send(self, address: str, say: Say, replaces: str | None, *, plain: bool = False) -> str:
        """Sends a message. Returns the channel's id of it; of the last part, if it is split.

        `replaces` is the id of the message to edit; of one with a picture, its ids as they were returned: it is taken back, and a
        new one sent. If that one is gone or cannot be edited, a new one is sent; if it
        would not change, it counts as sent. `plain` leaves out all formatting.
        Raises only the exceptions below.
        """

    async def ping(self) -> None:
        """Returns if the channel answers and accepts the token. Raises the same exceptions as `send`."""


class NotSent(Exception):
    """The message was certainly not sent. It may be sent again."""


class FateUnknown(Exception):
    """The request was sent, but there is no reliable answer. A retry may deliver the message twice."""


class Blocked(Exception):
    """The chat cannot be reached: the person blocked the bot, or the chat no longer exists."""


class RetryAfter(Exception):
    """Not sent: too many messages. Wait at least `seconds` before the next one."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class MessageRejected(Exception):
    """Not sent: the channel does not accept this message."""


class TokenRevoked(Exception):
    """Not sent, and nothing can be: the bot token is no longer valid."""
