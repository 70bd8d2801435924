"""A clock that stands until a test moves it, in this process and in the running one."""

from datetime import datetime, tzinfo
from pathlib import Path


class StandingClock:
    """It takes the place of `datetime` in `bot.app`, from which all of Heard has the time."""

    def __init__(self, file: Path, now: datetime) -> None:
        self._file = file
        self.set(now)

    def set(self, now: datetime) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(now.isoformat())
        new.replace(self._file)

    def now(self, zone: tzinfo) -> datetime:
        return datetime.fromisoformat(self._file.read_text()).astimezone(zone)
