"""The double as a process of its own, for walks that kill the bot and benchmarks that count its CPU."""

import asyncio
import base64
import sys
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession

from tests.botapi.faults import How, to_json
from tests.botapi.hands import NotThere

ROOT = Path(__file__).parents[2]


class DoubleProcess:
    """Used as `async with DoubleProcess() as double`: the same phones talk through it over HTTP."""

    def __init__(self, *, latency: float = 0.0) -> None:
        self._latency = latency
        self.url = self.token = ""

    async def __aenter__(self) -> Self:
        command = (sys.executable, "-m", "tests.botapi", "--port", "0", "--latency", str(self._latency))
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        self.url, self.token = (await self._process.stdout.readline()).decode().split()
        self.session = ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()
        self._process.terminate()
        await self._process.communicate()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def act(self, action: str, **given: Any) -> Any:
        if "content" in given:
            given["content"] = base64.b64encode(given["content"]).decode()
        async with self.session.post(f"{self.url}/control/{action}", json=given) as answer:
            said = await answer.json()
            if answer.status == 409:
                raise NotThere(said["missing"])
            answer.raise_for_status()
            return said

    async def fail(self, method: str, times: int, how: How, skip: int = 0) -> None:
        await self.act("fail", method=method, times=times, how=to_json(how), skip=skip)

    async def calls(self, since: int = 0) -> list[dict[str, Any]]:
        """The calls so far, from number `since` on: method, at, status, values."""
        return await self.act("calls", since=since)

    async def deliver(self, update: dict[str, Any]) -> None:
        await self.act("deliver", update=update)

    async def set_latency(self, seconds: float) -> None:
        await self.act("latency", seconds=seconds)
