"""What is to be done, as data: storage carries it out in the turn's own transaction, and checks rights there."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Literal

from conversations.consultations.form import Form, Value
from conversations.core.record import record
from conversations.followup.effects import AfterEffect
from conversations.outcomes.effects import OutcomeEffect
from conversations.people.person import Band, Role
from conversations.promises.effects import PromiseEffect

Frequency = Literal["now", "weekly", "mine"]


# --- somebody and their choices -------------------------------------------------------------------


@record
class SetLanguage:
    language: str


@record
class SetVersion:
    version: str


@record
class SetBand:
    band: Band


@record
class Agree:
    """Keep what I say, and tell me what changed."""


@record
class SetFrequency:
    frequency: Frequency


@record
class ToggleWay:
    way: str


@record
class StopMessages:
    """Send nothing more until /start; what is queued is dropped."""


@record
class StartMessages:
    """Messages are welcome again."""


@record
class Forget:
    """Erase this person: answers, choices, messages, doors. An open safeguarding case keeps its number and
    a way to reach them until it is closed.
    """


@record
class MakeReturnCode:
    """Gives fresh["return_code"]: stored hashed, shown once; an older one stops working."""


# --- having a say ---------------------------------------------------------------------------------


@record
class SaveAnswer:
    """`message` is the door's reference to the words that it came with, if any; it says nothing in a transcript."""

    consultation: int
    question: str
    value: Value
    message: str = field(default="", repr=False)


@record
class EditAnswer:
    """The answer that came with this message becomes what the message says now. Refused where there is none."""

    message: str
    text: str


@record
class SkipQuestion:
    consultation: int
    question: str


@record
class FinishAnswers:
    """Marks the answers as whole. On the web page, gives fresh["return_code"] to those who have none."""

    consultation: int


@record
class RaiseAlert:
    """A sign of danger in something that was said, seen in `step`; the words themselves are not copied."""

    kind: str
    step: str


@record
class AskForCall:
    """This person wants somebody to get in touch about their open case."""


# --- raising something ----------------------------------------------------------------------------


@record
class WriteIssue:
    """Some of what somebody is about to raise; what is None stays as it is. They have one draft at most."""

    theme: str | None = None
    area: str | None = None
    words: str | None = None


@record
class DropIssue:
    """Erases the draft of whoever asks for it."""


@record
class SendIssue:
    """The draft goes to the team. On the web page, gives fresh["return_code"] to those who have none.

    Raises Refused where it is not whole, or so many wait already.
    """


@record
class AddToIssue:
    """More words of the person who raised it; what was answered waits for the team again."""

    issue: int
    words: str


@record
class EndIssue:
    """The person who raised it needs no answer any more."""

    issue: int


# --- staff ----------------------------------------------------------------------------------------


@record
class RedeemInvite:
    """Raises Refused where the invite is used, expired or unknown."""

    token: str


@record
class Invite:
    """Gives fresh["token"], good once, for 24 hours."""

    role: Role


@record
class InviteOwnDoor:
    """Gives fresh["token"]: opens this same person's second door."""


@record
class RemoveRoles:
    person: int


@record
class SignOutEverywhere:
    """Ends this person's web sign-ins, this one too."""


@record
class SetTeamName:
    """What the team calls this member; empty for nothing."""

    name: str


@record
class SetTeamRule:
    """How the team works, from now on: one field of `working.TeamRules`."""

    name: str
    value: bool | int | tuple[str, ...]


@record
class ImportForm:
    """A draft, in place of the draft of the same form_id. Gives fresh["consultation"], its id.

    Raises Refused where people were already asked under that form_id.
    """

    form: Form


@record
class DropDraft:
    consultation: int


@record
class RemoveSample:
    """Removes the sample consultation and all that hangs on it."""


@record
class SetAudience:
    """Age bands that a consultation is for; empty for everybody."""

    consultation: int
    bands: tuple[Band, ...]


@record
class SetReplyBy:
    """By when those who decide answer."""

    consultation: int
    day: date


@record
class SetCloses:
    """The last day on which answers are taken; none: until somebody closes it."""

    consultation: int
    day: date | None


@record
class FileUnder:
    """What a consultation's outcome is found under: keys of the FLOURISH headings, and an area (empty for none)."""

    consultation: int
    themes: tuple[str, ...]
    area: str


@record
class OpenConsultation:
    """Opens it and tells its audience: now, or at a moment (UTC) that was chosen on the team's clock."""

    consultation: int
    at: datetime | None = None


@record
class CancelOpening:
    """Takes a scheduled consultation back to a draft, until it has opened."""

    consultation: int


@record
class CloseConsultation:
    consultation: int


@record
class SendAgain:
    """Sends again, of something told to many, what was refused or may not have arrived."""

    broadcast: int


@record
class SendHeld:
    """Sends, of something told to many, what was held."""

    broadcast: int


@record
class DropHeld:
    """Lets go what is held of something told to many: those people may have it, and nobody is sent it again."""

    broadcast: int


@record
class ReadAnswers:
    """Somebody begins to read what people wrote: it is noted."""

    consultation: int


@record
class ExportAnswers:
    """Somebody takes away all answers as a file: it is noted."""

    consultation: int


@record
class ReadIssue:
    """Somebody opens what a young person raised: it is noted."""

    issue: int


@record
class AnswerIssue:
    issue: int
    words: str


@record
class AskBack:
    """A question to the person who raised it."""

    issue: int
    words: str


@record
class CloseIssue:
    """Closes it without an answer, with the reason, which goes to the person."""

    issue: int
    reason: str


@record
class MoveIssue:
    """Another day for the answer, with the reason, which goes to the person."""

    issue: int
    day: date
    reason: str


@record
class MergeIssue:
    """Makes it part of a consultation: what comes of that reaches the person too."""

    issue: int
    consultation: int


@record
class BeginNews:
    """A draft of good news, in the language that it is written in first."""

    title: str
    language: str


@record
class WriteNews:
    """One text of the draft in one variant, such as "pl" or "en-easy"; an empty one is taken out again."""

    news: int
    field: Literal["title", "text"]
    variant: str
    words: str


@record
class FileNews:
    """What it is filed under: a heading, and an area from the team's list; None for neither."""

    news: int
    theme: str | None
    area: str | None


@record
class SetNewsAudience:
    """Age bands that it is for; empty for everybody."""

    news: int
    bands: tuple[Band, ...]


@record
class SendNews:
    """Sends it: now, or at a moment (UTC). In quiet hours, now is when they end."""

    news: int
    at: datetime | None = None


@record
class CancelNews:
    """Takes it back to a draft, until it has left."""

    news: int


@record
class DropNews:
    news: int


@record
class AcknowledgeCase:
    case: int


@record
class WriteToThem:
    """A lead's words to the person of a case, as they are to be shown: in that person's language."""

    case: int
    heading: str
    text: str


@record
class CloseCase:
    """Closes a case and erases the way to reach its person."""

    case: int


Effect = (
    SetLanguage | SetVersion | SetBand | Agree | SetFrequency | ToggleWay | StopMessages | StartMessages
    | Forget | MakeReturnCode | SaveAnswer | EditAnswer | SkipQuestion | FinishAnswers | RaiseAlert | AskForCall
    | RedeemInvite | Invite | InviteOwnDoor | RemoveRoles | SignOutEverywhere | SetTeamName | SetTeamRule | ImportForm | DropDraft
    | RemoveSample | SetAudience | SetReplyBy | SetCloses | FileUnder
    | OpenConsultation | CancelOpening | CloseConsultation | AcknowledgeCase | WriteToThem
    | CloseCase | SendAgain | SendHeld | DropHeld | ReadAnswers | ExportAnswers | OutcomeEffect | PromiseEffect | AfterEffect
    | WriteIssue | DropIssue | SendIssue | AddToIssue | EndIssue
    | ReadIssue | AnswerIssue | AskBack | CloseIssue | MoveIssue | MergeIssue
    | BeginNews | WriteNews | FileNews | SetNewsAudience | SendNews | CancelNews | DropNews
)  # fmt: skip

Fresh = Mapping[str, str]


class Refused(Exception):
    """An effect that may not be carried out. Its message is one of the catalogue's, said to the person; `values`
    fill it in.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.values = values
