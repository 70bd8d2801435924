"""The time from start to first reply, the memory when idle, and the disk space per answer."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from conversations.consultations.form import Question
from storage.consultations import answers
from tests.bench import crowd, processes
from tests.bench.peers.words import SCRIPT
from tests.bench.report import Table
from tests.bench.seeding import Seeded
from tests.bench.stage import Stage
from tests.bench.turns import BOTS, Start
from tests.walks.running import Heard

ROUNDS = 2
REST = 3.0  # seconds without a message, before memory is measured
PEOPLE = 2_000  # people who answer, to measure the space per answer
WORDS = "More lights at the stop on London Road, and a driver who waits until we sit."


async def measure() -> AsyncIterator[Table]:
    """The better of two starts; memory when idle, after the first conversation."""
    table = Table("From start to first reply, and at rest", ("", "seconds", "megabytes"))
    for name in ("Heard", "PTB", "aiogram, memory"):
        runs = [await _started(BOTS[name]) for _ in range(ROUNDS)]
        table.add(name, f"{min(took for took, _ in runs):.2f}", f"{min(held for _, held in runs):.0f}")
    yield table
    yield await _stored()


async def _started(start: Start) -> tuple[float, float]:
    """A message is already waiting when the bot starts, as after an update of Heard; the database exists."""
    with tempfile.TemporaryDirectory() as folder:
        async with Stage() as stage:
            async with start(Path(folder), stage):
                pass
            waiting = asyncio.create_task(stage.play(SCRIPT[:1], at_once=1, seconds=0.05, warm=0.0))
            await asyncio.sleep(0.1)
            began, before = time.perf_counter(), await stage.count()
            async with start(Path(folder), stage) as pid:
                while await stage.count() == before:
                    await asyncio.sleep(0.005)
                took = time.perf_counter() - began
                await waiting
                await asyncio.sleep(REST)
                return took, processes.resident(pid)


async def _stored() -> Table:
    """Bytes by which the database file grows, indexes included."""
    table = Table("Bytes of the file for each stored answer (SQLite)", ("", "bytes"))
    with tempfile.TemporaryDirectory() as folder:
        async with Heard(Path(folder), plainly=True) as heard:
            number = heard.look(lambda db: crowd.open_one(db, "bench"))
            form = heard.look(lambda db: crowd.form("bench"))
        path = Path(folder) / "data" / "heard.db"
        people = Seeded(path, heard.vault).grow(PEOPLE, number)
        chosen = form.questions[0]
        written = Question("better", "text", {"en": "What would make it better?"})
        for name, question, value in (
            ("an option chosen", chosen, "o1"),
            (f"a text of {len(WORDS)} letters", written, WORDS),
        ):
            before = path.stat().st_size
            heard.look(
                lambda db, q=question, v=value: [answers.replace(db, one, number, q, v) for one in people]
            )
            table.add(name, f"{(path.stat().st_size - before) / PEOPLE:.0f}")
    return table
