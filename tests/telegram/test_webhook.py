"""The webhook: 200 only after the commit, nothing read without the secret, large and deep bodies rejected."""

import asyncio
import contextlib
import gzip
import io
import json
import resource

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from handlers.telegram.client import LeanBot
from handlers.telegram.receiver import TelegramReceiver
from handlers.telegram.webhook import LARGEST, PATH, SECRET, set_webhook, webhook
from handlers.wakeup import Wakeup
from handlers.web.app import make_page
from storage.core.errors import Unavailable
from tests.botapi import Phone
from tests.telegram.updates import message
from tests.waiting import until

RIGHT = "s3cret-s3cret-s3cret-s3cret"
WORDS = "my private words"


class Taker:
    def __init__(self):
        self.taken, self.broken = [], None

    async def __call__(self, update):
        if self.broken:
            raise self.broken
        self.taken.append(update.number)


@contextlib.asynccontextmanager
async def served(app):
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
def taker():
    return Taker()


@pytest.fixture
async def post(taker, double):
    """Posts to the webhook as Telegram does; returns the status."""
    app = web.Application()
    app.add_routes([webhook(LeanBot(double.token, double.url), taker, RIGHT)])
    async with served(app) as url, ClientSession() as session:

        async def posted(data, secret=RIGHT, **headers):
            given = {SECRET: secret} if secret is not None else {}
            async with session.post(url + PATH, data=data, headers=given | headers) as answer:
                assert WORDS not in await answer.text()
                return answer.status

        yield posted


def body(**more):
    return json.dumps(message(WORDS, number=5) | more).encode()


# --- who may post -----------------------------------------------------------------------------------


async def test_an_update_with_the_secret_is_taken(post, taker):
    assert await post(body()) == 200
    assert taker.taken == [5]


@pytest.mark.parametrize(
    "secret", [None, "", "wrong", RIGHT[:-1], RIGHT + "x", RIGHT.upper(), "\udcff" * 8, "ż" * 27]
)
async def test_without_the_right_secret_it_is_401_and_nothing_is_taken(post, taker, secret):
    assert await post(body(), secret) == 401
    assert taker.taken == []


async def test_without_the_secret_nothing_of_the_body_is_read(double, taker):
    """The response comes before the body."""
    app = web.Application()
    app.add_routes([webhook(LeanBot(double.token, double.url), taker, RIGHT)])
    async with served(app) as url:
        port = int(url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n".encode())
        first = await asyncio.wait_for(reader.readline(), 60)
        writer.close()
    assert b"401" in first
    assert taker.taken == []


async def test_only_posts_are_answered(double, taker):
    app = web.Application()
    app.add_routes([webhook(LeanBot(double.token, double.url), taker, RIGHT)])
    async with served(app) as url, ClientSession() as session:
        answer = await session.get(url + PATH, headers={SECRET: RIGHT})
        assert answer.status == 405


# --- what is posted ---------------------------------------------------------------------------------


def nested(depth):
    return b'{"update_id":1,"message":' + b"[" * depth + b"]" * depth + b"}"


async def chunks(total, piece=65_536):
    for _ in range(total // piece):
        yield b" " * piece


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"[]",
        b"5",
        b"{}",
        b'"text"',
        b"\xff\xfe\x00",
        b'{"update_id":1',
        b'{"update_id":"1"}',
        b'{"update_id":' + b"9" * 5000 + b"}",
        nested(1000),
        nested(400_000),
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=lambda data: data[:24].decode(errors="replace") + f" ({len(data)})",
)
async def test_what_is_no_update_is_400(post, taker, data):
    assert await post(data) == 400
    assert taker.taken == []


@pytest.mark.parametrize(
    "data",
    [
        b'{"update_id":1,"message":{"message_id":1,"text":"my private words"}}',
        b'{"update_id":1,"message":"my private words"}',
        b'{"update_id":1,"message":{"message_id":1,"date":1e300,"chat":{"id":1,"type":"private"}}}',
    ],
    ids=lambda data: data[:60].decode(),
)
async def test_an_update_that_nothing_can_read_is_200_so_that_it_does_not_come_for_ever(post, taker, data):
    with capture_logs() as logged:
        assert await post(data) == 200
        assert await post(body()) == 200
    assert taker.taken == [1, 5]
    assert [entry["event"] for entry in logged] == ["update let go: nothing can read it"]
    assert WORDS not in str(logged)


@pytest.mark.parametrize("said", [True, False], ids=["with its length", "without a length"])
async def test_ten_megabytes_are_413(post, taker, said):
    big = io.BytesIO(b" " * 10_000_000) if said else chunks(10_000_000)
    with contextlib.suppress(ConnectionError):  # the server need not listen to the end
        assert await post(big) == 413
    assert taker.taken == []


async def test_a_small_body_that_unpacks_to_a_large_one_is_refused(post, taker):
    bomb = gzip.compress(b" " * 200_000_000)
    assert len(bomb) < LARGEST
    assert await post(bomb, **{"Content-Encoding": "gzip"}) in {400, 413}
    assert taker.taken == []


async def test_memory_stays_bounded_whatever_is_posted(post):
    """Fifty large or deep bodies at once: not much more memory than before."""
    await post(nested(400_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    async def posted(data):
        with contextlib.suppress(ConnectionError):
            await post(data)

    for _ in range(3):
        await asyncio.gather(
            *(posted(chunks(10_000_000)) for _ in range(8)), *(posted(nested(400_000)) for _ in range(8))
        )
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


async def test_the_largest_update_that_telegram_sends_is_far_below_the_bound(post, taker):
    assert await post(json.dumps(message("ż" * 4096, number=6, entities=[]) | {"x": "y" * 100_000})) == 200
    assert taker.taken == [6]


# --- what could not be stored -------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Unavailable("SQLITE_FULL"), RuntimeError(WORDS)])
async def test_an_unstored_update_is_500_so_that_it_comes_again(post, taker, fault):
    taker.broken = fault
    with capture_logs() as logged:
        assert await post(body()) == 500
    assert WORDS not in str(logged)
    taker.broken = None
    assert await post(body()) == 200
    assert taker.taken == [5]


async def test_200_comes_only_when_all_is_stored(post, taker, monkeypatch):
    stored = asyncio.Event()

    async def slowly(_taker, update):
        await stored.wait()

    monkeypatch.setattr(Taker, "__call__", slowly)
    posting = asyncio.create_task(post(body()))
    await asyncio.sleep(0.05)
    assert not posting.done()
    stored.set()
    assert await posting == 200


# --- the whole way, beside the page -------------------------------------------------------------------


async def test_the_double_posts_to_the_page_that_also_serves_people(double, sam, any_house):
    bot = LeanBot(double.token, double.url)
    await bot.initialize()
    door = TelegramReceiver(any_house.runtime, bot)
    app = make_page(any_house.runtime, Wakeup(), (webhook(bot, door.take, RIGHT),))
    async with served(app) as url:
        await set_webhook(bot, url, RIGHT)
        others = [Phone(double, 700010 + n) for n in range(10)]
        for phone in (sam, *others):
            await phone.types("/start")
            await phone.types("/help")
        await until(lambda: not double.updates.queue)
    await door.finish()
    await bot.shutdown()
    assert len(any_house.woken) == 22
    assert [call.values["allowed_updates"] for call in double.calls_of("setWebhook")] == [
        ["message", "edited_message", "callback_query", "my_chat_member"]
    ]


async def test_a_wrong_secret_on_the_page_that_serves_people_is_a_bare_401(double, any_house):
    bot = LeanBot(double.token, double.url)
    app = make_page(
        any_house.runtime, Wakeup(), (webhook(bot, TelegramReceiver(any_house.runtime, bot).take, RIGHT),)
    )
    async with served(app) as url, ClientSession() as session:
        async with session.post(url + PATH, data=body(), headers={SECRET: "wrong"}) as answer:
            assert (answer.status, await answer.text()) == (401, "")
        big = session.post(url + PATH, data=io.BytesIO(b" " * 2_000_000), headers={SECRET: RIGHT})
        async with big as answer:
            assert answer.status == 413
