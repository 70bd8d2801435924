"""The nginx example of the how-to, with nginx itself before three workers."""

import asyncio
import contextlib
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.botapi import Double
from tests.walks.page import Browser
from tests.walks.running import Heard, free_port
from tests.walks.several import Several
from tests.walks.steps import THE_LOOP, Walk
from tests.walks.test_web_walk import answer, join

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
WRAPPED = """
pid {folder}/nginx.pid;
error_log stderr notice;
daemon off;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {workers}
    {server}
}}
"""


@contextlib.asynccontextmanager
async def nginx(folder: Path, port: int, workers: list[Heard]) -> AsyncIterator[None]:
    """The example as it stands, but for its ports, and without a certificate."""
    upstream, server = (DEPLOY / name for name in ("workers.conf", "heard.conf"))
    upstream, server = upstream.read_text(), server.read_text()
    for number, worker in enumerate(workers, 1):
        upstream = upstream.replace(f":808{number} ", f":{worker.port} ")
    server = re.sub(r"ssl_certificate\S* .*\n", "", server).replace(
        "listen 443 ssl;", f"listen 127.0.0.1:{port};"
    )
    (folder / "nginx.conf").write_text(WRAPPED.format(folder=folder, workers=upstream, server=server))
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


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
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
