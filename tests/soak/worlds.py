"""Where the kills happen: one process on a SQLite file, or several on one PostgreSQL database."""

import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from sqlalchemy import make_url

from storage.core.unit_of_work import Db
from tests.walks.killing import Deadly
from tests.walks.running import Heard
from tests.walks.several import Several

SETTINGS = {"SENDS_PER_SECOND": "60"}


class World(Protocol):
    """`rows` reads the database as a dead process left it; `change` writes from outside."""

    workers: list[Heard]

    async def rows(self, query: str) -> list[tuple[Any, ...]]: ...
    async def change(self, work: Callable[[Db], object]) -> None: ...


class OnSqlite:
    def __init__(self, heard: Heard) -> None:
        self.workers = [heard]
        self._folder = heard.folder

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Reads a copy: opening the file itself would recover what the next process must recover."""
        data, copy = self._folder / "data", self._folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for name in ("heard.db", "heard.db-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(data / name, copy / name)
        with closing(sqlite3.connect(copy / "heard.db")) as connection:
            return connection.execute(query).fetchall()

    async def change(self, work: Callable[[Db], object]) -> None:
        self.workers[0].look(work)


class OnPostgres:
    def __init__(self, several: Several) -> None:
        self.workers = several.workers
        self.change = several.change
        self._url = make_url(several.database).set(drivername="postgresql")

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(self._url.render_as_string(hide_password=False))
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()


@asynccontextmanager
async def on_sqlite(folder: Path, double: Deadly) -> AsyncIterator[World]:
    async with Heard(folder, double, **SETTINGS) as heard:
        yield OnSqlite(heard)


@asynccontextmanager
async def on_postgres(folder: Path, double: Deadly, database: str, workers: int) -> AsyncIterator[World]:
    async with Several(folder, double, database, workers, **SETTINGS) as several:
        yield OnPostgres(several)
