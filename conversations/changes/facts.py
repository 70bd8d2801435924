"""What the list of what changed knows."""

from conversations.core.record import record


@record
class NewsThere:
    """Whether there is any."""

    any: bool
