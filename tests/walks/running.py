"""The running process in its own folder: started, killed at any moment, restarted, stopped cleanly.

It is `python -m bot run` in all but one thing: its modules are imported once, and its words and templates read once,
by a server that forks it, so that fifty starts do not wait for that fifty times. `plainly=True` starts the command itself.
"""

import asyncio
import contextlib
import importlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientError, ClientSession

from bot.cli.main import app
from bot.config.settings import Settings
from storage.core.unit_of_work import Db
from storage.registry import HOOKS
from storage.security.vault import Vault, read_keys
from tests.botapi import Double
from tests.house import connected, sample_rules
from tests.walks.dying import Trap, found, lay

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds for a start or a stop, on a busy machine
_LINK = re.compile(r"(http://\S+)/i/(\S+)")
_HURRIED = (
    "bot.app",
    "bot.doctor.checks",
    "handlers.files.workbook",
    "tests.walks.running",
    "tests.walks.warm",
)


class Heard:
    """One Heard, used as `async with Heard(folder, double) as heard`. Settings are given as its environment has
    them; without a double, Telegram is off. `trap` is laid at the next start, and for that one only; it cannot be
    where it is started plainly. `inside` is a command that starts it, and goes before its own. `constants` are values of
    modules' own, such as {"handlers.web.watch:_SWEEP": 3600.0}, from the next start on; not where it is started plainly.
    """

    def __init__(
        self,
        folder: Path,
        double: Double | None = None,
        *,
        plainly: bool = False,
        inside: tuple[str, ...] = (),
        **settings: str,
    ) -> None:
        self.folder, self.double = folder, double
        self._plainly, self._inside = plainly or bool(inside), inside
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.settings = {**self._usual(), **settings}
        self.starts = 0
        self.trap: Trap | None = None
        self.constants: dict[str, object] = {}
        self._running: _Plain | _Forked | None = None

    def _usual(self) -> dict[str, str]:
        usual = {
            "PORT": str(self.port),
            "LANGUAGES": "en,pl,ar",
            "QUIET_HOURS": "none",
            "ORGANISATION": "Sampleshire Youth Voice",
            "TEAM_CONTACT": "youthvoice@sampleshire.example",
        }
        if self.double:
            usual |= {"TELEGRAM_BOT_TOKEN": self.double.token, "TELEGRAM_API_URL": self.double.url}
        return usual

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._running and self._running.alive:
            self.kill()
        await self.ended()

    # --- its life ---------------------------------------------------------------------------------

    async def start(self) -> None:
        """Starts it, again too, and returns when it is ready."""
        await self.ended()
        self.begin()
        await self.until_ready()

    async def until_ready(self) -> None:
        assert self._running
        async with asyncio.timeout(PATIENCE), ClientSession() as session:
            while not await _ready(session, self.url):
                assert self._running.alive, f"it did not start:\n{self.output}"
                await asyncio.sleep(0.01)

    def begin(self) -> None:
        """Starts it, and returns at once."""
        self.starts += 1
        trap, self.trap = self.trap, None
        if trap:
            found(trap.where)  # a renamed function is reported here, not taken for a death
        if self._plainly:
            self._running = _Plain(self.folder, self.settings, self._log("out"), self._inside)
        else:
            self._running = _Forked(self.folder, self.settings, self._log("out"), trap, self.constants)

    def kill(self) -> None:
        """SIGKILL, and waits for its end."""
        assert self._running
        self._running.send(signal.SIGKILL)
        self._running.wait()

    async def restart(self) -> None:
        self.kill()
        await self.start()

    def ask_to_stop(self) -> None:
        """SIGTERM; it is not waited for."""
        assert self._running
        self._running.send(signal.SIGTERM)

    async def stop(self) -> int | None:
        """SIGTERM; gives its exit code."""
        self.ask_to_stop()
        return await self.ended()

    @property
    def alive(self) -> bool:
        return self._running is not None and self._running.alive

    @property
    def code(self) -> int | None:
        """How it ended; below zero by which signal."""
        return self._running.code if self._running else None

    @property
    def pid(self) -> int:
        assert self._running
        return self._running.pid

    async def ended(self) -> int | None:
        """Waits for its end; gives its exit code."""
        if self._running is None:
            return None
        async with asyncio.timeout(PATIENCE):
            while self._running.alive:
                await asyncio.sleep(0.005)
        return self._running.code

    # --- what it shows ----------------------------------------------------------------------------

    @property
    def output(self) -> str:
        """Everything it wrote in all its lives: its output and its log."""
        log = self._log("out")
        return log.read_text() if log.exists() else ""

    @property
    def owner_token(self) -> str:
        """The newest owner link's token, as it was printed."""
        found = _LINK.findall(self.output)
        assert found, f"no owner link in:\n{self.output}"
        return found[-1][1]

    def seen_by_it(self, path: Path) -> Path:
        """A place as the process sees it, where it is started inside a file system of its own."""
        return Path(f"/proc/{self.pid}/root", *path.parts[1:])

    @property
    def vault(self) -> Vault:
        """With the key that it made for itself."""
        return Vault(read_keys((self.folder / "data" / "key").read_text()))

    def look(self, work: Callable[[Db], Any]) -> Any:
        """Reads its database from outside, whether it runs or not."""
        vault, url = self.vault, f"sqlite+aiosqlite:///{self.folder / 'data' / 'heard.db'}"
        return connected(
            url,
            lambda connection: work(
                Db(connection, vault, datetime.now(UTC), sample_rules(quiet=None), HOOKS)
            ),
        )

    def count(self, query: str, *values: object) -> int:
        """One number out of its database, without waiting for anybody."""
        path = self.folder / "data" / "heard.db"
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            return connection.execute(query, values).fetchone()[0]

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


class _Plain:
    """`python -m bot run`, exactly."""

    def __init__(
        self, folder: Path, settings: dict[str, str], output: Path, inside: tuple[str, ...] = ()
    ) -> None:
        path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with output.open("a") as out:
            self._process = subprocess.Popen(
                (*inside, sys.executable, "-m", "bot", "run"),
                cwd=folder,
                env={**path, "PYTHONPATH": str(ROOT), **settings},
                stdout=out,
                stderr=out,
            )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        return self._process.returncode

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def wait(self) -> None:
        self._process.wait(PATIENCE)


class _Forked:
    """The same, but for the imports."""

    def __init__(
        self,
        folder: Path,
        settings: dict[str, str],
        output: Path,
        trap: Trap | None,
        constants: dict[str, object],
    ) -> None:
        server = get_context("forkserver")
        server.set_forkserver_preload(list(_HURRIED))
        self._process = server.Process(
            target=_run, args=(str(folder), settings, str(output), trap, constants), daemon=True
        )
        self._process.start()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def code(self) -> int | None:
        return self._process.exitcode

    def send(self, number: int) -> None:
        """It may be no more by then."""
        if self._process.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def wait(self) -> None:
        self._process.join(PATIENCE)


def _run(
    folder: str, settings: dict[str, str], output: str, trap: Trap | None, constants: dict[str, object]
) -> None:
    """In the forked process: becomes `python -m bot run` in its folder."""
    written = os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.chdir(folder)
    for name in map(str.upper, Settings.model_fields):  # a test started the server with its own settings
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ.update(settings)
    for where, value in constants.items():
        module, _, name = where.partition(":")
        owner = importlib.import_module(module)
        getattr(owner, name)  # a renamed constant is an error
        setattr(owner, name, value)
    if trap:
        lay(trap)
    app(["run"])


async def _ready(session: ClientSession, url: str) -> bool:
    try:
        async with session.get(f"{url}/readyz") as answer:
            return answer.status == 200
    except ClientError:
        return False


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
