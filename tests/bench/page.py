"""The page under a crowd, beside a bare aiohttp and Jinja2 page: the processor time of a turn, how long turns take at a
hundred a second, and what open pages cost while nothing happens.

All by HTTP, from another process; Heard is `python -m bot run` on SQLite.
"""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import mean, quantiles
from time import perf_counter

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from tests.bench.processes import cpu
from tests.bench.visitor import Visitor, answers
from tests.walks.running import Heard

PEOPLE, AT_ONCE = 60, 6  # who answer in the measure of processor time, and how many of them at a time
A_SECOND, SECONDS = 100, 12
STREAMS, QUIET = 1_000, 20.0  # open pages, and the seconds for which nothing happens
Figures = dict[str, float]


@contextlib.asynccontextmanager
async def browser(url: str) -> AsyncIterator[ClientSession]:
    """The connections of a crowd. Each visitor keeps their own cookie."""
    session = ClientSession(
        url, cookie_jar=DummyCookieJar(), connector=TCPConnector(limit=0), timeout=ClientTimeout(60)
    )
    async with session:
        yield session


@contextlib.asynccontextmanager
async def heard(folder: Path, **settings: str) -> AsyncIterator[Heard]:
    async with Heard(folder, None, plainly=True, LANGUAGES="en", MINIMUM_AGE="13", **settings) as running:
        yield running


async def _joined(session: ClientSession, many: int, *, script: bool) -> list[Visitor]:
    """People who have joined, ten at a time."""
    all_of_them = [Visitor(session, script=script) for _ in range(many)]
    left = iter(all_of_them)

    async def some() -> None:
        for one in left:
            await (await one.opens()).joins()
            one.times.clear()
            one.sizes.clear()

    await asyncio.gather(*(some() for _ in range(10)))
    return all_of_them


async def _cpu_of_answers(running: Heard, *, script: bool) -> tuple[float, int]:
    """Milliseconds of a processor for a turn, and the letters of its response."""
    async with browser(running.url) as session:
        visitors = await _joined(session, PEOPLE, script=script)
        left, before = iter(visitors), cpu(running.pid)

        async def some() -> None:
            for one in left:
                await answers(one)

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
        spent = cpu(running.pid) - before
    turns = sum(len(one.times) for one in visitors)
    return spent * 1000 / turns, round(mean(size for one in visitors for size in one.sizes))


async def _cpu_of_bare(turn: int, page: int, *, script: bool) -> float:
    """The same for the bare page, with responses of these sizes."""
    command = (sys.executable, "-m", "tests.bench.peers.bare_page", str(turn), str(page))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    turns = PEOPLE * 40
    try:
        url = f"http://127.0.0.1:{int(await process.stdout.readline())}"
        async with browser(url) as session:
            visitors = [Visitor(session, script=script) for _ in range(AT_ONCE)]
            await asyncio.gather(*(one.writes("warm") for one in visitors))
            before = cpu(process.pid)
            await asyncio.gather(*(_writes(one, turns // AT_ONCE) for one in visitors))
            return (cpu(process.pid) - before) * 1000 / turns
    finally:
        process.kill()
        await process.wait()


async def _writes(visitor: Visitor, times: int) -> None:
    for _ in range(times):
        await visitor.writes("more lights at the stop")


async def _steadily(running: Heard) -> Figures:
    """A hundred turns a second, whatever each takes: 150 people, each with another who goes on."""
    async with browser(running.url) as session:
        visitors = await _joined(session, A_SECOND * SECONDS // 9, script=True)
        began = perf_counter()

        async def after(place: int, one: Visitor) -> None:
            await asyncio.sleep(began + place * SECONDS / len(visitors) * 0.98 - perf_counter())
            await answers(one)

        await asyncio.gather(*(after(place, one) for place, one in enumerate(visitors)))
        lasted = perf_counter() - began
    times = [one * 1000 for visitor in visitors for one in visitor.times]
    cuts = quantiles(times, n=100)
    return {
        "turns a second": len(times) / lasted,
        "p50 ms": cuts[49],
        "p99 ms": cuts[98],
        "worst ms": max(times),
    }


async def _idle_streams(running: Heard) -> Figures:
    """The part of a core that open pages take while nothing happens, and what the process takes without them."""
    alone = await _resting(running)
    async with browser(running.url) as session, contextlib.AsyncExitStack() as open_ones:
        visitors = await _joined(session, STREAMS // 10, script=True)
        for one in visitors:
            for _ in range(10):
                stream = await open_ones.enter_async_context(session.get("/stream", cookies=one.cookies))
                assert stream.status == 200, stream.status
        await asyncio.sleep(5)
        return {"idle core, alone": alone, f"idle core, {STREAMS} streams": await _resting(running)}


async def _resting(running: Heard) -> float:
    before = cpu(running.pid)
    await asyncio.sleep(QUIET)
    return (cpu(running.pid) - before) / QUIET


async def measure() -> Figures:
    """Milliseconds of a processor, `Heard / bare` as ratios, seconds at a steady pace, and shares of a core."""
    with tempfile.TemporaryDirectory() as folder:
        async with heard(Path(folder)) as running:
            turn, letters = await _cpu_of_answers(running, script=True)
            both, page = await _cpu_of_answers(running, script=False)
            steady = await _steadily(running)
            idle = await _idle_streams(running)
    bare, bare_both = [await _cpu_of_bare(letters, page, script=script) for script in (True, False)]
    return {
        "POST with script: letters": letters,
        "POST with script: CPU ms": turn,
        "POST with script: bare, CPU ms": bare,
        "POST with script: Heard / bare": turn / bare,
        "POST and GET: letters": page,
        "POST and GET: CPU ms": both,
        "POST and GET: bare, CPU ms": bare_both,
        "POST and GET: Heard / bare POST": both / bare,
        "POST and GET: Heard / bare POST and GET": both / bare_both,
        **{f"{A_SECOND} turns a second: {name}": value for name, value in steady.items()},
        **idle,
    }
