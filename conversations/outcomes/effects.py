"""What is done with outcomes, as data: written, looked at by a second person, published; and sentences quoted."""

from dataclasses import field
from datetime import date, datetime

from conversations.core.record import record
from conversations.outcomes.outcome import PartField, Spot, Subject

# --- writing --------------------------------------------------------------------------------------


@record
class WritePart:
    """One field of a part of the draft outcome. The draft, and the part, begin with their first field; a new
    decision empties the fields that it does not have.
    """

    about: Subject
    place: int
    field: PartField
    value: str | date


@record
class DropPart:
    about: Subject
    place: int


@record
class SetDecider:
    """Who decided, in words people know: "the councillor for transport"."""

    about: Subject
    who: str


@record
class WriteVariant:
    """A text once more, in another language or reading version: "pl", "en-easy"."""

    about: Subject
    spot: Spot
    variant: str
    text: str


@record
class SetPicture:
    """A picture that was made safe: a JPEG's bytes. Its words, if there were any, are over."""

    about: Subject
    content: bytes = field(repr=False)


@record
class DescribePicture:
    """What the picture shows, for those who cannot see it."""

    about: Subject
    text: str


@record
class DropPicture:
    about: Subject


@record
class SetQuote:
    """Puts a sentence, by its number, beside a part; None takes it away."""

    about: Subject
    place: int
    quote: int | None


# --- sending --------------------------------------------------------------------------------------


@record
class PublishOutcome:
    """Publishes the draft outcome: now, or at a moment (UTC). A second publish does nothing."""

    about: Subject
    at: datetime | None = None


@record
class CancelOutcome:
    """Takes a scheduled outcome back to a draft, until it has left."""

    about: Subject


@record
class AskColleague:
    """Asks everybody else who may for a yes to the draft as it is now; with the yes it goes: at once, or at a
    moment (UTC).
    """

    about: Subject
    at: datetime | None = None


@record
class ApproveOutcome:
    """A second person's yes to what they saw; `seen` is the beginning of its fingerprint."""

    about: Subject
    seen: str


@record
class DeclineOutcome:
    """Not yet, and why: the words go back to whoever asked."""

    about: Subject
    why: str


# --- quoting --------------------------------------------------------------------------------------


@record
class AskToQuote:
    """Asks a person whether what they wrote to one question may be quoted. Never twice for the same sentence."""

    consultation: int
    question: str
    person: int


@record
class AnswerQuote:
    """Somebody's own answer to that: it may be taken back at any time."""

    quote: int
    yes: bool


OutcomeEffect = (
    WritePart | DropPart | SetDecider | WriteVariant | SetPicture | DescribePicture | DropPicture | SetQuote
    | PublishOutcome | CancelOutcome | AskColleague | ApproveOutcome | DeclineOutcome | AskToQuote | AnswerQuote
)  # fmt: skip
