"""Each call to the Bot API reports its fate: answered, never sent, or unknown."""

import asyncio
import contextlib
import logging
import socket
import traceback

import pytest
from telegram import Bot, InputFile, InputMediaPhoto
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from handlers.telegram.http import (
    AiohttpRequest,
    RequestFateUnknown,
    RequestFateUnknownInTime,
    RequestNotSent,
    RequestNotSentInTime,
)
from tests.botapi import How
from tests.botapi.asking import picture

TOKEN = "1234567:s3cret-token"
WORDS = "my private words"


@contextlib.asynccontextmanager
async def asking(**given):
    async with AiohttpRequest(**given) as request:
        yield request


def said(**values):
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


async def straight(request, address):
    return await request.call(f"{address}/bot{TOKEN}/sendMessage", {"chat_id": 1, "text": WORDS})


async def by_the_library(request, address, **times):
    return await request.post(f"{address}/bot{TOKEN}/sendMessage", said(chat_id=1, text=WORDS), **times)


@pytest.fixture(params=[straight, by_the_library])
def post(request):
    """A call as a turn makes it, and as the library's own methods do: both report the same."""
    return request.param


class Peer:
    """A server over plain sockets; `behave` gets each connection's reader and writer."""

    def __init__(self, behave):
        self.behave, self.connections, self.tasks = behave, 0, set()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.meet, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        return self

    async def meet(self, reader, writer):
        self.connections += 1
        self.tasks.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await self.behave(reader, writer)
        writer.close()

    async def __aexit__(self, *_):
        for task in self.tasks:
            task.cancel()
        self.server.close()
        await self.server.wait_closed()


async def take(reader):
    """Read one whole request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))


def answering(raw):
    async def behave(reader, writer):
        await take(reader)
        writer.write(raw)
        await writer.drain()

    return behave


def whole(status, body, kind="application/json"):
    head = (
        f"HTTP/1.1 {status} Whatever\r\nContent-Type: {kind}\r\nContent-Length: {len(body.encode())}\r\n\r\n"
    )
    return (head + body).encode()


async def closes_before_reading(reader, writer):
    await asyncio.sleep(0)


async def closes_after_reading(reader, writer):
    await take(reader)


async def resets_after_reading(reader, writer):
    await take(reader)
    writer.transport.abort()


async def never_answers(reader, writer):
    await take(reader)
    await asyncio.sleep(60)


async def never_reads(reader, writer):
    writer.transport.pause_reading()
    await asyncio.sleep(60)


async def trickles(reader, writer):
    await take(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


OK = whole(200, '{"ok":true,"result":{"message_id":1}}')

UNKNOWN = {
    "closes before reading": closes_before_reading,
    "closes after reading": closes_after_reading,
    "resets after reading": resets_after_reading,
    "half an answer": answering(OK[:-10]),
    "half a head": answering(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "half a chunk": answering(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"ok":true,'),
    "JSON that breaks off": answering(whole(200, '{"ok":true,"result":{"mess')),
    "no JSON": answering(whole(200, "<html>Sign in to the guest network</html>", "text/html")),
    "nothing": answering(whole(200, "")),
    "a list": answering(whole(200, "[1]")),
    "no result": answering(whole(200, '{"ok":true}')),
    "not ok, in a 200": answering(whole(200, '{"ok":false,"error_code":400,"description":"Bad Request"}')),
    "no HTTP": answering(b"SMTP ready\r\n"),
    "500": answering(whole(500, '{"ok":false,"error_code":500,"description":"Internal Server Error"}')),
    "502": answering(whole(502, "<html>Bad Gateway</html>", "text/html")),
    "504": answering(whole(504, "")),
    "a proxy's 403": answering(whole(403, "<html>Blocked by policy</html>", "text/html")),
    "somewhere else": answering(
        b"HTTP/1.1 302 Found\r\nLocation: http://x.test/\r\nContent-Length: 0\r\n\r\n"
    ),
}


@pytest.mark.parametrize("behave", UNKNOWN.values(), ids=UNKNOWN)
async def test_a_sent_request_without_a_response_has_an_unknown_fate(behave, post):
    async with Peer(behave) as peer, asking() as request:
        with pytest.raises(RequestFateUnknown):
            await post(request, peer.address)
        assert peer.connections == 1  # never retried automatically


async def test_an_answer_that_comes_too_late_is_of_unknown_fate(post):
    async with Peer(never_answers) as peer, asking(read_timeout=0.1) as request:
        with pytest.raises(RequestFateUnknownInTime) as caught:
            await post(request, peer.address)
        assert isinstance(caught.value, RequestFateUnknown)
        assert isinstance(caught.value, TimedOut)


async def test_the_caller_may_give_another_time():
    async with Peer(never_answers) as peer, asking(read_timeout=60) as request:
        with pytest.raises(RequestFateUnknownInTime):
            await by_the_library(request, peer.address, read_timeout=0.1)


async def test_an_answer_that_trickles_does_not_hold_the_caller_for_ever(post):
    times = {"read_timeout": 0.2, "write_timeout": 0.1, "connect_timeout": 0.1, "pool_timeout": 0.1}
    async with Peer(trickles) as peer, asking(**times) as request:
        with pytest.raises(RequestFateUnknownInTime):
            await post(request, peer.address)


async def test_a_peer_that_does_not_read_does_not_hold_the_caller_for_ever():
    times = {"read_timeout": 0.1, "write_timeout": 0.2, "connect_timeout": 0.1, "pool_timeout": 0.1}
    async with Peer(never_reads) as peer, asking(**times) as request:
        with pytest.raises(RequestFateUnknownInTime):
            await request.post(peer.address, said(chat_id=1, document=InputFile(b"x" * 20_000_000)))


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def full_house():
    """A port whose backlog is full: connections are not accepted."""
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(socket.socket())
        port.bind(("127.0.0.1", 0))
        port.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(port.getsockname())
        yield f"http://127.0.0.1:{port.getsockname()[1]}"


async def test_a_refused_connection_is_not_sent(post):
    async with asking() as request:
        with pytest.raises(RequestNotSent):
            await post(request, f"http://127.0.0.1:{closed_port()}")


async def test_a_name_that_nobody_knows_is_not_sent(post):
    async with asking() as request:
        with pytest.raises(RequestNotSent):
            await post(request, "http://no-such-host.invalid")


async def test_a_connection_that_takes_too_long_is_not_sent(post):
    with full_house() as address:
        async with asking(connect_timeout=0.1) as request:
            with pytest.raises(RequestNotSentInTime) as caught:
                await post(request, address)
            assert isinstance(caught.value, RequestNotSent)
            assert isinstance(caught.value, TimedOut)


async def says_something_else(reader, writer):
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.mark.parametrize("behave", [closes_before_reading, says_something_else])
async def test_a_failed_tls_handshake_is_not_sent(behave, post):
    async with Peer(behave) as peer, asking() as request:
        with pytest.raises(RequestNotSent):
            await post(request, f"https://127.0.0.1:{peer.port}")


async def test_without_a_free_connection_it_was_not_sent(post):
    async with (
        Peer(never_answers) as peer,
        asking(connections=1, connect_timeout=0.1, pool_timeout=0.1) as request,
    ):
        first = asyncio.create_task(post(request, peer.address))
        await asyncio.sleep(0.02)
        with pytest.raises(RequestNotSentInTime):
            await post(request, peer.address)
        assert peer.connections == 1
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_an_invalid_address_is_not_sent(post):
    async with asking() as request:
        for wrong in ("http://", "ftp://127.0.0.1", "http://127.0.0.1:port"):
            with pytest.raises(RequestNotSent):
                await post(request, wrong)


async def test_nothing_is_sent_before_the_start_or_after_the_end(post):
    async with Peer(answering(OK)) as peer:
        request = AiohttpRequest()
        with pytest.raises(RequestNotSent):
            await post(request, peer.address)
        async with request:
            assert await post(request, peer.address) == {"message_id": 1}
        with pytest.raises(RequestNotSent):
            await post(request, peer.address)
        assert peer.connections == 1


@pytest.mark.parametrize(
    ("body", "wait"),
    [
        ('{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":3}}', 3),
        ('{"ok":false,"error_code":429,"description":"Too Many Requests"}', None),
        ("<html>slow down</html>", None),
    ],
)
async def test_a_call_that_came_too_fast_was_not_sent_and_says_how_long_to_wait(body, wait, post):
    async with Peer(answering(whole(429, body))) as peer, asking() as request:
        with pytest.raises(RequestNotSent) as caught:
            await post(request, peer.address)
        assert isinstance(caught.value, RetryAfter) == (wait is not None)
        assert getattr(caught.value, "retry_after", None) == wait


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, BadRequest),
        (401, InvalidToken),
        (403, Forbidden),
        (404, InvalidToken),
        (409, Conflict),
    ],
)
async def test_a_refusal_in_the_bot_apis_own_words_stays_one(double, status, error, post):
    double.fail("sendMessage", 1, How.refused(status, "Because: of this"))
    async with asking() as request:
        with pytest.raises(error) as caught:
            await post(request, double.url)
        assert not isinstance(caught.value, RequestNotSent | RequestFateUnknown)


def chain(error):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


FAULTS = UNKNOWN | {"in time": never_answers}


@pytest.mark.parametrize("behave", FAULTS.values(), ids=FAULTS)
async def test_neither_the_token_nor_the_words_are_in_an_error_or_a_log(behave, caplog, post):
    caplog.set_level(logging.DEBUG)
    async with Peer(behave) as peer, asking(read_timeout=0.1) as request:
        with pytest.raises(NetworkError) as caught:
            await post(request, peer.address)
    told = "".join(f"{error!r} {error}" for error in chain(caught.value)) + caplog.text
    told += "".join(traceback.format_exception(caught.value))
    assert "s3cret" not in told
    assert WORDS not in told
    assert "guest network" not in told


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1", "ftp://127.0.0.1", "http://no-such-host.invalid", "full"]
)
async def test_an_unsent_request_leaks_no_token_either(address, caplog, post):
    caplog.set_level(logging.DEBUG)
    with full_house() as full:
        async with asking(connect_timeout=0.1) as request:
            with pytest.raises(RequestNotSent) as caught:
                await post(request, full if address == "full" else address)
    told = "".join(f"{error!r} {error}" for error in chain(caught.value)) + caplog.text
    assert "s3cret" not in told
    assert WORDS not in told


async def test_calls_one_after_the_other_share_a_connection(post):
    async def behave(reader, writer):
        while True:
            await take(reader)
            writer.write(OK)

    async with Peer(behave) as peer, asking() as request:
        for _ in range(5):
            await post(request, peer.address)
        assert peer.connections == 1


async def test_no_more_connections_than_allowed(double, post):
    double.latency = 0.02
    async with asking(connections=3) as request:
        double.fail("sendMessage", 99, How.answer(200, {"ok": True, "result": True}, accepted=False))
        await asyncio.gather(*(post(request, double.url) for _ in range(12)))
    began = sorted(call.at for call in double.calls)
    ended = sorted(call.answered for call in double.calls)
    assert all(later >= earlier for later, earlier in zip(began[3:], ended, strict=False))


# -- through python-telegram-bot's own Bot -----------------------------------------------------------------


@contextlib.asynccontextmanager
async def a_bot(double, **given):
    requests = {"request": AiohttpRequest(**given), "get_updates_request": AiohttpRequest(1, **given)}
    files = f"{double.url}/file/bot"
    async with Bot(double.token, base_url=f"{double.url}/bot", base_file_url=files, **requests) as bot:
        yield bot


async def test_a_bot_sends_pictures_and_fetches_files(double, sam):
    await sam.types("/start")
    async with a_bot(double) as bot:
        sent = await bot.send_photo(sam.id, picture(), caption="<b>14</b> of 22", parse_mode="HTML")
        assert (await sam.hears("14 of 22")).kind == "photo"
        file = await sent.photo[-1].get_file()
        assert bytes(await file.download_as_bytearray()) == picture()
        media = InputMediaPhoto(picture(colour="red"), caption="15 of 22")
        await bot.edit_message_media(media, sam.id, sent.message_id)
        await sam.hears("15 of 22")
        with pytest.raises(InvalidToken):  # what the library makes of any 404
            await bot.request.retrieve(f"{double.url}/file/bot{double.token}/files/none")


async def test_a_caption_with_a_lone_surrogate_is_still_sent(double, sam):
    await sam.types("/start")
    async with a_bot(double) as bot:
        await bot.send_document(sam.id, b"rows", caption="half \ud83d", filename="answers.csv")
    await sam.hears("half ?")


async def test_a_long_poll_outlasts_the_read_timeout(double, sam):
    async with a_bot(double, read_timeout=0.2) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.5)
        await sam.types("at last")
        assert [update.message.text for update in await poll] == ["at last"]


async def test_half_a_sign_in_an_answer_holds_nobody_up():
    odd = answering(whole(200, '{"ok":true,"result":{"message_id":1,"text":"\\ud800 hello"}}'))
    async with Peer(odd) as peer, asking() as request:
        assert (await straight(request, peer.address))["text"] == "\ud800 hello"
