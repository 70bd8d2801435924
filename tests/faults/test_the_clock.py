"""The wall clock is wrong, is corrected, changes by law, or is just before quiet hours."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from storage.core.unit_of_work import Db
from storage.tables import doors, people
from tests.botapi import Double, Phone
from tests.botapi.wire import Call
from tests.crowd import add_crowd, open_hub
from tests.faults.moved_clock import MovedClock
from tests.waiting import until
from tests.walks.running import Heard

FIRST = 710001
OPEN = "Something new is open"
WINTER = datetime(2031, 12, 2, 14, 0, tzinfo=UTC)  # a Tuesday; London keeps UTC
NO_MORE = "select count(*) from outbox where state in ('waiting', 'taken', 'sending')"


@dataclass
class Here:
    """A running Heard with a clock that the test sets, and people who have joined."""

    heard: Heard
    double: Double
    clock: MovedClock
    many: int

    def told(self) -> Counter[int]:
        """How many invitations each of them got, by their position."""
        return Counter(call.result["chat"]["id"] - FIRST for call in self._tellings())

    def _tellings(self) -> list[Call]:
        calls = [call for call in self.double.calls_of("sendMessage") if isinstance(call.result, dict)]
        return [call for call in calls if OPEN in call.result["text"]]

    async def is_set(self, now: datetime) -> None:
        """Returns when everything that began before it has ended."""
        self.clock.set(now)
        await asyncio.sleep(0.2)

    def will_open(self, code: str, at: datetime) -> None:
        self.heard.look(lambda db: open_hub(db, code, state="scheduled", opens_at=at, reply_by=None))

    async def tells(self, nth: int, now: datetime) -> None:
        """Sets the clock; a consultation opens soon after, and everybody is invited then, not before."""
        await self.is_set(now)
        due = self.clock.now + timedelta(seconds=2)
        self.will_open(f"the {nth}", due)
        await self.all_told(nth, due)

    async def all_told(self, times: int, due: datetime) -> None:
        """Everybody gets this many invitations, and nobody the last of them before it is due."""
        await until(
            lambda: self.told() == Counter(dict.fromkeys(range(self.many), times)),
            tell=lambda: (self.told(), self.clock.now, self.heard.output[-2000:]),
        )
        newest = self._tellings()[-self.many :]
        assert min(call.at for call in newest) >= due.timestamp() - self.clock.ahead


@asynccontextmanager
async def here(folder: Path, now: datetime, many: int = 3, **settings: str) -> AsyncIterator[Here]:
    clock = MovedClock(folder, now)
    settings |= clock.settings
    async with Double() as double, Heard(folder, double, plainly=True, **settings) as heard:
        for number in range(FIRST, FIRST + many):
            await double.act("joins", who=number, language_code="en", name="Kim")
        heard.look(lambda db: _join(db, many, now))
        yield Here(heard, double, clock, many)
        assert await heard.stop() == 0


def _join(db: Db, many: int, now: datetime) -> None:
    """They were here at that time: who was not for two years is forgotten."""
    add_crowd(db, many, first=FIRST)
    db.run(update(doors).values(used_at=now))
    db.run(update(people).values(created_at=now))


# --- a wrong clock, and the two nights of clock changes -------------------------------------------------


MARCH = datetime(2031, 3, 30, 1, 30, tzinfo=UTC), datetime(2031, 3, 30, 7, 0, tzinfo=UTC)
OCTOBER = datetime(2031, 10, 26, 0, 30, tzinfo=UTC), datetime(2031, 10, 26, 8, 0, tzinfo=UTC)
A_TICK = 2.5  # seconds between ticks of the process


@pytest.mark.left_to_all("long walks")
async def test_a_clock_set_back_and_forward_by_two_hours_sends_nothing_early_late_or_twice(tmp_path: Path):
    async with here(tmp_path, WINTER) as there:
        await there.tells(1, WINTER - timedelta(hours=2))
        await there.tells(2, WINTER + timedelta(hours=2))
        await there.is_set(WINTER)
        await asyncio.sleep(A_TICK)
        assert set(there.told().values()) == {2}
        assert "[error" not in there.heard.output


@pytest.mark.left_to_all("long walks")
async def test_what_is_due_at_half_past_one_in_a_night_that_changes_the_clock_goes_out_once_in_the_morning(
    tmp_path: Path,
):
    """In March half past one does not exist, and becomes half past two; in October it comes twice."""
    async with here(tmp_path, MARCH[0] - timedelta(hours=1), QUIET_HOURS="21:00-08:00") as there:
        for nth, (due, morning) in enumerate((MARCH, OCTOBER), 1):
            await there.is_set(due - timedelta(seconds=4))
            there.will_open(f"{due:%B}", due)
            opened = f"select count(*) from consultations where state = 'open' and code = '{due:%B}'"
            await until(lambda opened=opened: there.heard.count(opened))
            if due is OCTOBER[0]:
                await there.is_set(due + timedelta(hours=1))
                await asyncio.sleep(A_TICK)
            await there.is_set(morning - timedelta(seconds=3))
            await there.all_told(nth, morning)
        await there.is_set(morning + timedelta(hours=1))
        await asyncio.sleep(A_TICK)
        assert set(there.told().values()) == {2}


@pytest.mark.left_to_all("long walks")
async def test_a_reply_left_over_from_a_crash_does_not_wait_for_a_clock_that_was_set_back(tmp_path: Path):
    async with here(tmp_path, WINTER) as there:
        sam = Phone(there.double, 700001)
        there.double.latency = 3
        await sam.types("/start")
        await until(lambda: there.double.calls_of("sendMessage"))
        there.heard.kill()
        there.double.latency = 0
        there.clock.set(WINTER - timedelta(hours=2))
        await there.heard.start()
        await sam.hears("I'm Heard")
        await until(lambda: there.heard.count(NO_MORE) == 0)


# --- quiet hours --------------------------------------------------------------------------------------


@pytest.mark.left_to_all("long walks")
async def test_a_backlog_stops_when_quiet_hours_begin_and_continues_in_the_morning(tmp_path: Path):
    evening = datetime(2031, 12, 2, 21, 0, tzinfo=UTC)
    quiet = {"QUIET_HOURS": "21:00-08:00", "SENDS_PER_SECOND": "3"}
    async with here(tmp_path, evening - timedelta(seconds=60), 40, **quiet) as there:
        there.will_open("one", there.clock.now)
        await until(there.told)
        there.clock.set(evening - timedelta(seconds=5))
        await until(lambda: there.clock.now > evening + timedelta(seconds=1.5))
        before = there.told()
        assert 0 < len(before) < 40
        await asyncio.sleep(3)
        assert there.told() == before
        await Phone(there.double, 700001).types("/start")
        await Phone(there.double, 700001).hears("I'm Heard")

        there.clock.set(evening + timedelta(hours=11, seconds=-2))
        await asyncio.sleep(1)
        assert there.told() == before
        await until(lambda: there.told() == Counter(range(40)))
