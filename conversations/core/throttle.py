"""How fast somebody goes: after so many turns in one minute they are asked, once, to slow down."""

from datetime import datetime, timedelta

from conversations.core.record import record

MOST = 60  # turns in a minute; nobody reads more than that
_MINUTE = timedelta(minutes=1)


@record
class Pace:
    """How many turns somebody took at one door since a moment (UTC), within the same minute."""

    since: datetime | None = None
    turns: int = 0

    def one_more(self, now: datetime) -> "Pace":
        """With this turn; a new minute begins where the last one is over, or the clock was put back."""
        goes_on = self.since is not None and self.since <= now < self.since + _MINUTE
        return Pace(self.since, self.turns + 1) if goes_on else Pace(now, 1)

    @property
    def too_fast(self) -> bool:
        return self.turns > MOST

    @property
    def just_now(self) -> bool:
        """Whether it is this turn that was one too many."""
        return self.turns == MOST + 1
