"""The public page under load: 500 requests a second and their database queries, compared with a bare aiohttp page.

`python -m tests.bench.changed` prints the figures. Both serve from a process of their own. The bare page gives the
very same bytes from memory, and does nothing else.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from statistics import quantiles

from aiohttp import ClientSession, TCPConnector, web
from sqlalchemy import Engine, event

from bot.cli.play import open_now
from conversations.core.record import replace
from handlers.wakeup import Wakeup
from handlers.web.app import make_page
from storage.core import schema
from storage.core.database import Sqlite
from storage.core.unit_of_work import Db
from tests.house import connected, make_house
from tests.sample_forms import KINDS, publish, texts

A_SECOND, SECONDS = 500, 6
FLAT_OUT, AT_ONCE = 2_000, 32  # requests, and how many of them at a time
OUTCOMES = 500
ADDRESSES = (
    "/changed", "/changed?lang=ar", "/changed?theme=safe", "/changed?decision=cant&lang=pl", "/changed?from=40",
    "/changed/7", "/changed/8?lang=pl", "/changed.json", "/changed.atom", "/changed?utm_source=x",
)  # fmt: skip


# --- the two servers, each in a process of its own ------------------------------------------------


def _fill(db: Db) -> None:
    for number in range(1, OUTCOMES + 1):
        form = replace(KINDS, code=f"k{number}", title=texts(f"Title {number}"), themes=("safe",))
        publish(db, open_now(db, form, state="answered"), number)


async def _heard(path: Path) -> web.Application:
    url, asked = f"sqlite+aiosqlite:///{path}", [0]
    connected(url, schema.migrate)
    house = make_house(Sqlite(url))
    await house.run(_fill)

    def saw(*_: object) -> None:
        asked[0] += 1

    event.listen(Engine, "before_cursor_execute", saw)
    return make_page(house.runtime, Wakeup(), (_spent(asked),))


def _bare(body: bytes) -> web.Application:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="text/html")

    app = web.Application()
    app.add_routes([_spent([0]), web.get("/{path:.*}", page)])
    return app


def _spent(asked: list[int]) -> web.RouteDef:
    async def spent(_request: web.Request) -> web.Response:
        return web.json_response({"statements": asked[0], "cpu": time.process_time()})

    return web.get("/spent", spent)


async def _serve(kind: str, given: str) -> None:
    app = await _heard(Path(given)) if kind == "heard" else _bare(Path(given).read_bytes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


@asynccontextmanager
async def _serving(kind: str, given: Path) -> AsyncIterator[ClientSession]:
    command = (sys.executable, "-m", "tests.bench.changed", kind, str(given))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    try:
        port = int(await process.stdout.readline())
        async with ClientSession(
            f"http://127.0.0.1:{port}", connector=TCPConnector(limit=AT_ONCE)
        ) as session:
            yield session
    finally:
        process.kill()
        await process.wait()


# --- the crowd ------------------------------------------------------------------------------------


async def _spends(session: ClientSession) -> dict[str, float]:
    async with session.get("/spent") as answer:
        return dict(await answer.json())


async def _get(session: ClientSession, address: str, times: list[float]) -> None:
    began = time.perf_counter()
    async with session.get(address) as answer:
        await answer.read()
        assert answer.status == 200, address
    times.append(time.perf_counter() - began)


async def _steadily(session: ClientSession) -> dict[str, float]:
    """This many a second, however long each takes."""
    addresses, times, began = cycle(ADDRESSES), [], time.perf_counter()
    before = await _spends(session)
    async with asyncio.TaskGroup() as crowd:
        for n in range(A_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, began + n / A_SECOND - time.perf_counter()))
            crowd.create_task(_get(session, next(addresses), times))
    lasted, after = time.perf_counter() - began, await _spends(session)
    cuts = quantiles([one * 1000 for one in times], n=100)
    return {
        "requests a second": len(times) / lasted,
        "p50 ms": cuts[49],
        "p99 ms": cuts[98],
        "CPU ms a request": (after["cpu"] - before["cpu"]) * 1000 / len(times),
        "statements a second": (after["statements"] - before["statements"]) / lasted,
    }


async def _flat_out(session: ClientSession) -> float:
    """Requests a second with this many in parallel."""
    addresses, times, began = cycle(ADDRESSES), [], time.perf_counter()
    left = iter(range(FLAT_OUT))

    async def one() -> None:
        for _ in left:
            await _get(session, next(addresses), times)

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return FLAT_OUT / (time.perf_counter() - began)


async def measure() -> dict[str, float]:
    """Both at 500 a second, then flat out; `Heard / bare` are the ratios."""
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with _serving("heard", Path(folder, "heard.db")) as session:
            for address in ADDRESSES:
                await _get(session, address, [])
            figures["Heard"] = await _steadily(session) | {"flat out, a second": await _flat_out(session)}
            async with session.get("/changed") as answer:
                body = Path(folder, "body")
                body.write_bytes(await answer.read())
        async with _serving("bare", body) as session:
            figures["bare aiohttp"] = await _steadily(session) | {
                "flat out, a second": await _flat_out(session)
            }
    told = {f"{who}: {what}": value for who, found in figures.items() for what, value in found.items()}
    heard, bare = figures["Heard"], figures["bare aiohttp"]
    ratios = {
        f"Heard / bare: {what}": heard[what] / bare[what]
        for what in ("CPU ms a request", "flat out, a second")
    }
    return told | ratios


async def main() -> None:
    for name, value in (await measure()).items():
        print(f"{name:>40} {value:10.2f}")


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]) if len(sys.argv) == 3 else main())
