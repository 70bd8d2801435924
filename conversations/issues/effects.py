"""What is done with what young people raise, as data: written and sent by them, answered and closed by staff."""

from datetime import date

from conversations.core.effects import Effect
from conversations.core.record import record


@record
class WriteIssue(Effect):
    """Some of what somebody is about to raise; what is None stays as it is. They have one draft at most."""

    theme: str | None = None
    area: str | None = None
    words: str | None = None


@record
class DropIssue(Effect):
    """Erases the draft of whoever asks for it."""


@record
class SendIssue(Effect):
    """The draft goes to the team. On the web page, gives fresh["return_code"] to those who have none.

    Raises Refused where it is not whole, or so many wait already.
    """


@record
class AddToIssue(Effect):
    """More words of the person who raised it; what was answered waits for the team again."""

    issue: int
    words: str


@record
class EndIssue(Effect):
    """The person who raised it needs no answer any more."""

    issue: int


@record
class ReadIssue(Effect):
    """Somebody opens what a young person raised: it is noted."""

    issue: int


@record
class AnswerIssue(Effect):
    issue: int
    words: str


@record
class AskBack(Effect):
    """A question to the person who raised it."""

    issue: int
    words: str


@record
class CloseIssue(Effect):
    """Closes it without an answer, with the reason, which goes to the person."""

    issue: int
    reason: str


@record
class MoveIssue(Effect):
    """Another day for the answer, with the reason, which goes to the person."""

    issue: int
    day: date
    reason: str


@record
class MergeIssue(Effect):
    """Makes it part of a consultation: what comes of that reaches the person too."""

    issue: int
    consultation: int
