"""Facts about what is published and can be corrected."""

from datetime import datetime

from conversations.changes.facts import OneOutcome
from conversations.consultations.form import Texts
from conversations.consultations.respond.response import OneResponse
from conversations.core.i18n import Words
from conversations.core.record import Record, field
from conversations.news.article import OneNews, Piece, title_and_text
from conversations.outcomes.outcome import About
from conversations.outcomes.wording import title_of
from conversations.team.corrections import Correction, PublishedKind


class Listed(Record):
    """Something published. `about` has its title. `at` is UTC."""

    kind: PublishedKind
    id: int
    about: About | Piece
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.kind} {self.id}"

    def title(self, _: Words) -> str:
        return title_and_text(self.about, _)[0] if isinstance(self.about, Piece) else title_of(self.about, _)


class PublishedText(Record):
    """One text of something published, in its variants. Its `key` is "0 you_said" (of a part), "who" or "title"."""

    key: str
    texts: Texts


class Reach(Record):
    """How many messages with it can be edited, how many arrived without a reference, or among other things in one message,
    and how many wait to be sent.
    """

    edited: int = 0
    beyond: int = 0
    waiting: int = 0


class AllPublished(Record):
    """Everything published that this person may correct, the newest first."""

    things: tuple[Listed, ...] = ()


class OnePublished(Record):
    """What the session's notes `kind` and `about` name; None if it is gone. `language` is its original one."""

    thing: Listed | None = None
    language: str = "en"
    texts: tuple[PublishedText, ...] = ()
    reach: Reach = field(default_factory=Reach)

    def text(self, key: object) -> Texts:
        """The text with this key; empty if it is gone."""
        return next((one.texts for one in self.texts if one.key == key), {})


class CorrectedOutcome(Record):
    """The correction that a message is about, and the outcome as it is now."""

    correction: Correction | None
    found: OneOutcome


class CorrectedAsked(Record):
    """The consultation that a correction is about, as its reader may answer it now."""

    found: OneResponse


class CorrectedNews(Record):
    """The correction that a message is about, and the news as it is now."""

    correction: Correction | None
    found: OneNews
