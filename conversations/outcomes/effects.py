"""Effects on outcomes: write, translate, approve, publish, and quote sentences."""

from datetime import date, datetime

from conversations.core.effects import Effect, ForMany
from conversations.core.record import Private
from conversations.outcomes.outcome import PART_TEXTS, PartField, Spot, Subject

# --- writing --------------------------------------------------------------------------------------


class WritePart(ForMany):
    """Writes one field of a part in the draft. The first field creates the draft and the part. A new decision empties
    the fields that it does not use.
    """

    about: Subject
    place: int
    field: PartField
    value: str | date

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (str(self.value),) if self.field in PART_TEXTS else ()


class DropPart(Effect):
    about: Subject
    place: int


class SetDecider(ForMany):
    """Who decided, in words people know: "the councillor for transport"."""

    about: Subject
    who: str

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.who,)


class WriteVariant(ForMany):
    """Writes a text in another language or reading version: "pl", "en-easy"."""

    about: Subject
    spot: Spot
    variant: str
    text: str

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.text,)


class SetPicture(Effect):
    """Sets the picture, a JPEG that has been made safe. The previous picture's description is dropped."""

    about: Subject
    content: Private[bytes]


class DescribePicture(ForMany):
    """Describes the picture for people who cannot see it."""

    about: Subject
    text: str

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.text,)


class DropPicture(Effect):
    about: Subject


class SetQuote(Effect):
    """Quotes a sentence, by its number, in a part; None removes it."""

    about: Subject
    place: int
    quote: int | None


# --- sending --------------------------------------------------------------------------------------


class PublishOutcome(Effect):
    """Publishes the draft outcome now, or schedules it (UTC). Publishing twice does nothing."""

    about: Subject
    at: datetime | None = None


class CancelOutcome(Effect):
    """Turns a scheduled outcome back into a draft, unless it is already out."""

    about: Subject


class AskColleague(Effect):
    """Asks every colleague who may approve the current draft to do so. Once approved, it goes out at once, or at the
    given time (UTC).
    """

    about: Subject
    at: datetime | None = None


class ApproveOutcome(Effect):
    """Approves the draft as a second person saw it; `seen` is the start of its fingerprint."""

    about: Subject
    seen: str


class DeclineOutcome(Effect):
    """Declines to approve the draft; the reason goes back to the person who asked."""

    about: Subject
    why: str
