"""Effects on consultations: young people answer; staff import, schedule, open and close."""

from datetime import date, datetime

from conversations.consultations.form import Form, Value
from conversations.core.effects import Effect, WritesText
from conversations.core.i18n import N_
from conversations.core.person import Band
from conversations.core.record import Private

NO_ANSWER_TO_EDIT = N_(
    "I saw that you changed a message. I can't use the change, so send it as a new message."
)


class SaveAnswer(WritesText):
    """`message` is the channel's reference to the message with the answer, if any; transcripts leave it out."""

    consultation: int
    question: str
    value: Value
    message: Private[str] = ""


class EditAnswer(WritesText):
    """Updates the answer that came with an edited message. Refused if no answer did."""

    message: str
    text: str


class SkipQuestion(Effect):
    consultation: int
    question: str


class FinishAnswers(Effect):
    """Marks the answers as complete. On the web page, sets fresh["return_code"] for people who have none."""

    consultation: int


class TakeBackAnswer(Effect):
    """Deletes the person's own answer to one question, whether the consultation is open or not. Refused if it is gone."""

    consultation: int
    question: str


class ImportForm(Effect):
    """Imports a form as a draft, and replaces a draft with the same form_id. Sets fresh["consultation"], its id.

    Raises Refused if the consultation with that form_id is no longer a draft.
    """

    form: Form


class DropDraft(Effect):
    consultation: int


class RemoveSample(Effect):
    """Deletes the sample consultation and everything that depends on it."""


class SetAudience(Effect):
    """Sets the age bands that a consultation is for; empty for everybody."""

    consultation: int
    bands: tuple[Band, ...]


class SetReplyBy(Effect):
    """Sets the day by which the deciders answer."""

    consultation: int
    day: date


class SetCloses(Effect):
    """Sets the last day for answers; None leaves it open until somebody closes it."""

    consultation: int
    day: date | None


class FileUnder(Effect):
    """Files a consultation's outcome under keys of the FLOURISH headings, and an area (empty for none)."""

    consultation: int
    themes: tuple[str, ...]
    area: str


class OpenConsultation(Effect):
    """Opens a consultation and notifies its audience: now, or at a given time (UTC)."""

    consultation: int
    at: datetime | None = None


class CancelOpening(Effect):
    """Turns a scheduled consultation back into a draft, unless it has already opened."""

    consultation: int


class CloseConsultation(Effect):
    consultation: int
