"""An invitation to a million people: how long queueing takes, and whether the page answers meanwhile."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from aiohttp import ClientSession

from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.outbox import broadcasts
from tests.bench import crowd, processes
from tests.bench.report import Table, say
from tests.bench.seeding import Seeded
from tests.walks.running import Heard

MANY = {False: 100_000, True: 1_000_000}
EVERY = 0.1  # seconds between two visits to the page


@dataclass
class Watched:
    """What was measured from outside meanwhile: megabytes of memory, milliseconds to load the page."""

    memory: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)


async def measure(full: bool = False) -> AsyncIterator[Table]:
    many = MANY[full]
    with tempfile.TemporaryDirectory() as folder:
        async with Heard(Path(folder), plainly=True) as heard:
            number = heard.look(lambda db: crowd.open_one(db, "bench"))
            await heard.stop()
            path = Path(folder) / "data" / "heard.db"
            await asyncio.to_thread(Seeded(path, heard.vault).grow, many)
            await heard.start()
            at_rest = processes.resident(heard.pid)
            seconds, watched = await _queued(heard, number)
            queued = heard.count("SELECT count(*) FROM outbox WHERE lane = 'broadcast'")
            file = path.stat().st_size / 1e6
    table = Table(f"Queueing a message for {queued:,} people, on SQLite", ("", "figure"))
    table.add("seconds until all are queued", f"{seconds:.1f}")
    table.add("people a second", f"{queued / seconds:,.0f}")
    table.add("megabytes of memory, at rest before", f"{at_rest:.0f}")
    table.add("megabytes of memory, the most meanwhile", f"{max(watched.memory):.0f}")
    table.add("milliseconds until the page is there, p50", f"{quantiles(watched.pages, n=100)[49]:.0f}")
    table.add("milliseconds until the page is there, worst", f"{max(watched.pages):.0f}")
    table.add("megabytes of the database's file", f"{file:.0f}")
    if not full:
        say(f"({MANY[True]:,} people: python -m tests.bench queueing --full)")
    yield table


async def _queued(heard: Heard, number: int) -> tuple[float, Watched]:
    watched = Watched()
    watching = asyncio.create_task(_watch(heard, watched))
    began = time.perf_counter()
    await asyncio.to_thread(
        heard.look, lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None)
    )
    while not await asyncio.to_thread(
        heard.count, "SELECT count(*) FROM broadcasts WHERE queued_at IS NOT NULL"
    ):
        await asyncio.sleep(0.1)
    took = time.perf_counter() - began
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    return took, watched


async def _watch(heard: Heard, watched: Watched) -> None:
    async with ClientSession() as session:
        while True:
            began = time.perf_counter()
            async with session.get(heard.url) as answer:
                assert answer.status == 200
                await answer.read()
            watched.pages.append(1000 * (time.perf_counter() - began))
            watched.memory.append(processes.resident(heard.pid))
            await asyncio.sleep(EVERY)
