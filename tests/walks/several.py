"""Several workers on one PostgreSQL database, behind one address that distributes requests in turn."""

import base64
import itertools
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import asyncpg
from aiohttp import ClientConnectionError, ClientSession, web
from sqlalchemy import make_url

from storage.core.database import Postgres
from storage.core.unit_of_work import Db
from storage.registry import HOOKS
from storage.security.vault import Vault, read_keys
from tests.botapi import Double
from tests.house import sample_rules
from tests.walks.running import Heard

PASSED_ON = ("Content-Type", "Cookie", "X-Telegram-Bot-Api-Secret-Token", "Origin", "Sec-Fetch-Site")


def elsewhere(database: str) -> dict[str, str]:
    """The settings of a worker that stores nothing in its own folder."""
    return {
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-this-test",
        "DATABASE_URL": database,
        "DATA_KEY": base64.b64encode(b"k" * 32).decode(),
    }


class Balancer:
    """What nginx does before the workers: each request to the next of them that answers."""

    def __init__(self) -> None:
        self.workers: list[Heard] = []
        self._turn = itertools.count()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = ClientSession(auto_decompress=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._runner.cleanup()

    async def _pass_on(self, request: web.Request) -> web.Response:
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        body = await request.read()
        for _ in self.workers:
            worker = self.workers[next(self._turn) % len(self.workers)]
            try:
                async with self._session.request(
                    request.method,
                    f"{worker.url}{request.rel_url}",
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                ) as answer:
                    return web.Response(
                        status=answer.status, body=await answer.read(), headers=_kept(answer.headers)
                    )
            except ClientConnectionError:
                continue
        return web.Response(status=502)


def _kept(headers) -> list[tuple[str, str]]:
    dropped = {"transfer-encoding", "content-length", "connection", "date", "server"}
    return [(name, value) for name, value in headers.items() if name.lower() not in dropped]


class Several:
    """Used as `async with Several(folder, double, database, 3) as heard`: a walk uses it like one Heard."""

    def __init__(
        self, folder: Path, double: Double | None, database: str, many: int, **settings: str
    ) -> None:
        self.folder, self.double, self.database = folder, double, database
        self._many, self._settings = many, settings
        self.workers: list[Heard] = []

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opened:
            balancer = await opened.enter_async_context(Balancer())
            self.url = balancer.url
            settings = {**elsewhere(self.database), "PUBLIC_URL": self.url, **self._settings}
            for number in range(self._many):
                folder = self.folder / f"worker{number}"
                folder.mkdir()
                self.workers.append(Heard(folder, self.double, **settings))
            for worker in self.workers:  # all at once, on an empty database
                worker.begin()
            for worker in self.workers:
                opened.push_async_exit(worker.__aexit__)
                await worker.until_ready()
            balancer.workers = self.workers
            self._opened = opened.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()

    @property
    def owner_token(self) -> str:
        """The only owner link that any of them printed."""
        [printed] = [worker for worker in self.workers if "/i/" in worker.output]
        return printed.owner_token

    @property
    def output(self) -> str:
        return "".join(worker.output for worker in self.workers)

    async def change(self, work: Callable[[Db], object]) -> None:
        """Changes something in the database from outside."""
        vault = Vault(read_keys(elsewhere(self.database)["DATA_KEY"]))
        database = Postgres(self.database)
        try:
            await database.write(
                lambda c: work(Db(c, vault, datetime.now(UTC), sample_rules(quiet=None), HOOKS))
            )
        finally:
            await database.close()

    async def count(self, query: str) -> int:
        url = make_url(self.database).set(drivername="postgresql")
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()
