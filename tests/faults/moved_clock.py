"""A wall clock that a test sets for one process, with libfaketime. The monotonic clock is not changed."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

LIBRARY = "faketime/libfaketimeMT.so.1"


class MovedClock:
    """Its `settings` go to the process, which must be started with `plainly`. Skips the test without libfaketime."""

    def __init__(self, folder: Path, now: datetime) -> None:
        places = Path("/usr/lib"), Path("/usr/local/lib")
        found = [path for place in places for path in (*place.glob(LIBRARY), *place.glob(f"*/{LIBRARY}"))]
        if not found:
            pytest.skip("libfaketime is not on this machine: apt-get install faketime")
        self._file = folder / "clock"
        self.set(now)
        self.settings = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",  # otherwise a change is seen up to two seconds late
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, now: datetime) -> None:
        """Sets the process's clock to this moment, from which it runs on: this many seconds `ahead` of ours."""
        self.ahead = now.timestamp() - time.time()
        new = self._file.with_suffix(".new")
        new.write_text(f"{self.ahead:+f}\n")
        new.replace(self._file)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.ahead, UTC)
