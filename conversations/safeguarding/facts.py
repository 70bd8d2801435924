"""Facts for the steps about safeguarding."""

from datetime import datetime
from typing import Literal

from conversations.core.channels import Channel
from conversations.core.record import Private, Record
from conversations.safeguarding.detector import DangerKind
from conversations.safeguarding.effects import WhyMarked
from conversations.safeguarding.helplines import Informed
from conversations.team.facts import Colleague, Member

# How a case keeps a text from the team: the safeguarding lead reads it `first`, or it is `hidden`, because the case was
# closed without showing it.
Kept = Literal["first", "hidden"]


class OpenCaseCount(Record):
    """The numbers of open cases and of texts to read, for those who may see them; 0 for everybody else."""

    n: int
    texts: int = 0


class MarkedText(Record):
    """A text that waits for a lead to read it: why, what it may be about, and at which step it was written."""

    id: int
    why: WhyMarked
    kind: DangerKind
    step: str
    at: datetime


class MarkedTexts(Record):
    """All texts to read, those that may hold a sign first."""

    texts: tuple[MarkedText, ...]


class Case(Record):
    """An open case. `taken_by_you` is None while nobody has taken it. `left`: its person has deleted everything else. The
    language is theirs, if known, also after that. `offered_to` is whoever it is handed to and has not taken it on yet.
    `keeps_back`: it keeps a text from the team; `keeps_raised`: one that waits for an answer, because they raised it.
    `thread_stopped`: they don't want to write with a helper now.
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
    thread_stopped: bool = False
    offered_to: Colleague | None = None
    offered_to_you: bool = False
    keeps_back: bool = False
    keeps_raised: bool = False


class CaseText(Record):
    """A text that belongs to a case, when it was written, and where: at a step, and if it answered a question, at that
    question of that consultation.
    """

    words: Private[str]
    at: datetime
    step: str
    consultation: int | None = None
    question: str | None = None


class CaseHelpers(Record):
    """Who in the team may be given the case that the session's note `case` names."""

    members: tuple[Member, ...]


class OpenCases(Record):
    """Every open case: those that nobody has taken first, newest first."""

    cases: tuple[Case, ...]


class OneCase(Record):
    """The case that the session's note `case` names; None once it is closed."""

    case: Case | None


class AlertedCases(Record):
    """The open cases of the alert that the session's note `case` names, without the reader's own."""

    cases: tuple[Case, ...]


class CaseInformed(Record):
    """Who in the team was told of the case that the session's note `case` names, as its person last read it; None once
    it is closed.
    """

    informed: Informed | None


class LeadReachable(Record):
    """Who an alert about this person's open case has reached, or is on its way to. `put_right`: they read it in a message
    since they last wrote a sign.
    """

    informed: Informed
    put_right: bool = False
