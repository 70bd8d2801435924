"""The disk is full, another program locks the database, its server goes away: nothing unstored is confirmed."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.botapi import Double, Phone
from tests.crowd import add_crowd, open_hub
from tests.faults.own_mounts import own_mount
from tests.postgres import new_database
from tests.waiting import until
from tests.walks.running import Heard
from tests.walks.several import Several

FIRST = 710001
OPEN = "Something new is open"
LOCKED = 30  # seconds; Heard waits five for a lock


def answers(double: Double, phone: Phone) -> int:
    """How many messages a person got."""
    calls = [call for call in double.calls_of("sendMessage") if isinstance(call.result, dict)]
    return sum(call.result["chat"]["id"] == phone.id for call in calls)


async def check_not_answered_until(
    double: Double, phone: Phone, seconds: float, mended: Callable[[], object]
) -> None:
    """Somebody writes while nothing can be stored: no confirmation; afterwards one reply, by itself."""
    before = answers(double, phone)
    await phone.types("/start")
    await asyncio.sleep(seconds)
    assert answers(double, phone) == before
    mended()
    await phone.hears("I'm Heard")
    await asyncio.sleep(0.5)
    assert answers(double, phone) == before + 1


@pytest.mark.left_to_all("long walks")
async def test_while_the_disk_is_full_nothing_is_confirmed_as_stored_and_then_it_recovers(tmp_path: Path):
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    inside = own_mount(f"mount -t tmpfs -o size=8m,mode=0700 none '{data}'")
    async with Double() as double, Heard(tmp_path, double, inside=inside) as heard:
        sam = Phone(double, 700001)
        await sam.types("/start")
        await sam.hears("I'm Heard")

        filler = heard.seen_by_it(data) / "filler"
        fill(filler)
        await check_not_answered_until(double, sam, 3, filler.unlink)

        assert heard.alive
        assert "SQLITE_FULL" in heard.output
        assert "[error" not in heard.output
        assert await heard.stop() == 0


def fill(path: Path) -> None:
    """Fills the disk to the last byte."""
    size = 1 << 20
    with path.open("wb", buffering=0) as file:
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2


@pytest.mark.left_to_all("long walks")
async def test_while_another_program_locks_the_database_nothing_is_confirmed_as_stored(tmp_path: Path):
    async with Double() as double, Heard(tmp_path, double) as heard:
        sam = Phone(double, 700001)
        await sam.types("/start")
        await sam.hears("I'm Heard")
        with closing(sqlite3.connect(tmp_path / "data" / "heard.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await check_not_answered_until(double, sam, LOCKED, lambda: other.execute("ROLLBACK"))
        assert "SQLITE_BUSY" in heard.output
        assert await heard.stop() == 0


@pytest.mark.left_to_all("long walks")
async def test_while_postgresql_is_stopped_nothing_is_confirmed_as_stored_and_a_broadcast_continues_afterwards(
    tmp_path: Path, postgres_program: Any
):
    async with (
        new_database(postgres_program.get_uri()) as url,
        Double() as double,
        Several(tmp_path, double, url, 2, SENDS_PER_SECOND="10") as heard,
    ):
        for number in range(FIRST, FIRST + 30):
            await double.act("joins", who=number, language_code="en", name="Kim")
        await heard.change(lambda db: add_crowd(db, 30, first=FIRST))
        sam = Phone(double, 700001)
        await sam.types("/start")
        await sam.hears("I'm Heard")
        await heard.change(lambda db: open_hub(db, state="scheduled", opens_at=db.now))
        await until(lambda: len(told(double)) >= 5, tell=lambda: heard.output[-2000:])

        await asyncio.to_thread(postgres_program.stop)
        assert await status(heard.workers[0], "healthz") == 200
        assert await status(heard.workers[0], "readyz") == 503
        await check_not_answered_until(double, sam, 2, postgres_program.ensure_postgres_running)

        await until(lambda: len(told(double)) == 30, tell=lambda: heard.output[-2000:])
        assert set(told(double).values()) == {1}
        await until(lambda: nothing_is_under_way(heard))
        assert await heard.count("select count(*) from outbox where state <> 'sent'") == 0
        assert "[error" not in heard.output
        for worker in heard.workers:
            assert await worker.stop() == 0


async def nothing_is_under_way(heard: Several) -> bool:
    return (
        await heard.count("select count(*) from outbox where state in ('waiting', 'taken', 'sending')") == 0
    )


def told(double: Double) -> Counter[int]:
    """How many invitations each of them got."""
    calls = [call for call in double.calls_of("sendMessage") if isinstance(call.result, dict)]
    return Counter(call.result["chat"]["id"] for call in calls if OPEN in call.result["text"])


async def status(heard: Heard, place: str) -> int:
    async with ClientSession() as session, session.get(f"{heard.url}/{place}") as answer:
        return answer.status
