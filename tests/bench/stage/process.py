"""The stage as a separate process, and its measurements."""

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any, Self

from aiohttp import ClientSession, ClientTimeout

ROOT = Path(__file__).parents[3]
TOKEN = "4200000042:heard-double-not-a-real-token-00000"


@dataclass(frozen=True)
class Played:
    """The replies that people got: how many a second, and how many milliseconds they waited."""

    a_second: float
    p50: float
    p99: float
    in_vain: int


@dataclass(frozen=True)
class Sent:
    """Messages that arrived: when (seconds by one clock) and in which chat, in order; how many were refused."""

    at: list[float]
    chats: list[int]
    refused: int

    @property
    def most_in_a_second(self) -> int:
        """The most in any window of one second."""
        first, most = 0, 0
        for last, at in enumerate(self.at):
            while self.at[first] <= at - 1:
                first += 1
            most = max(most, last - first + 1)
        return most

    @property
    def twice(self) -> int:
        """Chats that got more than one."""
        return sum(many > 1 for many in Counter(self.chats).values())

    def a_second(self, skip: float = 0.1) -> float:
        """The long-run rate, without the first and the last tenth."""
        kept = self.at[int(len(self.at) * skip) : int(len(self.at) * (1 - skip))]
        return (len(kept) - 1) / (kept[-1] - kept[0])


class Stage:
    """Used as `async with Stage() as stage`. `latency` is seconds per call; `allowed` messages in any second."""

    token = TOKEN

    def __init__(self, *, latency: float = 0.0, allowed: int | None = None) -> None:
        self._given = ["--latency", str(latency), *(["--allowed", str(allowed)] if allowed else [])]
        self.url = ""

    async def __aenter__(self) -> Self:
        command = (sys.executable, "-m", "tests.bench.stage", *self._given)
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        self.url = (await self._process.stdout.readline()).decode().strip()
        self._session = ClientSession(timeout=ClientTimeout(total=None))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        self._process.terminate()
        await self._process.communicate()

    async def play(self, script: list[tuple[str, str, str]], **how: float | None) -> Played:
        """See `People.play`."""
        said = await self._told("play", script=script, **how)
        took = sorted(1000 * seconds for seconds in said["took"])
        cuts = quantiles(took, n=100) if len(took) > 1 else [float("nan")] * 99
        return Played(len(took) / said["seconds"], cuts[49], cuts[98], said["in_vain"])

    async def sent(self, since: int = 0) -> Sent:
        return Sent(**await self._told("sent", since=since))

    async def count(self) -> int:
        """How many messages have arrived."""
        return await self._told("count")

    async def cpu(self) -> float:
        """CPU seconds of the stage itself: near one a second, the stage is the bottleneck."""
        return await self._told("cpu")

    async def _told(self, what: str, **given: Any) -> Any:
        async with self._session.post(f"{self.url}/control/{what}", json=given) as answer:
            return await answer.json()
