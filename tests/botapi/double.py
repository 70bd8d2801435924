"""The double: an HTTP server that answers as api.telegram.org does, and records its calls."""

import asyncio
import base64
import secrets
import time
from typing import Any, Self

from aiohttp import web
from telegram.constants import FileSizeLimit

from tests.botapi import shapes, wire
from tests.botapi.api import Api, Stage
from tests.botapi.chats import Chats
from tests.botapi.faults import Faults, How
from tests.botapi.hands import Hands, NotThere
from tests.botapi.refused import Refused
from tests.botapi.updates import Updates
from tests.botapi.wire import Call

Json = dict[str, Any]
TOKEN = "4200000042:heard-double-not-a-real-token-00000"
MOST = FileSizeLimit.FILESIZE_UPLOAD + 1_000_000


class Double:
    """A Bot API server on the loopback, used as `async with Double() as double`.

    `url` goes into the bot's settings as the API's address, `token` as its token. `latency` is seconds per
    call; `tap_lasts` is how long a tap may be answered.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        latency: float = 0.0,
        tap_lasts: float = 15.0,
        retry_delay: float = 0.05,
        first_update: int | None = None,
    ) -> None:
        self.token, self.port, self.latency = token, port, latency
        bot = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": "Heard",
            "username": "heard_test_bot",
        }
        self.chats = Chats(bot)
        self.updates = Updates(first_update or 10**8 + secrets.randbelow(10**8), retry_delay)
        self.api = Api(self.chats, tap_lasts)
        self.stage = Stage(self.api, self.updates)
        self.hands = Hands(self.chats, self.updates)
        self.faults = Faults()
        self.calls: list[Call] = []
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.comes_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.updates.close()
        await self.goes_away()

    async def goes_away(self) -> None:
        """Stops listening, and keeps its state."""
        await self._runner.cleanup()

    async def comes_back(self) -> None:
        app = web.Application(client_max_size=MOST)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.router.add_post("/control/{action}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]

    # -- called by a test ----------------------------------------------------------------------------------

    def fail(self, method: str, times: int, how: How, skip: int = 0, to: int | None = None) -> None:
        """The next `times` calls of this method ("*" for any) go wrong so, after `skip` that do not; those `to` one
        chat, or to any.
        """
        self.faults.order(method, times, how, skip, to)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def deliver(self, update: Json) -> None:
        """Delivers an update as it is, invented or old."""
        self.updates.put(update)

    def redeliver(self, update_id: int) -> None:
        self.updates.put(self.updates.past[update_id])

    async def act(self, action: str, **given: Any) -> Any:
        """Calls a method of `Hands` by its name; phones use this."""
        return await getattr(self.hands, action)(**given)

    # -- called by a bot -----------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        call = Call(method, {}, time.time())
        self.calls.append(call)
        await asyncio.sleep(self.latency)
        how = self.faults.due(method, await wire.chat_of(request))
        if how is None or how.accepted:
            status, body = await self._carry_out(request, call)
        else:
            await request.read()
            status, body = how.status, how.body
        if how is not None:
            if how.kind == "answer":
                status, body = how.status, how.body
            await asyncio.sleep(how.delay)
        call.answered, call.status = time.time(), 0 if how and how.kind == "cut" else status
        return await wire.reply(request, status, body, how.kind if how else "")

    async def _carry_out(self, request: web.Request, call: Call) -> tuple[int, Json]:
        try:
            if request.match_info["token"] != self.token:
                raise Refused(401)
            values, files = await wire.given(request)
            call.values, call.files = values, list(files)
            call.values = values = shapes.check(call.method, values, files)
            call.result = await self.stage.play(call.method, values, files)
        except Refused as no:
            more = {"parameters": no.parameters} if no.parameters else {}
            return no.code, {"ok": False, "error_code": no.code, "description": no.description} | more
        return 200, {"ok": True, "result": call.result}

    async def _download(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return web.json_response(
                {"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401
            )
        for file in self.chats.files.values():
            if file.path == request.match_info["path"]:
                return web.Response(body=file.content, content_type="application/octet-stream")
        return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)

    # -- called by a test in another process --------------------------------------------------------------

    async def _control(self, request: web.Request) -> web.Response:
        given = await request.json()
        if "content" in given:
            given["content"] = base64.b64decode(given["content"])
        match request.match_info["action"]:
            case "fail":
                self.fail(given["method"], given["times"], How(**given["how"]), given["skip"])
                said = None
            case "calls":
                wanted = self.calls[given["since"] :]
                said = [
                    {
                        "method": call.method,
                        "at": call.at,
                        "status": call.status,
                        "values": wire.plain(call.values),
                    }
                    for call in wanted
                ]
            case "deliver":
                said = self.deliver(given["update"])
            case "latency":
                self.latency = given["seconds"]
                said = None
            case action:
                try:
                    said = await self.act(action, **given)
                except NotThere as missing:
                    return web.json_response({"missing": str(missing)}, status=409)
        return web.json_response(said)
