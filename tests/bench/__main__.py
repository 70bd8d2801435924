"""`make bench`, or `make bench PART="turns start"`: measures Heard and its peers in the same run.

Each part prints a table. Only ratios carry over to another machine.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from tests.bench import (
    assembly,
    broadcast,
    changed,
    growth,
    http_client,
    page,
    queueing,
    start,
    taps,
    turns,
    updates,
)
from tests.bench.report import Table, heading, load, say

PARTS: dict[str, Callable[[bool], AsyncIterator[Table]]] = {
    "turns": lambda full: turns.measure(rounds=3 if full else 1),
    "broadcast": broadcast.measure,
    "queueing": queueing.measure,
    "growth": growth.measure,
    "start": lambda _: start.measure(),
    "calls": lambda _: _figures("A call to the Bot API: aiohttp beside httpx", http_client.measure),
    "echo": lambda _: _figures("Updates a second beside a bot that only echoes", updates.measure),
    "changed": lambda _: _figures(
        "500 requests a second at the public page, beside a bare one", changed.measure
    ),
    "page": lambda _: _figures("The page under a crowd, beside a bare aiohttp and Jinja2 page", page.measure),
    "assembly": lambda _: _figures(f"{assembly.PEOPLE:,} people at a school assembly", assembly.measure),
    "taps": lambda _: _figures("50 people tap while an outcome goes out, 28 a second in all", taps.measure),
}


async def _figures(title: str, measure: Callable[[], Awaitable[dict[str, float]]]) -> AsyncIterator[Table]:
    table = Table(title, ("", "figure"))
    for name, value in (await measure()).items():
        table.add(name, f"{value:.2f}")
    yield table


async def main(parts: list[str], *, full: bool) -> None:
    say(heading())
    for part in parts:
        async for table in PARTS[part](full):
            say(table)
        say(f"({part}: {load()})")


if __name__ == "__main__":
    wanted = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    wanted.add_argument("part", nargs="*", choices=[[], *PARTS], help="which parts; all, where none is named")
    wanted.add_argument("--full", action="store_true", help="larger and longer: up to 10 million answers")
    given = wanted.parse_args()
    asyncio.run(main(given.part or list(PARTS), full=given.full))
