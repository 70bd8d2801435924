"""What Heard remembers of one sitting at a door: the last words in a row, and that it has offered help."""

from datetime import datetime, timedelta

from conversations.core.record import Private, Record, replace

# Letters of a row that are kept, and of a text that is looked at with it: who spreads a sign over messages writes short ones.
ROW_MOST, TEXT_MOST = 120, 60
TOGETHER = timedelta(minutes=10)
_SITTING = timedelta(hours=2)


class Sitting(Record):
    """`words` are the end of what somebody typed until `at`; `soft`: a soft sign is in them already. `offered_at` is when the
    quiet line of help was last shown. All times are UTC. `held` is what somebody of the team wrote for many, while Heard asks
    whether it may stand there: see `conversations/core/personal/`.
    """

    words: Private[str] = ""
    at: datetime | None = None
    soft: bool = False
    offered_at: datetime | None = None
    held: Private[str] = ""

    def row(self, now: datetime) -> str:
        """The words that still belong together with what is typed now."""
        return self.words if self.at is not None and now - TOGETHER < self.at <= now else ""

    def after(self, text: str, now: datetime, *, soft: bool) -> "Sitting":
        """With the text at the end of the row."""
        before = self.row(now)
        row = "\n".join(filter(None, (before, text[-ROW_MOST:])))[-ROW_MOST:]
        return replace(self, words=row, at=now, soft=soft or (self.soft and bool(before)))

    def after_sign(self) -> "Sitting":
        """With an empty row: a sign that was reported is not reported again with what follows."""
        return replace(self, words="", at=None, soft=False)

    def hold(self, text: str, now: datetime) -> "Sitting":
        """With a text that waits for a yes; empty once it has been given."""
        return replace(self, held=text, at=now)

    def offers(self, now: datetime) -> bool:
        """Whether the quiet line of help is due: it is shown once in a sitting."""
        return self.offered_at is None or not now - _SITTING < self.offered_at <= now
