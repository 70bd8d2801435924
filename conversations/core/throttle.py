"""The rate limit for incoming events: after too many turns in a minute, a person is asked once to slow down."""

from datetime import datetime, timedelta

from conversations.core.record import Record

MOST = 60  # turns in a minute; nobody reads more than that
_MINUTE = timedelta(minutes=1)


class Pace(Record):
    """The number of turns at one door in the current minute, which began at `since` (UTC)."""

    since: datetime | None = None
    turns: int = 0

    def one_more(self, now: datetime) -> "Pace":
        """Counts this turn. A new minute begins when the last one is over, or when the clock was set back."""
        goes_on = self.since is not None and self.since <= now < self.since + _MINUTE
        return Pace(self.since, self.turns + 1) if goes_on else Pace(now, 1)

    @property
    def is_too_fast(self) -> bool:
        return self.turns > MOST

    @property
    def is_first_over(self) -> bool:
        """Whether this turn is the first over the limit."""
        return self.turns == MOST + 1
