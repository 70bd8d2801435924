"""Metrics for monitoring: how often and how long, never who, or what was said."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from conversations.core.channels import CHANNELS

# Buckets in seconds. A turn should take less than 0.1; a request to Telegram has no such target.
_TURN = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_SEND = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The metrics of one worker. Those of the queue are the same for all workers, because they share it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        # Looking up labels is slow: cache it for what every turn counts.
        self._turns = cache(
            Histogram(
                "heard_turn_seconds",
                "From an event to the commit of its turn",
                ("door",),
                buckets=_TURN,
                registry=self._registry,
            ).labels
        )
        self._updates = cache(
            Counter(
                "heard_updates",
                "Events that came in; result is taken, repeat, shut or failed",
                ("door", "result"),
                registry=self._registry,
            ).labels
        )
        self._sends = cache(
            Histogram(
                "heard_send_seconds",
                "How long a request to Telegram took",
                ("lane",),
                buckets=_SEND,
                registry=self._registry,
            ).labels
        )
        self._sent = cache(
            Counter(
                "heard_sends",
                "Messages to Telegram; result is what became of one, or why it is tried again",
                ("lane", "result"),
                registry=self._registry,
            ).labels
        )
        self._ticks = Gauge(
            "heard_clockwork_lag_seconds",
            "How much later than it should be each look of the clockwork is",
            ("look",),
            registry=self._registry,
        )
        self._queue = Gauge(
            "heard_queue_messages",
            "Messages to Telegram that are due and not sent yet",
            ("lane",),
            registry=self._registry,
        )
        self._oldest = Gauge(
            "heard_queue_oldest_seconds",
            "How long the oldest of them has been due",
            ("lane",),
            registry=self._registry,
        )
        self._workers = Gauge(
            "heard_workers",
            "Workers with Telegram that gave a sign of life lately",
            registry=self._registry,
        )
        self._away = {
            channel.name: Gauge(
                f"heard_{channel.name}_away_seconds",
                f"How long ago {channel.label} last took a call of any worker; absent where there is no {channel.label}",
                registry=self._registry,
            )
            for channel in CHANNELS
            if channel.pushes
        }

    # --- updated as it happens --------------------------------------------------------------------

    def turn(self, door: str, result: str, seconds: float) -> None:
        """Counts an event, and records how long its turn took."""
        self._updates(door, result).inc()
        self._turns(door).observe(seconds)

    def request(self, lane: str) -> AbstractContextManager[object]:
        """Times one request to Telegram."""
        return self._sends(lane).time()

    def count_send(self, lane: str, result: str) -> None:
        """Counts the result of a request."""
        self._sent(lane, result).inc()

    def watch(self, look: str, late: Callable[[], float]) -> None:
        """Adds the lag of a job. `late` is called whenever the metrics are read, and returns seconds."""
        self._ticks.labels(look).set_function(late)

    # --- set when the metrics are read ------------------------------------------------------------

    def queue(self, lane: str, many: int, oldest: float) -> None:
        """Sets how many messages wait in a lane, and for how many seconds the oldest has."""
        self._queue.labels(lane).set(many)
        self._oldest.labels(lane).set(oldest)

    def workers(self, many: int) -> None:
        """Sets how many workers there are."""
        self._workers.set(many)

    def away(self, channel: str, seconds: float | None) -> None:
        """Sets for how many seconds a channel has accepted nothing; None if it is off."""
        self._away[channel].set(float("nan") if seconds is None else seconds)

    def page(self) -> bytes:
        """All metrics in the Prometheus text format."""
        return generate_latest(self._registry)
