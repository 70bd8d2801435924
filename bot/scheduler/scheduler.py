"""The scheduler ticks and asks what is due. Due times are in the database, and each is claimed by one worker."""

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
from storage.involvement import ways
from storage.issues import counts as quarters
from storage.issues import deadlines as reply_deadlines
from storage.news import news
from storage.operations import dormancy, retention
from storage.outcomes import publishing, status
from storage.people import strangers
from storage.promises import reminders as promise_reminders
from storage.results import counts as result_counts
from storage.results import shown_counts
from storage.safeguarding import escalation, helplines

log = structlog.get_logger()
Result = TypeVar("Result")
Job = Callable[[Runtime], Awaitable[None]]

CLOCK_WAS_SET = 1.0  # seconds of drift between the two clocks that mean that the wall clock was set
STUCK = 60.0  # seconds without a finished tick before this process counts as not ready

# How often each job runs. Work is claimed, so any number of workers may tick.
TICK, SIGN_OUT, COUNT, FORGET = (
    timedelta(seconds=2),
    timedelta(minutes=1),
    timedelta(minutes=1),
    timedelta(hours=1),
)


async def tick(runtime: Runtime) -> None:
    """Passes cases on, then opens, closes and publishes what is due, and queues the messages about it. Cases have a
    transaction of their own, so that no fault in anything else undoes an alert.
    """
    for look in (escalation.run_due, run_due):
        if await _write(runtime, look):
            runtime.notify(())
    while await _write(runtime, queue_more):
        runtime.notify(())


async def sign_out(runtime: Runtime) -> None:
    """Signs out idle shared devices, blanks what pages must not keep, and forgets a crowd of strangers."""
    await _write(runtime, retention.sign_out)
    while await _write(runtime, strangers.forget_crowd):
        pass


async def count(runtime: Runtime) -> None:
    """Counts the results of large consultations ahead of time. The count is a read of its own, so that no turn waits
    for it.
    """
    for stale in await _read(runtime, result_counts.stale):
        counted = await _read(runtime, partial(result_counts.count_now, number=stale.number))
        await _write(runtime, partial(result_counts.store, which=stale, counted=counted))
    for freeze in (shown_counts.freeze_closed, status.freeze_over, quarters.freeze_quarter, ways.show_counts):
        await _write(runtime, freeze)


async def forget(runtime: Runtime) -> None:
    """Erases data whose retention period is over."""
    await _write(runtime, retention.delete_expired)
    for erase in (
        retention.erase_words,
        retention.erase_issues,
        dormancy.give_notice,
        dormancy.forget_dormant,
    ):
        while await _write(runtime, erase):
            pass


class Scheduler:
    """Runs jobs from `start` to `stop`, never two runs of one job at a time. `more` are further jobs, with their
    intervals.

    The schedule follows the wall clock, and would stop for two hours if that were set back by two hours. So the
    monotonic clock watches it: when the two drift apart, every job runs at once and the schedule starts again.
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
    def is_stuck(self) -> bool:
        """Whether no tick has finished for too long."""
        return self._lateness(tick.__name__, TICK) > STUCK

    def _lateness(self, look: str, every: timedelta) -> float:
        """How many seconds a job is overdue; 0.0 if it is on time."""
        return max(0.0, time.monotonic() - self._looked[look] - every.total_seconds())

    def _watch(self) -> None:
        if abs(_clock_offset() - self._clock_offset) > CLOCK_WAS_SET:
            self._clock_offset = _clock_offset()
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
        self._watching = asyncio.get_running_loop().call_later(TICK.total_seconds(), self._watch)

    async def stop(self) -> None:
        """Returns when the running jobs are done, because interrupting them would leave work unfinished."""
        self._scheduler.pause()
        if self._watching:
            self._watching.cancel()
        if self._ticking:
            await asyncio.wait(self._ticking)
        self._scheduler.shutdown(wait=False)

    async def _run_job(self, look: Job) -> None:
        """Runs a job once. An error is logged, and the next run tries again."""
        task = asyncio.current_task()
        assert task is not None
        self._ticking.add(task)
        try:
            await look(self._runtime)
            self._looked[look.__name__] = time.monotonic()
        except Unavailable as fault:
            log.warning("job could not reach the database", tick=look.__name__, fault=str(fault))
        except Exception as error:  # noqa: BLE001 - later runs must go on
            log.error("job failed", tick=look.__name__, kind=type(error).__name__)
        finally:
            self._ticking.discard(task)


def _clock_offset() -> float:
    """Seconds between the wall clock and the monotonic clock."""
    return time.time() - time.monotonic()


def run_due(db: Db) -> bool:
    """Does everything else that is due. Returns whether there was anything."""
    due = (
        lifecycle.open_due,
        lifecycle.close_due,
        publishing.publish_due,
        news.send_due,
        reply_deadlines.run_due,
        promise_reminders.run_due,
        revisit_schedule.run_due,
        helplines.run_due,
    )
    return sum(look(db) for look in due) > 0


async def _write(runtime: Runtime, work: Callable[[Db], Result]) -> Result:
    return await runtime.database.write(lambda connection: work(runtime.db(connection)))


async def _read(runtime: Runtime, work: Callable[[Db], Result]) -> Result:
    return await runtime.database.read(lambda connection: work(runtime.db(connection)))
