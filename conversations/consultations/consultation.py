"""A consultation: a form, its state and its dates."""

from datetime import date, datetime
from typing import Literal

from conversations.consultations.form import Form, wording
from conversations.core.i18n import Words
from conversations.core.person import Band
from conversations.core.record import Record

ConsultationState = Literal["draft", "scheduled", "open", "closed", "answered", "revisited"]


class Consultation(Record):
    """`bands` are the age bands of its audience, empty for everybody. Its outcome is filed under `themes` (keys of the
    FLOURISH headings) and `area`. Times are UTC.
    """

    id: int
    state: ConsultationState
    form: Form
    bands: tuple[Band, ...] = ()
    sample: bool = False
    reply_by: date | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    themes: tuple[str, ...] = ()
    area: str = ""

    def title(self, words: Words) -> str:
        """Its title in the words' language and reading version."""
        return wording(self.form.title, words.language, words.version, self.form.default_language)


class ListedConsultation(Record):
    """A consultation, and how many took part."""

    about: Consultation
    people: int


class AllConsultations(Record):
    """Every consultation, active ones first: open, scheduled, drafts, then the rest."""

    listed: tuple[ListedConsultation, ...]


class OutcomeTimes(Record):
    """When its outcome was published, or is scheduled to be. Times are UTC."""

    told: datetime | None = None
    due: datetime | None = None


class OneConsultation(Record):
    """The consultation that the session's note `consultation` (or `code`) names; None if it is gone."""

    about: Consultation | None


class OpenCount(Record):
    """The number of consultations open to this person, and the id of one that they began but did not finish."""

    open: int
    begun: int | None = None


class ConsultationAudience(Record):
    """The number of people who would be notified of the consultation if it opened now."""

    people: int
