"""The stage's process. Prints its address, then takes commands over HTTP until it is terminated."""

import argparse
import asyncio
import json
import resource
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.bench.stage.api import Api, TooMany
from tests.bench.stage.people import Does, People

TOO_MANY = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}


class Server:
    """`latency` is seconds per call."""

    def __init__(self, latency: float, allowed: int | None) -> None:
        self._latency, self._people = latency, People()
        self._api = self._people.api = Api(allowed, self._people.show)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        *_, kind, last = request.path.split("/")
        if kind == "control":
            return web.json_response(await self._control(last, await request.json()))
        values = _read(await request.read(), request.content_type) | dict(request.query)
        if self._latency:
            await asyncio.sleep(self._latency)
        try:
            result = await self._api.answer(last, values)
        except TooMany:
            said = TOO_MANY | {"parameters": {"retry_after": 1}}
            return web.json_response(said, status=429)
        return web.Response(body=b'{"ok":true,"result":' + result + b"}", content_type="application/json")

    async def _control(self, what: str, given: dict[str, Any]) -> Any:
        match what:
            case "latency":
                self._latency = given["seconds"]
            case "play":
                return await self._people.play([Does(*action) for action in given.pop("script")], **given)
            case "sent":
                sent = self._api.sent[given["since"] :]
                return {
                    "at": [at for at, _ in sent],
                    "chats": [chat for _, chat in sent],
                    "refused": self._api.refused,
                }
            case "count":
                return len(self._api.sent)
            case "cpu":
                used = resource.getrusage(resource.RUSAGE_SELF)
                return used.ru_utime + used.ru_stime
        return None


def _read(body: bytes, kind: str) -> dict[str, Any]:
    if kind == "application/json":
        return json.loads(body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


async def main(latency: float, allowed: int | None) -> None:
    runner = web.ServerRunner(web.Server(Server(latency, allowed).answer, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--latency", type=float, default=0.0)
    wanted.add_argument("--allowed", type=int)
    asyncio.run(main(**vars(wanted.parse_args())))
