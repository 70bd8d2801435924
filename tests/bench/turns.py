"""Whole conversations, joining and answering: Heard compared with python-telegram-bot and aiogram, which do the same, and
with aiohttp alone, which only sends the same replies.

`python -m tests.bench turns` prints replies a second, milliseconds from what a person did to the reply on its way to
their phone, and processor time. Heard stores each turn durably before it replies; of the others none does.
"""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import processes
from tests.bench.peers.words import SCRIPT
from tests.bench.report import Table, say
from tests.bench.stage import Played, Stage

Start = Callable[[Path, Stage], AbstractAsyncContextManager[int]]

PEOPLE = 50  # who talk to the bot at once
SECONDS, WARM = 6.0, 2.0
ROUNDS = 3  # alternating, so that other load on the machine affects all alike
LATENCIES = (0.0, 0.05)  # seconds that the Bot API takes for a call
STEADY = 100.0  # actions a second, whether replies come or not

BOTS: dict[str, Start] = {
    "Heard": processes.heard,
    "bare aiohttp, nothing kept": processes.bare,
    "PTB": lambda folder, stage: processes.ptb(folder, stage, "one"),
    "PTB, many at once": lambda folder, stage: processes.ptb(folder, stage, "many"),
    "aiogram, memory": processes.aiogram,
    "aiogram, Redis": processes.aiogram_redis,
}


@dataclass(frozen=True)
class Ran:
    """One round of one bot. `cpu` is the bot's milliseconds of a processor for each reply; `stage` the share of one
    that the stage used.
    """

    played: Played
    cpu: float
    stage: float


async def run(start: Start, latency: float, a_second: float | None = None) -> Ran:
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(latency=latency) as stage, start(Path(folder), stage) as pid:
            await stage.play(SCRIPT[:2], at_once=1, seconds=0.1, warm=0.0)  # returns once the bot runs
            used, staged = processes.cpu(pid), await stage.cpu()
            played = await stage.play(SCRIPT, at_once=PEOPLE, seconds=SECONDS, warm=WARM, a_second=a_second)
            whole = SECONDS + WARM
            used, staged = processes.cpu(pid) - used, await stage.cpu() - staged
    return Ran(played, 1000 * used / (played.a_second * whole), staged / whole)


async def measure(rounds: int = ROUNDS) -> AsyncIterator[Table]:
    bots = dict(BOTS)
    if not processes.has_redis():
        say("skipped: aiogram with Redis, for there is no redis-server here")
        del bots["aiogram, Redis"]
    for latency in LATENCIES:
        yield await _throughput(bots, latency, rounds)
    yield await _steady(bots, rounds)


async def _throughput(bots: dict[str, Start], latency: float, rounds: int) -> Table:
    ran = await _in_turns(bots, latency, None, rounds)
    best = {name: max(one.played.a_second for one in runs) for name, runs in ran.items()}
    table = Table(
        f"Turns a second, {PEOPLE} people at once, the Bot API takes {latency * 1000:.0f} ms",
        ("", "turns/s", "Heard is", "p50 ms", "p99 ms", "CPU ms/turn", "stage CPU"),
    )
    for name, runs in ran.items():
        table.add(
            name,
            f"{best[name]:.0f}",
            f"{best['Heard'] / best[name]:.2f}×",
            f"{median(one.played.p50 for one in runs):.0f}",
            f"{median(one.played.p99 for one in runs):.0f}",
            f"{min(one.cpu for one in runs):.2f}",
            f"{max(one.stage for one in runs):.0%}",
        )
    return table


async def _steady(bots: dict[str, Start], rounds: int) -> Table:
    """With sequential updates, PTB is this fast only if the Bot API answers at once."""
    ran = await _in_turns(bots, 0.0, STEADY, rounds)
    table = Table(
        f"{STEADY:.0f} updates a second, the Bot API takes 0 ms", ("", "p50 ms", "p99 ms", "CPU ms/turn")
    )
    for name, runs in ran.items():
        p50, p99 = (min(getattr(one.played, which) for one in runs) for which in ("p50", "p99"))
        table.add(name, f"{p50:.1f}", f"{p99:.1f}", f"{min(one.cpu for one in runs):.2f}")
    return table


async def _in_turns(
    bots: dict[str, Start], latency: float, a_second: float | None, rounds: int
) -> dict[str, list[Ran]]:
    ran: dict[str, list[Ran]] = {name: [] for name in bots}
    for _ in range(rounds):
        for name, start in bots.items():
            ran[name].append(await run(start, latency, a_second))
    return ran
