"""What is done with good news, as data: written, filed, and sent."""

from datetime import datetime
from typing import Literal

from conversations.core.effects import Effect
from conversations.core.person import Band
from conversations.core.record import record


@record
class BeginNews(Effect):
    """A draft of good news, in the language that it is written in first."""

    title: str
    language: str


@record
class WriteNews(Effect):
    """One text of the draft in one variant, such as "pl" or "en-easy"; an empty one is taken out again."""

    news: int
    field: Literal["title", "text"]
    variant: str
    words: str


@record
class FileNews(Effect):
    """What it is filed under: a heading, and an area from the team's list; None for neither."""

    news: int
    theme: str | None
    area: str | None


@record
class SetNewsAudience(Effect):
    """Age bands that it is for; empty for everybody."""

    news: int
    bands: tuple[Band, ...]


@record
class SendNews(Effect):
    """Sends it: now, or at a moment (UTC). In quiet hours, now is when they end."""

    news: int
    at: datetime | None = None


@record
class CancelNews(Effect):
    """Takes it back to a draft, until it has left."""

    news: int


@record
class DropNews(Effect):
    news: int
