"""What a sign of danger leads to, as data: an alert, a call, and a case that is worked on and closed."""

from conversations.core.effects import Effect
from conversations.core.record import record


@record
class RaiseAlert(Effect):
    """A sign of danger in something that was said, seen in `step`; the words themselves are not copied."""

    kind: str
    step: str


@record
class AskForCall(Effect):
    """This person wants somebody to get in touch about their open case."""


@record
class AcknowledgeCase(Effect):
    case: int


@record
class WriteToThem(Effect):
    """A lead's words to the person of a case, as they are to be shown: in that person's language."""

    case: int
    heading: str
    text: str


@record
class CloseCase(Effect):
    """Closes a case and erases the way to reach its person."""

    case: int
