"""An update as a channel hands it on."""

from conversations.core.channels import Channel
from conversations.core.record import Record


class Incoming(Record):
    """An update from a channel. `update` is its id, unique in that channel; `tapped` is the channel's id of the message
    whose button was used; `language` is the phone's.
    """

    channel: Channel
    address: str
    update: str
    language: str = ""
    tapped: str | None = None
