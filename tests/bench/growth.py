"""The cost of a turn and of counting as people and answers grow, on one SQLite file, without a network."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bot.scheduler.scheduler import count
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.core import schema
from storage.core.database import Sqlite
from storage.core.unit_of_work import Db
from storage.outbox import broadcasts
from storage.results import counts as result_counts
from tests.bench import crowd
from tests.bench.report import Table, say
from tests.bench.seeding import Seeded
from tests.house import House, make_house

QUESTIONS = 10  # that everybody answered
SIZES = {"1 thousand": 1_000, "100 thousand": 100_000, "1 million": 1_000_000}
PEOPLE, COUNTS = 20, 3  # how often each is timed

Column = dict[str, str]


async def measure(full: bool = False) -> AsyncIterator[Table]:
    """Median milliseconds of each turn. Everybody took part in one consultation, the worst case for counting."""
    sizes = dict(list(SIZES.items())[: None if full else 2])
    with tempfile.TemporaryDirectory() as folder:
        columns = await _columns(Path(folder) / "heard.db", sizes)
    title = f"Milliseconds as people grow, each with {QUESTIONS} answers, on SQLite"
    table = Table(title, ("", *(f"{name} people" for name in sizes)))
    for what in columns[0]:
        table.add(what, *(column[what] for column in columns))
    if not full:
        say("(1 million people and 10 million answers: python -m tests.bench growth --full)")
    yield table


async def _columns(path: Path, sizes: dict[str, int]) -> list[Column]:
    database = Sqlite(f"sqlite+aiosqlite:///{path}")
    await database.reshape(schema.migrate)
    house = make_house(database, lambda: datetime.now(UTC))
    new, old = await house.run(_consultations)
    seeded, columns, there = Seeded(path, house.runtime.vault), [], 0
    for many in sizes.values():
        before, began = _size(path), time.perf_counter()
        made, there = many - there, many
        await asyncio.to_thread(seeded.grow, made, old, QUESTIONS)
        rows = {
            "bytes of the file for each new answer": f"{(_size(path) - before) / (made * QUESTIONS):.0f}",
            "(seconds to make the rows)": f"{time.perf_counter() - began:.0f}",
        }
        columns.append(await _turns(house, many) | await _counts(house, many, new, old) | rows)
    await database.close()
    return columns


def _consultations(db: Db) -> tuple[int, int]:
    """An open consultation; and one that everybody took part in, with its outcome."""
    old = crowd.open_one(db, "old")
    new = crowd.open_one(db, "new")
    crowd.answer(db, old)
    return new, old


def _size(path: Path) -> int:
    return path.stat().st_size


async def _turns(house: House, many: int) -> Column:
    """What a young person does."""
    took: dict[str, list[float]] = {"/say": [], "an answer": [], "/changed": []}
    for number in range(PEOPLE):
        sam = house.person(f"{many}-{number}")
        await sam.joins()
        took["/say"].append(await _timed(lambda sam=sam: sam.types("/say")))
        await sam.taps("Start")
        took["an answer"].append(await _timed(lambda sam=sam: sam.taps("Often")))
        took["/changed"].append(await _timed(lambda sam=sam: sam.types("/changed")))
    return {what: f"{median(times):.1f}" for what, times in took.items()}


async def _counts(house: House, many: int, new: int, old: int) -> Column:
    """What staff do: open results, as after new answers. Large consultations were counted in advance."""
    owner = await house.staff(address=f"owner-{many}")
    counted = await _timed(lambda: count(house.runtime))
    took: dict[str, list[float]] = {
        "/results, the list": [],
        "results of a question": [],
        "counts of all questions": [],
        "audience count": [],
    }
    for _ in range(COUNTS):
        took["/results, the list"].append(await _timed(lambda: owner.types("/results")))
        took["results of a question"].append(await _timed(lambda: owner.taps("Bench old")))
        took["counts of all questions"].append(
            await _timed(lambda: house.run(lambda db: result_counts.counts(db, old)))
        )
        took["audience count"].append(
            await _timed(
                lambda: house.run(
                    lambda db: broadcasts.count_recipients(db, INVITATION_RECIPIENTS.who(db, new))
                )
            )
        )
    beforehand = {"(counted in advance by the scheduler)": f"{counted:.0f}"}
    return {what: f"{median(times):.0f}" for what, times in took.items()} | beforehand


async def _timed(does: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await does()
    return 1000 * (time.perf_counter() - began)
