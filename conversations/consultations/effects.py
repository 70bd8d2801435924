"""What is done with consultations, as data: questions answered, and what staff ask opened and closed."""

from dataclasses import field
from datetime import date, datetime

from conversations.consultations.form import Form, Value
from conversations.core.effects import Effect
from conversations.core.person import Band
from conversations.core.record import record


@record
class SaveAnswer(Effect):
    """`message` is the door's reference to the words that it came with, if any; it says nothing in a transcript."""

    consultation: int
    question: str
    value: Value
    message: str = field(default="", repr=False)


@record
class EditAnswer(Effect):
    """The answer that came with this message becomes what the message says now. Refused where there is none."""

    message: str
    text: str


@record
class SkipQuestion(Effect):
    consultation: int
    question: str


@record
class FinishAnswers(Effect):
    """Marks the answers as whole. On the web page, gives fresh["return_code"] to those who have none."""

    consultation: int


@record
class ImportForm(Effect):
    """A draft, in place of the draft of the same form_id. Gives fresh["consultation"], its id.

    Raises Refused where people were already asked under that form_id.
    """

    form: Form


@record
class DropDraft(Effect):
    consultation: int


@record
class RemoveSample(Effect):
    """Removes the sample consultation and all that hangs on it."""


@record
class SetAudience(Effect):
    """Age bands that a consultation is for; empty for everybody."""

    consultation: int
    bands: tuple[Band, ...]


@record
class SetReplyBy(Effect):
    """By when those who decide answer."""

    consultation: int
    day: date


@record
class SetCloses(Effect):
    """The last day on which answers are taken; none: until somebody closes it."""

    consultation: int
    day: date | None


@record
class FileUnder(Effect):
    """What a consultation's outcome is found under: keys of the FLOURISH headings, and an area (empty for none)."""

    consultation: int
    themes: tuple[str, ...]
    area: str


@record
class OpenConsultation(Effect):
    """Opens it and tells its audience: now, or at a moment (UTC) that was chosen on the team's clock."""

    consultation: int
    at: datetime | None = None


@record
class CancelOpening(Effect):
    """Takes a scheduled consultation back to a draft, until it has opened."""

    consultation: int


@record
class CloseConsultation(Effect):
    consultation: int
