"""What comes from anybody: requests that are none, strange paths and hosts, and the exact headers of each answer."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from structlog.testing import capture_logs
from yarl import URL

from handlers.wakeup import Wakeup
from handlers.web import forms
from handlers.web.app import make_page
from handlers.web.runner import PageRunner
from handlers.web.templates_api import HEADERS
from tests.house import House
from tests.waiting import LONG
from tests.web.serving import Served, at_the_first_question, open_door, stored

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# What may join them one day: an installed page, sounds that somebody plays or records.
MAY_GROW_BY = {"manifest-src": "'self'", "worker-src": "'self'", "media-src": "'self' blob:"}
OTHERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def test_the_headers_are_these_and_no_others() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy.items() >= POLICY.items()
    assert policy.items() <= (POLICY | MAY_GROW_BY).items()
    assert {name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"} == OTHERS


async def test_a_page_has_no_header_that_nobody_decided_on(door: Served) -> None:
    async with door.browser() as ana:
        _, headers, _ = await ana.asks("GET", "/help")
        own = {"Content-Type", "Content-Length", "Date", "Connection", "Cache-Control", "X-Request-ID"}
        assert set(headers) - own - set(HEADERS) <= {"Vary", "Content-Encoding"}


# --- no request at all ----------------------------------------------------------------------------


@pytest.fixture
async def port(house: House) -> AsyncIterator[int]:
    runner = PageRunner(make_page(house.runtime, Wakeup()), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def _sends(port: int, sent: bytes) -> tuple[int, dict[str, str], str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    head, _, body = (await asyncio.wait_for(reader.read(), 60)).decode().partition("\r\n\r\n")
    writer.close()
    first, *lines = head.split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET /i/a-secret-of-mine HTTP/one\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a-secret-of-mine\x00\r\n\r\n",
        b"GET /" + b"a-secret-of-mine" * 4000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nCookie: " + b"x" * 100_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
        b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_400_with_our_headers_and_says_nothing_of_us(
    port: int, sent: bytes, caplog
) -> None:
    status, headers, body = await _sends(port, sent)
    assert status == 400
    assert headers.items() >= HEADERS.items()
    assert headers["Cache-Control"] == "no-store"
    assert body == "There's nothing here. The address may be old, or a letter may be missing.\n"
    said = str(headers) + body
    assert not re.search(r"aiohttp|Python|\d\.\d|a-secret", said)
    assert caplog.text == ""


@pytest.mark.parametrize(
    "host", [b"", b"a b", b"[::1", b"\x80\xff", b"x:99999999", b"x:ab", b"a@b", "ё".encode(), b"a:1\\"]
)
async def test_a_host_that_is_none_breaks_nothing(port: int, host: bytes) -> None:
    head = b"GET /nowhere HTTP/1.1\r\nConnection: close\r\nHost: "
    status, headers, _ = await _sends(port, head + host + b"\r\n\r\n")
    assert status in {400, 404}
    assert headers.items() >= HEADERS.items()


# --- paths and hosts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "/%5Cevil.example",
        "//evil.example\\@x",
        "/%2F/evil.example",
        "/.//evil.example",
        "/x/..//evil.example",
    ],
)
async def test_no_link_of_a_page_leads_to_the_host_that_a_path_names(port: int, path: str) -> None:
    _, _, page = await _sends(port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page)
    assert addresses
    for address in addresses:
        landed = URL("https://heard.example/").join(URL(address.replace("\\", "/")))
        assert "evil" not in (landed.host or ""), address


@pytest.mark.parametrize("host", ["evil.example", "heard.example.evil.example", "127.0.0.1"])
async def test_a_form_of_another_name_that_leads_here_is_refused(door: Served, host: str) -> None:
    """Another site's name may be made to lead to this machine: its pages then send that name as Host too."""
    async with door.browser() as ana:
        await at_the_first_question(ana)
        data = {**ana.tokens, "choice": f"{ana.tokens['visit']}:0"}
        forms.tell_of_refusal.cache_clear()
        with capture_logs() as logged:
            for scheme in ("http", "https"):
                headers = {"Host": host, "Origin": f"{scheme}://{host}", "Sec-Fetch-Site": "same-origin"}
                assert (await ana.asks("POST", "/turn", data=data, headers=headers))[0] == 403
        assert [line["event"] for line in logged] == ["form refused"]  # once, however many come
    assert await stored(door) == 0


async def test_on_ones_own_machine_every_name_of_it_is_ours(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        data = {**ana.tokens, "choice": f"{ana.tokens['visit']}:0"}
        headers = {"Origin": door.url.replace("127.0.0.1", "localhost")}
        assert (await ana.asks("POST", "/turn", data=data, headers=headers))[0] == 303


async def test_where_the_public_address_is_another_this_machines_names_are_not(sqlite) -> None:
    async with open_door(sqlite, public_url="https://heard.example") as door, door.browser() as ana:
        await ana.opens("/")
        data = ana.page.forms[-1].hidden
        for origin in (door.url, "http://heard.example", "https://heard.example:8443"):
            assert (await ana.asks("POST", "/start", data=data, headers={"Origin": origin}))[0] == 403


async def test_a_form_that_never_ends_is_let_go(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "SECONDS_MOST", 0.05)

    async def endless() -> AsyncIterator[bytes]:
        yield b"said=lamps"
        await asyncio.sleep(LONG)

    async with door.browser() as ana:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _, page = await ana.asks("POST", "/start", data=endless(), headers=headers)
        assert status == 408
        assert "Try a smaller file, or fewer words." in page
