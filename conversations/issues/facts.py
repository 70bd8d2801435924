"""What other steps know of what young people raise."""

from conversations.core.record import record


@record
class InboxNew:
    """How much that young people raised is new to the team, for those who answer it; 0 for everybody else."""

    n: int
