"""Good news about what young people achieved. Each reader gets all of it in one language."""

from datetime import datetime
from typing import Literal

from conversations.consultations.form import Texts, wording
from conversations.core.i18n import Library, Words
from conversations.core.person import Band
from conversations.core.record import Record

TITLE_MOST, TEXT_MOST = 80, 600  # letters

NewsState = Literal["draft", "scheduled", "sent"]


class Piece(Record):
    """One piece of good news. `language` is the one that it was written in first; texts are by variant, such as "pl"
    or "en-easy". `bands` are the ages that it is for, empty for everybody. Moments are UTC.
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

    @property
    def whole(self) -> bool:
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
    """How many would get it if it went out now."""

    people: int


class NewsOut(Record):
    """All good news that went out and is for somebody's age, newest first."""

    pieces: tuple[Piece, ...]


class OneNews(Record):
    """The piece that the session's note `news` names, once it went out; None where it is gone, or has not yet."""

    piece: Piece | None


def read_by(piece: Piece, _: Words) -> tuple[str, str]:
    """Title and text as somebody reads them: both in their language, or both in the one it was written in."""
    complete = all(
        texts.get(_.language) or texts.get(f"{_.language}-{_.version}") for texts in (piece.title, piece.text)
    )
    language = _.language if complete else piece.language
    title, text = (wording(texts, language, _.version, piece.language) for texts in (piece.title, piece.text))
    return title, text


def variants(languages: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """Every variant that readers may have chosen: a language, or a language and a reading version."""
    return tuple(
        language if version == "normal" else f"{language}-{version}"
        for language in languages
        for version in library.versions(language)
    )
