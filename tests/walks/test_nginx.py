"""The nginx example of the how-to, with nginx itself, before three workers or before an upstream of the test."""

import asyncio
import contextlib
import io
import json
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from aiohttp import ClientSession, TCPConnector, web

from handlers.web.forms import PICTURE_MOST
from handlers.web.runner import BACKLOG
from tests.botapi import Double
from tests.waiting import LONG
from tests.walks.page import Browser
from tests.walks.running import free_port
from tests.walks.several import Several
from tests.walks.steps import THE_LOOP, Walk
from tests.walks.test_web_walk import answer, join
from tests.web.preview import LIBRARY

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CONF, SERVER, WORKERS = ((DEPLOY / name).read_text() for name in ("nginx.conf", "heard.conf", "workers.conf"))
FOLDERS = """
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {workers}
    {server}
"""

OVER: web.AppKey[asyncio.Event] = web.AppKey("over", asyncio.Event)

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


class Worker(Protocol):
    port: int


@contextlib.asynccontextmanager
async def nginx(
    folder: Path, port: int, workers: Sequence[Worker], server: str = SERVER
) -> AsyncIterator[None]:
    """The example as it stands, but for its ports and folders, and without a certificate."""
    upstream = WORKERS
    for number, worker in enumerate(workers, 1):
        upstream = upstream.replace(f":808{number} ", f":{worker.port} ")
    upstream = re.sub(r"    server 127.0.0.1:808\d .*\n", "", upstream)
    server = re.sub(r"ssl_certificate\S* .*\n", "", server).replace("443 ssl;", f"127.0.0.1:{port};")
    inside = FOLDERS.format(folder=folder, workers=upstream, server=server)
    conf = CONF.replace("include /etc/nginx/conf.d/*.conf;", inside).replace(
        "/run/nginx.pid", f"{folder}/pid"
    )
    (folder / "nginx.conf").write_text(f"daemon off;\n{conf.replace('stderr warn', 'stderr info')}")
    command = (NGINX, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf"))
    with (folder / "nginx.log").open("w") as log:
        process = await asyncio.create_subprocess_exec(*command, stderr=log)
    try:
        await _until_up(f"http://127.0.0.1:{port}/", folder / "nginx.log")
        yield
    finally:
        process.terminate()
        await process.wait()


async def _until_up(url: str, log: Path) -> None:
    async with asyncio.timeout(60), ClientSession() as session:
        while True:
            with contextlib.suppress(OSError):
                async with session.get(url) as answer:
                    assert answer.status == 200, log.read_text()
                    return
            await asyncio.sleep(0.05)


async def test_the_nginx_example_carries_both_doors(tmp_path: Path, empty_postgres: str):
    port = free_port()
    settings = {"PUBLIC_URL": f"http://127.0.0.1:{port}", "TRUSTED_PROXIES": "127.0.0.1"}
    async with (
        Double() as double,
        Several(tmp_path, double, empty_postgres, 3, **settings) as heard,
        nginx(tmp_path, port, heard.workers),
        Browser(settings["PUBLIC_URL"]) as ana,
    ):
        await Walk(heard, double).take(*THE_LOOP[:12])
        await join(ana)
        heard.workers[1].kill()  # nobody notices
        await answer(ana)
        for path in ("/metrics", "/readyz", "/healthz"):
            await ana.opens(path)
            assert ana.status == 404
        async with ana.listens() as news:
            assert await news.readuntil(b"\n\n") == b"retry: 3000\n\n"


# --- an upstream of the test ----------------------------------------------------------------------


async def _size(request: web.Request) -> web.Response:
    """Says how much came, in an answer that is as large."""
    size = 0
    async for part in request.content.iter_any():
        size += len(part)
    return web.Response(text=json.dumps({"size": size, "more": "x" * size}))


async def _endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    await answer.write(b"retry: 3000\n\n")
    await request.app[OVER].wait()
    return answer


class Upstream:
    """What is behind nginx, until it is stopped."""

    def __init__(self) -> None:
        app = web.Application(client_max_size=20_000_000)
        self.over = app[OVER] = asyncio.Event()
        app.router.add_get("/stream", _endless)
        app.router.add_route("*", "/{path:.*}", _size)
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=BACKLOG).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        self.over.set()
        await self._runner.cleanup()


@contextlib.asynccontextmanager
async def before_an_upstream(
    folder: Path, server: str = SERVER
) -> AsyncIterator[tuple[ClientSession, Upstream]]:
    upstream, port = Upstream(), free_port()
    await upstream.start()
    try:
        async with (
            nginx(folder, port, [upstream], server),
            ClientSession(f"http://127.0.0.1:{port}", connector=TCPConnector(limit=0)) as session,
        ):
            yield session, upstream
    finally:
        await upstream.stop()


async def _asks(session: ClientSession, path: str, size: int = 0) -> tuple[int, str, str]:
    async with session.post(path, data=io.BytesIO(b"x" * size)) as answer:
        return answer.status, await answer.text(), json.dumps(dict(answer.headers))


def _in_every_language(text: str, *sentences: str) -> bool:
    return all(
        LIBRARY.words(language, None)(one) in text for language in ("en", "pl", "ar") for one in sentences
    )


async def test_what_nginx_says_itself_is_in_our_words_and_shows_nothing_of_anybody(tmp_path: Path):
    slow = SERVER.replace(" burst=5000 delay=1000", "").replace("rate=1000r/s", "rate=1r/m")
    async with before_an_upstream(tmp_path, slow) as (session, upstream):
        status, text, headers = await _asks(session, "/i/an-invite", 12_000_000)
        assert status == 413
        assert _in_every_language(
            text,
            "That was too big",
            "We can't take something that large. Try a smaller file, or fewer words.",
        )
        status, text, headers = await _asks(session, "/i/an-invite")
        assert status == 429
        assert _in_every_language(
            text, "That was a lot at once", "Wait a moment, then try again. Nothing is lost."
        )
        assert "default-src 'none'" in headers
        assert "nginx/" not in headers + text
        await upstream.stop()
        status, text, _ = await _asks(session, "/static/an-invite")
        assert status == 502
        assert _in_every_language(
            text, "Something went wrong on our side", "It's not your fault. Try again in a minute."
        )
    log = (tmp_path / "nginx.log").read_text()
    assert "an-invite" not in log
    assert "client" not in log


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\nHost: b\r\n\r\n",
        b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nCookie: " + b"x" * 40_000 + b"\r\n\r\n",
        b"nothing at all\r\n\r\n",
    ],
)
async def test_what_is_no_request_to_nginx_gets_our_words_and_no_version(tmp_path: Path, sent: bytes):
    async with before_an_upstream(tmp_path) as (session, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", session._base_url.port)
        writer.write(sent)
        text = (await asyncio.wait_for(reader.read(), LONG)).decode()
        writer.close()
    assert " 40" in text.splitlines()[0] or "414" in text.splitlines()[0], text
    assert "default-src 'none'" in text
    assert "nginx/" not in text
    assert _in_every_language(text, "There's nothing here")


async def test_what_people_write_and_read_never_lies_in_a_file_of_nginx(tmp_path: Path):
    async with before_an_upstream(tmp_path) as (session, _):
        for folder in ("body", "proxy"):
            shutil.rmtree(tmp_path / folder)
        for size in (300_000, PICTURE_MOST):
            status, text, _ = await _asks(session, "/turn", size)
            assert (status, json.loads(text)["size"]) == (200, size)


async def test_a_school_behind_one_address_passes_and_600_open_pages_shut_nobody_out(tmp_path: Path):
    async with before_an_upstream(tmp_path) as (session, _), contextlib.AsyncExitStack() as opened:
        streams = await asyncio.gather(*(session.get("/stream") for _ in range(600)))
        for stream in streams:
            opened.callback(stream.close)
        assert {stream.status for stream in streams} == {200}
        found = await asyncio.gather(*(_asks(session, "/start") for _ in range(1000)))
        assert {status for status, *_ in found} == {200}


async def test_above_all_streams_a_page_is_told_to_look_now_and_then(tmp_path: Path):
    few = SERVER.replace("limit_conn streams 5000", "limit_conn streams 3")
    async with before_an_upstream(tmp_path, few) as (session, _), contextlib.AsyncExitStack() as opened:
        statuses = []
        for _ in range(4):
            stream = await session.get("/stream")
            opened.callback(stream.close)
            statuses.append(stream.status)
        assert statuses == [200, 200, 200, 429]
        assert (await _asks(session, "/turn"))[0] == 200
