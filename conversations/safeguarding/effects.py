"""Effects of a sign of danger: raise an alert, mark a text, ask for a call, work on a case and close it."""

from typing import Literal

from conversations.core.effects import Effect, WritesText
from conversations.core.messages import Say
from conversations.core.record import Private
from conversations.safeguarding.shifts import Hours

# Why a text is marked to be read: it may hold a sign, or nothing here can read its language.
WhyMarked = Literal["soft", "unread"]


class RaiseAlert(Effect):
    """Reports a sign of danger, seen in `step`. The case keeps the words; no alert holds them."""

    kind: str
    step: str
    text: Private[str] = ""


class MarkText(Effect):
    """Puts a text among those that the safeguarding lead reads first. `stored` is the effect that stores it, if one does;
    else the mark keeps the words.
    """

    why: WhyMarked
    kind: str
    step: str
    text: Private[str]
    stored: Private[WritesText | None] = None


class ReadText(Effect):
    """Logs that somebody looks at a marked text."""

    mark: int


class ClearText(Effect):
    """Somebody read a marked text, and finds nothing to worry about."""

    mark: int


class OpenCase(Effect):
    """Opens a case about a marked text, whose words it gets. Its writer is told who can help."""

    mark: int
    text: Private[str]


class AskForCall(Effect):
    """Asks the leads to get in touch with this person about their open case."""


class AcknowledgeCase(Effect):
    case: int


class HandOver(Effect):
    """Offers a case to somebody else. It stays with whoever has it until they take it on."""

    case: int
    to: int


class KeepCase(Effect):
    """Takes back the offer to hand a case over."""

    case: int


class WriteToThem(Effect):
    """Sends a helper's message (`words`) to the person of a case. `say` is the whole message, in that person's language."""

    case: int
    words: Private[str]
    say: Private[Say]


class AnswerInCase(Effect):
    """Keeps what the person of a case writes to whoever helps them. Raises Refused if it is not open, or not theirs."""

    case: int
    text: Private[str]


class StopThread(Effect):
    """The person of a case does not want to write there now."""

    case: int


class ReadWords(Effect):
    """Logs that somebody looks at the words of a case. Refused unless they may."""

    case: int


class ReleaseTexts(Effect):
    """Lets the team read what a case kept from it. Refused unless one may read the words."""

    case: int


class WriteNote(Effect):
    """Adds a note to a case, for those who may read its words."""

    case: int
    text: Private[str]


class CloseCase(Effect):
    """Closes a case for a reason from the team's list, and erases its contact details and words."""

    case: int
    reason: str


class AddClosingReason(Effect):
    reason: str


class RemoveClosingReason(Effect):
    """Takes a reason off the list. Cases that were closed for it keep it. The last one stays."""

    reason: str


class SetCaseYears(Effect):
    """Sets for how many years after its closing a case stays in the register."""

    years: int


class ExportRegister(Effect):
    """Logs that somebody exports the register of cases."""


class AddToRota(Effect):
    """Raises Refused if the person is not in the team any more."""

    person: int
    hours: Hours


class RemoveFromRota(Effect):
    """Removes one line of the rota."""

    shift: int
