"""Broadcasts: at Telegram's free rate while people talk, and at the paid rate, on one worker and two."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from storage.core.unit_of_work import Db
from tests.bench import crowd, processes
from tests.bench.peers.words import SCRIPT
from tests.bench.report import Table
from tests.bench.stage import Played, Sent, Stage
from tests.crowd import add_crowd
from tests.walks.running import Heard
from tests.walks.several import Several

FREE, PAID = 30, 1000  # messages a second
OVER = 1.1  # the stage rejects what exceeds this by a tenth in any second
LATENCY = 0.05  # seconds that it takes for a call
CHATS = 900_000  # the first of them
TALKING, A_SECOND = 20, 5.0  # people who talk meanwhile, and what they do a second in all
PIECE = 2_000  # people put in at a time
PATIENCE = 20.0  # seconds without a message

Tell = Callable[[Callable[[Db], object]], Awaitable[None]]


async def measure(full: bool = False) -> AsyncIterator[Table]:
    many = 20_000 if full else 8_000
    table = Table(
        "A broadcast, as it arrives",
        ("", "messages/s", "most in a second", "refused", "twice", "reply p50 ms", "reply p99 ms"),
    )
    sent, played = await _while_people_talk(60.0 if full else 30.0)
    _add(table, f"gate at {FREE}, SQLite, while people talk", sent, played)
    _add(table, f"gate at {PAID}, SQLite", await _on_sqlite(many))
    _add(table, f"gate at {PAID}, 2 workers on PostgreSQL", await _on_postgres(many))
    yield table


def _add(table: Table, name: str, sent: Sent, played: Played | None = None) -> None:
    talked = (f"{played.p50:.0f}", f"{played.p99:.0f}") if played else ("", "")
    figures = (f"{sent.a_second():.1f}", str(sent.most_in_a_second), str(sent.refused), str(sent.twice))
    table.add(name, *figures, *talked)


async def _while_people_talk(seconds: float) -> tuple[Sent, Played]:
    """The broadcast is larger than the run allows, so both lanes are always full."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Stage(latency=LATENCY, allowed=int(FREE * OVER)) as stage,
            _heard(Path(folder), stage, FREE) as heard,
        ):
            await _told(_to(heard), int(FREE * (seconds + 15)))
            first = await stage.count()
            played = await stage.play(SCRIPT, at_once=TALKING, a_second=A_SECOND, seconds=seconds, warm=2.0)
            sent = await stage.sent(first)
    answered = [chat for chat in sent.chats if chat < CHATS or chat >= 1_000_000]
    assert answered, "nobody talked"
    return Sent(sent.at, [chat for chat in sent.chats if CHATS <= chat < 1_000_000], sent.refused), played


async def _on_sqlite(many: int) -> Sent:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Stage(latency=LATENCY, allowed=int(PAID * OVER)) as stage,
            _heard(Path(folder), stage, PAID) as heard,
        ):
            await _told(_to(heard), many)
            return await _all(stage, many)


async def _on_postgres(many: int) -> Sent:
    with tempfile.TemporaryDirectory() as folder, processes.postgres() as database:
        async with (
            Stage(latency=LATENCY, allowed=int(PAID * OVER)) as stage,
            Several(Path(folder), stage, database, 2, SENDS_PER_SECOND=str(PAID)) as heard,
        ):
            await _told(heard.change, many)
            return await _all(stage, many)


def _heard(folder: Path, stage: Stage, rate: int) -> Heard:
    return Heard(folder, stage, plainly=True, SENDS_PER_SECOND=str(rate), MINIMUM_AGE="13")


def _to(heard: Heard) -> Tell:
    async def tell(work: Callable[[Db], object]) -> None:
        await asyncio.to_thread(heard.look, work)

    return tell


async def _told(tell: Tell, many: int) -> None:
    """Publishes an outcome with this many contributors; the running workers send it."""
    people: list[int] = []
    for first in range(CHATS, CHATS + many, PIECE):
        await tell(
            lambda db, first=first: people.extend(
                add_crowd(db, min(PIECE, CHATS + many - first), first=first)
            )
        )
    await tell(lambda db: crowd.tell_outcome(db, people))


async def _all(stage: Stage, many: int) -> Sent:
    """Returns when everything has arrived, or nothing has for some seconds."""
    count, since = 0, asyncio.get_running_loop().time()
    while count < many and asyncio.get_running_loop().time() - since < PATIENCE:
        await asyncio.sleep(0.5)
        now = await stage.count()
        if now > count:
            count, since = now, asyncio.get_running_loop().time()
    return await stage.sent()
