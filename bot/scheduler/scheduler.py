"""The scheduler ticks and asks what is due. The database knows when, and which worker did it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from handlers.turns import Runtime
from storage.broadcasts.recipients import queue_more
from storage.consultations import lifecycle
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.followup import schedule as revisit_schedule
from storage.issues import deadlines as reply_deadlines
from storage.news import news
from storage.operations import retention
from storage.outcomes import publishing
from storage.promises import reminders as promise_reminders
from storage.results import counts as result_counts

log = structlog.get_logger()
Result = TypeVar("Result")
Job = Callable[[Runtime], Awaitable[None]]

CLOCK_WAS_SET = 1.0  # seconds by which two clocks part when somebody sets one
STUCK = 60.0  # seconds without a tick that came to its end, until we say that we are not ready

# How often each of them looks; what it finds is claimed, so that any number of workers may tick.
TICK, SIGN_OUT, COUNT, FORGET = (
    timedelta(seconds=2),
    timedelta(minutes=1),
    timedelta(minutes=1),
    timedelta(hours=1),
)


async def tick(runtime: Runtime) -> None:
    """Opens, closes and publishes what has come to its time, and tells it to all whom it concerns."""
    if await _write(runtime, run_due):
        runtime.notify(())
    while await _write(runtime, queue_more):
        runtime.notify(())


async def sign_out(runtime: Runtime) -> None:
    """Takes from pages what must not stay there: the minute's work."""
    await _write(runtime, retention.sign_out)


async def count(runtime: Runtime) -> None:
    """Counts what very many answered before somebody asks for it; read apart, so that no turn waits meanwhile."""
    for stale in await _read(runtime, result_counts.stale):
        counted = await _read(runtime, partial(result_counts.count_now, number=stale.number))
        await _write(runtime, partial(result_counts.keep, which=stale, counted=counted))


async def forget(runtime: Runtime) -> None:
    """Erases what is older than it may be."""
    await _write(runtime, retention.delete_expired)
    for erase in (retention.erase_words, retention.erase_issues):
        while await _write(runtime, erase):
            pass


class Scheduler:
    """Ticks from `start` to `stop`. A tick that takes long is not joined by a second one. `more` is what else is
    looked after, and how often.

    The schedule goes by the wall clock, and would stand still for two hours when that one is put back by two. So the
    clock that nobody sets watches over it: when the two part, every tick is due at once, and the schedule begins anew.
    """

    def __init__(self, runtime: Runtime, more: Sequence[tuple[Job, timedelta]] = ()) -> None:
        self._runtime, self._more = runtime, more
        self._looked: dict[str, float] = {}
        self._ticking: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._clock_offset = _clock_offset()
        self._watching: asyncio.TimerHandle | None = None

    def start(self) -> None:
        for look, every in (
            (tick, TICK),
            (sign_out, SIGN_OUT),
            (count, COUNT),
            (forget, FORGET),
            *self._more,
        ):
            self._looked[look.__name__] = time.monotonic()
            self._runtime.metrics.watch(look.__name__, partial(self._lateness, look.__name__, every))
            trigger = IntervalTrigger(seconds=every.total_seconds(), timezone=UTC)
            self._scheduler.add_job(self._run_job, trigger, [look], coalesce=True, misfire_grace_time=None)
        self._scheduler.start()
        self._watch()

    @property
    def stuck(self) -> bool:
        """Whether what is due by the clock is not done any more."""
        return self._lateness(tick.__name__, TICK) > STUCK

    def _lateness(self, look: str, every: timedelta) -> float:
        """How many seconds later than it should be a look is."""
        return max(0.0, time.monotonic() - self._looked[look] - every.total_seconds())

    def _watch(self) -> None:
        if abs(_clock_offset() - self._clock_offset) > CLOCK_WAS_SET:
            self._clock_offset = _clock_offset()
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
        self._watching = asyncio.get_running_loop().call_later(TICK.total_seconds(), self._watch)

    async def stop(self) -> None:
        """Returns when the ticks under way are done: to break them off would leave them half-done."""
        self._scheduler.pause()
        if self._watching:
            self._watching.cancel()
        if self._ticking:
            await asyncio.wait(self._ticking)
        self._scheduler.shutdown(wait=False)

    async def _run_job(self, look: Job) -> None:
        """One tick. What goes wrong is logged, and tried again at the next one."""
        task = asyncio.current_task()
        assert task is not None
        self._ticking.add(task)
        try:
            await look(self._runtime)
            self._looked[look.__name__] = time.monotonic()
        except Unavailable as fault:
            log.warning("job could not reach the database", tick=look.__name__, fault=str(fault))
        except Exception as error:  # noqa: BLE001 - the next tick must come
            log.error("job failed", tick=look.__name__, kind=type(error).__name__)
        finally:
            self._ticking.discard(task)


def _clock_offset() -> float:
    """How far the wall clock is from the one that nobody sets, in seconds."""
    return time.time() - time.monotonic()


def run_due(db: Db) -> bool:
    """Does what is due by now. Whether there was anything."""
    due = (
        lifecycle.open_due,
        lifecycle.close_due,
        publishing.publish_due,
        news.send_due,
        reply_deadlines.run_due,
        promise_reminders.run_due,
        revisit_schedule.run_due,
    )
    return sum(look(db) for look in due) > 0


async def _write(runtime: Runtime, work: Callable[[Db], Result]) -> Result:
    return await runtime.database.write(lambda connection: work(runtime.db(connection)))


async def _read(runtime: Runtime, work: Callable[[Db], Result]) -> Result:
    return await runtime.database.read(lambda connection: work(runtime.db(connection)))
