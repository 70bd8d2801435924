"""The person that a turn is for, at one of their addresses."""

from conversations.core.channels import Channel
from conversations.core.person import Person
from conversations.core.record import Record


class Door(Record):
    """One address of a person. `idle`: a page that nobody used for too long, on a shared device for 15 minutes. `in_use`:
    messages go there, and it was used just now. `quiet`: nobody used it for a day.
    """

    id: int
    channel: Channel
    person: Person
    shared: bool = False
    idle: bool = False
    in_use: bool = False
    quiet: bool = False
