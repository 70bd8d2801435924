"""Effects on good news: write, file and send it."""

from datetime import datetime
from typing import Literal

from conversations.core.effects import Effect, ForMany
from conversations.core.person import Band


class BeginNews(ForMany):
    """Starts a draft of good news in its original language."""

    title: str
    language: str

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.title,)


class WriteNews(ForMany):
    """Writes one text of the draft in one variant, such as "pl" or "en-easy"; an empty text removes the variant."""

    news: int
    field: Literal["title", "text"]
    variant: str
    words: str

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.words,)


class FileNews(Effect):
    """Files it under a heading, and an area from the team's list; None for neither."""

    news: int
    theme: str | None
    area: str | None


class SetNewsAudience(Effect):
    """Sets the age bands that it is for; empty for everybody."""

    news: int
    bands: tuple[Band, ...]


class SendNews(Effect):
    """Sends it now, or at a given time (UTC). In quiet hours, "now" means when they end."""

    news: int
    at: datetime | None = None


class CancelNews(Effect):
    """Turns it back into a draft, unless it has already gone out."""

    news: int


class DropNews(Effect):
    news: int
