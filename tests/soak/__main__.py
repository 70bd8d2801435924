"""`make soak`: a thousand kills on each database, under load, and one table of what became of every message.

    python -m tests.soak [how many kills] [seed]

Ctrl-C ends the kills; everything asked by then is still completed and counted.
"""

import asyncio
import random
import signal
import sys
import tempfile
import time
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.postgres import new_database, new_server
from tests.soak.account import Account, account_of
from tests.soak.lives import Lives
from tests.soak.worlds import World, on_postgres, on_sqlite
from tests.walks.killing import Deadly

KILLS, WORKERS, SEED = 1000, 3, 1


async def soak(
    opened: AbstractAsyncContextManager[World], double: Deadly, kills: int, seed: int, stop: asyncio.Event
) -> tuple[Account, Lives]:
    async with opened as world:
        lives = Lives(world, double, random.Random(seed))
        await lives.begin()
        while lives.asked.kills.total() < kills and not stop.is_set():
            await lives.live(lives.any_kill())
            if lives.asked.kills.total() % 50 == 0:
                print(f"{type(world).__name__}: {lives.asked.kills.total()} kills", flush=True)
        await lives.heal()
        return await account_of(world, double, lives.asked), lives


async def main(kills: int, seed: int) -> int:
    stop, began = asyncio.Event(), time.monotonic()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(new_server())
        database = await stack.enter_async_context(new_database(server.get_uri()))
        doubles = [await stack.enter_async_context(Deadly()) for _ in range(2)]
        (folder / "one").mkdir()
        (folder / "many").mkdir()
        found = await asyncio.gather(
            soak(on_sqlite(folder / "one", doubles[0]), doubles[0], kills, seed, stop),
            soak(on_postgres(folder / "many", doubles[1], database, WORKERS), doubles[1], kills, seed, stop),
        )
    named = dict(zip(("SQLite, 1 worker", f"PostgreSQL, {WORKERS} workers"), found, strict=True))
    show(named)
    print(f"{time.monotonic() - began:.0f} seconds, seed {seed}")
    for name, (account, _) in named.items():
        for fault in account.faults:
            print(f"{name}: {fault}")
    return 1 if any(account.faults for account, _ in found) else 0


def show(named: dict[str, tuple[Account, Lives]]) -> None:
    heads = (
        "kills", "of them at a place", "at a request", "messages due", "sent", "lost", "twice", "unknown",
        "of them arrived", "in flight at the kills", "most at one kill", "answers asked again", "of them came twice",
    )  # fmt: skip
    table = Table("", *named)
    rows = [_figures(account, lives) for account, lives in named.values()]
    for head, *figures in zip(heads, *rows, strict=True):
        table.add_row(head, *map(str, figures))
    Console().print(table)


def _figures(account: Account, lives: Lives) -> tuple[int, ...]:
    asked = lives.asked
    return (
        account.kills, asked.kills["at a place"], asked.kills["at a request"], account.due, account.sent,
        len(account.lost), len(account.twice), account.unknown, account.arrived, account.in_flight,
        asked.most_at_once, account.asked_again, account.again,
    )  # fmt: skip


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(asyncio.run(main(*(given + [KILLS, SEED][len(given) :]))))
