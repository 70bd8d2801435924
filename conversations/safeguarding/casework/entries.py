"""What hangs on an open case: the thread between a helper and its person, and the helpers' notes."""

from datetime import datetime
from typing import Literal

from conversations.core.record import Private, Record
from conversations.team.facts import Colleague

REPLY = "reply.write"  # the step at which the person of a case writes
NOTE_MOST = 4000  # letters
MESSAGE_MOST = 2000

# "message": a helper wrote to the person; "answer": the person wrote; "note": for those who may read the case.
CaseEntryKind = Literal["message", "answer", "note"]


class CaseEntry(Record):
    """One entry. `by` is whoever in the team wrote it; None for the person of the case."""

    kind: CaseEntryKind
    text: Private[str]
    at: datetime
    by: Colleague | None


class OwnThread(Record):
    """The open case in which this person may write with whoever helps them; None if there is none. `stopped`: they said
    that they don't want to.
    """

    case: int | None
    stopped: bool = False
