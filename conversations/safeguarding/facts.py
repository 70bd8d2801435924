"""What the steps about safeguarding know."""

from conversations.core.record import record


@record
class CasesOpen:
    """How many safeguarding cases are open, for those who see them; 0 for everybody else."""

    n: int
