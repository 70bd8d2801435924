"""What the steps about safeguarding know."""

from datetime import datetime

from conversations.core.channels import Channel
from conversations.core.record import record
from conversations.safeguarding.detector import DangerKind
from conversations.safeguarding.helplines import Informed


@record
class CasesOpen:
    """How many safeguarding cases are open, for those who see them; 0 for everybody else."""

    n: int


@record
class Case:
    """An open case. `taken_by_you` is None while nobody is on it; the language is that person's, where known; `left`
    says that they have deleted all else.
    """

    id: int
    kind: DangerKind
    channel: Channel
    signs: int
    wants_call: bool
    opened_at: datetime
    taken_at: datetime | None = None
    taken_by_you: bool | None = None
    language: str | None = None
    version: str | None = None
    left: bool = False


@record
class OpenCases:
    """Every open case: those that nobody is on first, and the newest of them at the top."""

    cases: tuple[Case, ...]


@record
class OneCase:
    """The case that the session's note `case` names; None once it is closed."""

    case: Case | None


@record
class LeadReachable:
    """Who gets an alert about this person's open case: it has arrived, or is on its way."""

    told: Informed
