"""What is done with outcomes, as data: written, looked at by a second person, published; and sentences quoted."""

from dataclasses import field
from datetime import date, datetime

from conversations.core.effects import Effect
from conversations.core.record import record
from conversations.outcomes.outcome import PartField, Spot, Subject

# --- writing --------------------------------------------------------------------------------------


@record
class WritePart(Effect):
    """One field of a part of the draft outcome. The draft, and the part, begin with their first field; a new
    decision empties the fields that it does not have.
    """

    about: Subject
    place: int
    field: PartField
    value: str | date


@record
class DropPart(Effect):
    about: Subject
    place: int


@record
class SetDecider(Effect):
    """Who decided, in words people know: "the councillor for transport"."""

    about: Subject
    who: str


@record
class WriteVariant(Effect):
    """A text once more, in another language or reading version: "pl", "en-easy"."""

    about: Subject
    spot: Spot
    variant: str
    text: str


@record
class SetPicture(Effect):
    """A picture that was made safe: a JPEG's bytes. Its words, if there were any, are over."""

    about: Subject
    content: bytes = field(repr=False)


@record
class DescribePicture(Effect):
    """What the picture shows, for those who cannot see it."""

    about: Subject
    text: str


@record
class DropPicture(Effect):
    about: Subject


@record
class SetQuote(Effect):
    """Puts a sentence, by its number, beside a part; None takes it away."""

    about: Subject
    place: int
    quote: int | None


# --- sending --------------------------------------------------------------------------------------


@record
class PublishOutcome(Effect):
    """Publishes the draft outcome: now, or at a moment (UTC). A second publish does nothing."""

    about: Subject
    at: datetime | None = None


@record
class CancelOutcome(Effect):
    """Takes a scheduled outcome back to a draft, until it has left."""

    about: Subject


@record
class AskColleague(Effect):
    """Asks everybody else who may for a yes to the draft as it is now; with the yes it goes: at once, or at a
    moment (UTC).
    """

    about: Subject
    at: datetime | None = None


@record
class ApproveOutcome(Effect):
    """A second person's yes to what they saw; `seen` is the beginning of its fingerprint."""

    about: Subject
    seen: str


@record
class DeclineOutcome(Effect):
    """Not yet, and why: the words go back to whoever asked."""

    about: Subject
    why: str
