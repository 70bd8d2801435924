"""Good news about what young people achieved. Each reader gets all of it in one language."""

from datetime import datetime
from typing import Literal

from conversations.consultations.form import Texts, wording
from conversations.core.i18n import Library, Words
from conversations.core.person import Band
from conversations.core.record import Record
from conversations.team.corrections import Correction

TITLE_MOST, TEXT_MOST = 80, 600  # letters

NewsState = Literal["draft", "scheduled", "sent"]


class Piece(Record):
    """One piece of good news. `language` is its original language; texts are by variant, such as "pl" or "en-easy".
    `bands` are the age bands of its audience, empty for everybody. Times are UTC.
    """

    id: int
    state: NewsState
    language: str
    title: Texts
    text: Texts
    theme: str | None = None
    area: str | None = None
    bands: tuple[Band, ...] = ()
    goes_at: datetime | None = None
    sent_at: datetime | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether it can go out: it is complete in its original language."""
        return self.has(self.language)

    def has(self, variant: str) -> bool:
        """Whether a variant has both title and text."""
        return bool(self.title.get(variant) and self.text.get(variant))


class AllNews(Record):
    """Every piece of news: drafts first, then scheduled, then sent ones, newest first."""

    pieces: tuple[Piece, ...]


class CurrentNews(Record):
    """The piece that the session's note `news` names; without the note, this person's latest draft."""

    piece: Piece | None


class NewsAudience(Record):
    """The number of people who would get it if it went out now."""

    people: int


class SentNews(Record):
    """All good news that was sent and is for this person's age, newest first."""

    pieces: tuple[Piece, ...]


class OneNews(Record):
    """The piece that the session's note `news` names; None if it is gone, or not sent yet. `withdrawn` says how it went."""

    piece: Piece | None
    withdrawn: Correction | None = None


def title_and_text(piece: Piece, _: Words) -> tuple[str, str]:
    """Title and text, both in the reader's language or, if that is incomplete, both in the original one."""
    complete = all(
        texts.get(_.language) or texts.get(f"{_.language}-{_.version}") for texts in (piece.title, piece.text)
    )
    language = _.language if complete else piece.language
    title, text = (wording(texts, language, _.version, piece.language) for texts in (piece.title, piece.text))
    return title, text


def variants(languages: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """Every variant on offer: a language, or a language and a reading version."""
    return tuple(
        language if version == "normal" else f"{language}-{version}"
        for language in languages
        for version in library.versions(language)
    )
