"""A consultation as conversations know it: a form, and where it stands in its life."""

from datetime import date, datetime
from typing import Literal

from conversations.consultations.form import Form, wording
from conversations.core.i18n import Words
from conversations.core.person import Band
from conversations.core.record import record

ConsultationState = Literal["draft", "scheduled", "open", "closed", "answered", "revisited"]


@record
class Consultation:
    """`bands` are the age bands that it is for, empty for everybody. `themes` (keys of the FLOURISH headings) and
    `area` are what its outcome is filed under. Moments are UTC.
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


@record
class Listed:
    """A consultation, and how many took part."""

    about: Consultation
    people: int


@record
class AllConsultations:
    """Every consultation, those first that staff work on now: open, waiting to open, drafts, then the rest."""

    listed: tuple[Listed, ...]


@record
class ItsAnswer:
    """When what came of it was told, or is set to be; moments are UTC."""

    told: datetime | None = None
    due: datetime | None = None


@record
class OneConsultation:
    """The consultation that the session's note `consultation` (or `code`) names; None where it is gone."""

    about: Consultation | None


@record
class Waiting:
    """What is open for somebody: how many consultations, and the id of one they began and did not finish."""

    open: int
    begun: int | None = None


@record
class ConsultationAudience:
    """How many would be told of the consultation if it opened now."""

    people: int
