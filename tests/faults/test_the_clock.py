"""The wall clock is wrong, is put right, changes by law, or is just before the quiet hours."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.botapi import Double, Phone
from tests.crowd import add_crowd, open_hub
from tests.faults.moved_clock import MovedClock
from tests.faults.waiting import LONG, until
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
        """How often each of them was told of something new, by their place."""
        calls = [call for call in self.double.calls_of("sendMessage") if isinstance(call.result, dict)]
        return Counter(call.result["chat"]["id"] - FIRST for call in calls if OPEN in call.result["text"])

    def will_open(self, code: str, at: datetime) -> None:
        self.heard.look(lambda db: open_hub(db, code, state="scheduled", opens_at=at))

    async def all_told(self, times: int = 1) -> None:
        await until(
            lambda: self.told() == Counter(dict.fromkeys(range(self.many), times)),
            tell=lambda: (self.told(), self.heard.output[-2000:]),
        )


@asynccontextmanager
async def here(folder: Path, now: datetime, many: int = 3, **settings: str) -> AsyncIterator[Here]:
    clock = MovedClock(folder, now)
    settings |= clock.settings
    async with Double() as double, Heard(folder, double, plainly=True, **settings) as heard:
        for number in range(FIRST, FIRST + many):
            await double.act("joins", who=number, language_code="en", name="Kim")
        heard.look(lambda db: add_crowd(db, many, first=FIRST))
        yield Here(heard, double, clock, many)
        assert await heard.stop() == 0


# --- a clock that was wrong -------------------------------------------------------------------------


async def test_a_clock_put_back_and_on_by_two_hours_sends_nothing_early_late_or_twice(tmp_path: Path):
    async with here(tmp_path, WINTER) as there:
        there.will_open("one", there.clock.now + timedelta(seconds=3))
        await there.all_told()

        there.clock.set(WINTER - timedelta(hours=2))
        there.will_open("two", there.clock.now + timedelta(seconds=5))
        await asyncio.sleep(3)
        assert set(there.told().values()) == {1}
        await there.all_told(2)

        there.clock.set(WINTER + timedelta(hours=2))
        there.will_open("three", there.clock.now + timedelta(seconds=5))
        await asyncio.sleep(3)
        assert set(there.told().values()) == {2}
        await there.all_told(3)

        there.clock.set(WINTER)
        await asyncio.sleep(4)
        assert set(there.told().values()) == {3}
        assert "[error" not in there.heard.output


async def test_an_answer_that_a_crash_left_over_does_not_wait_for_the_clock_that_was_put_back(tmp_path: Path):
    async with here(tmp_path, WINTER) as there:
        sam = Phone(there.double, 700001)
        there.double.latency = 3
        await sam.types("/start")
        await until(lambda: there.double.calls_of("sendMessage"))
        there.heard.kill()
        there.double.latency = 0
        there.clock.set(WINTER - timedelta(hours=2))
        await there.heard.start()
        await sam.hears("I'm Heard", within=LONG)
        assert there.heard.count(NO_MORE) == 0


# --- the two nights of the year -----------------------------------------------------------------------


HALF_PAST_ONE = (
    (
        datetime(2031, 3, 30, 1, 30, tzinfo=UTC),
        datetime(2031, 3, 30, 7, 0, tzinfo=UTC),
    ),  # the clocks go forward
    (datetime(2031, 10, 26, 0, 30, tzinfo=UTC), datetime(2031, 10, 26, 8, 0, tzinfo=UTC)),  # and back
)


async def test_what_is_due_at_half_past_one_in_a_night_that_changes_the_clock_goes_out_once_in_the_morning(
    tmp_path: Path,
):
    async with here(tmp_path, HALF_PAST_ONE[0][0], QUIET_HOURS="21:00-08:00") as there:
        for nth, (due, morning) in enumerate(HALF_PAST_ONE):
            there.clock.set(due - timedelta(seconds=2))
            there.will_open(f"no{nth}", due)
            opened = f"select count(*) from consultations where state = 'open' and code = 'no{nth}'"
            await until(lambda opened=opened: there.heard.count(opened))
            before = there.told()
            there.clock.set(due + timedelta(hours=1))  # in October it is half past one again
            await asyncio.sleep(3)
            assert there.told() == before
            there.clock.set(morning - timedelta(seconds=4))
            await asyncio.sleep(2)
            assert there.told() == before
            await there.all_told(nth + 1)
            assert there.clock.now >= morning
            there.clock.set(morning + timedelta(hours=1))
            await asyncio.sleep(3)
            assert set(there.told().values()) == {nth + 1}


# --- quiet hours --------------------------------------------------------------------------------------


async def test_a_backlog_stops_when_the_quiet_hours_begin_and_goes_on_in_the_morning(tmp_path: Path):
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
        await Phone(there.double, 700001).hears("I'm Heard", within=LONG)

        there.clock.set(evening + timedelta(hours=11, seconds=-2))
        await asyncio.sleep(1)
        assert there.told() == before
        await there.all_told()
