"""Updates are delivered as Telegram does: polled and confirmed, or posted until accepted."""

import asyncio
import time

from aiohttp import web

from tests.botapi import Phone
from tests.botapi.asking import buttons
from tests.botapi.updates import SECRET_HEADER
from tests.waiting import until


async def ids(bot, **values):
    status, said = await bot.asks("getUpdates", **values)
    assert status == 200, said
    return [update["update_id"] for update in said]


async def test_unconfirmed_updates_come_again(bot, sam):
    await sam.types("one")
    await sam.types("two")
    first = await ids(bot)
    assert first == [first[0], first[0] + 1]
    assert await ids(bot) == first
    assert await ids(bot, offset=first[1]) == first[1:]
    assert await ids(bot, offset=first[1] + 1) == []
    assert await ids(bot) == []


async def test_a_limit_is_kept(bot, sam):
    for word in "abc":
        await sam.types(word)
    assert len(await ids(bot, limit=2)) == 2


async def test_a_negative_offset_keeps_the_last(bot, sam):
    for word in "abc":
        await sam.types(word)
    newest = (await ids(bot))[-1:]
    assert await ids(bot, offset=-1) == newest
    assert await ids(bot) == newest


async def test_a_long_poll_waits_for_news(bot, sam):
    poll = asyncio.create_task(ids(bot, timeout=50))
    await asyncio.sleep(0.05)
    await sam.types("at last")
    assert len(await poll) == 1


async def test_a_long_poll_without_news_ends_empty(bot):
    began = time.monotonic()
    assert await ids(bot, timeout=1) == []
    assert time.monotonic() - began > 0.9


async def test_the_second_of_two_pollers_ends_the_first(bot, sam):
    first = asyncio.create_task(bot.asks("getUpdates", timeout=50))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(ids(bot, timeout=50))
    status, why = await first
    assert (status, why[:44]) == (409, "Conflict: terminated by other getUpdates req")
    await sam.types("hi")
    assert len(await second) == 1


async def test_a_poller_that_was_killed_is_no_rival_for_long(bot, sam):
    poll = asyncio.create_task(ids(bot, timeout=50))
    await asyncio.sleep(0.05)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await sam.types("hi")
    assert len(await ids(bot, timeout=50)) == 1


async def test_only_the_kinds_that_were_asked_for_are_kept(bot, sam):
    await ids(bot, allowed_updates=["message"])
    await sam.types("/start")
    await sam.edits("/help")
    await bot.says(sam.id, reply_markup=buttons([("A", "1")]))
    await sam.taps("A")
    assert len(await ids(bot)) == 1


class Hook:
    """A bot's webhook, which answers with what `answers` holds and then with 200."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.posts = []

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/telegram", self.take)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/telegram"
        return self

    async def __aexit__(self, *_):
        await self.runner.cleanup()

    async def take(self, request):
        self.posts.append((request.headers.get(SECRET_HEADER), await request.json()))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def has(self, count):
        await until(lambda: len(self.posts) >= count)
        return [update["message"]["text"] for _, update in self.posts]


async def test_a_webhook_is_posted_to_with_its_secret_and_in_order(bot, sam):
    async with Hook() as hook:
        await bot.asks("setWebhook", url=hook.url, secret_token="s3cret")
        for word in ("one", "two", "three"):
            await sam.types(word)
        assert await hook.has(3) == ["one", "two", "three"]
        assert {secret for secret, _ in hook.posts} == {"s3cret"}


async def test_an_update_that_a_webhook_rejects_comes_again_and_delays_only_its_chat(bot, sam):
    async with Hook(500, 401) as hook:
        await bot.asks("setWebhook", url=hook.url)
        await sam.types("one")
        await sam.types("two")
        assert await hook.has(4) == ["one", "one", "one", "two"]
        info = (await bot.asks("getWebhookInfo"))[1]
        assert (info["pending_update_count"], info["last_error_message"][:37]) == (
            0,
            "Wrong response from the webhook: 401 ",
        )


async def test_one_delayed_chat_does_not_delay_another(double, bot, sam):
    async with Hook(500) as hook:
        double.updates.retry_delay = 1000
        await bot.asks("setWebhook", url=hook.url)
        await sam.types("held up")
        await hook.has(1)
        await Phone(double, 700002).types("free")
        assert await hook.has(2) == ["held up", "free"]


async def test_a_webhook_that_is_away_gets_it_when_it_is_back(bot, sam):
    async with Hook() as hook:
        pass
    await bot.asks("setWebhook", url=hook.url)
    await sam.types("one")
    await until(lambda: "last_error_message" in bot.double.updates.hook)
    info = (await bot.asks("getWebhookInfo"))[1]
    assert (info["pending_update_count"], info["last_error_message"]) == (1, "Connection refused")
    assert await bot.asks("deleteWebhook") == (200, True)
    assert len(await ids(bot)) == 1


async def test_there_is_no_polling_with_a_webhook(bot):
    async with Hook() as hook:
        poll = asyncio.create_task(bot.asks("getUpdates", timeout=50))
        await asyncio.sleep(0.05)
        await bot.asks("setWebhook", url=hook.url)
        assert (await poll)[0] == 409
        status, why = await bot.asks("getUpdates")
        assert (status, why[:50]) == (409, "Conflict: can't use getUpdates method while webhoo")


async def test_a_webhook_needs_https_and_a_plain_secret(bot):
    assert (await bot.asks("setWebhook", url="http://heard.example.org/telegram"))[0] == 400
    for secret in ("a b", "ż", "x" * 257):
        assert (await bot.asks("setWebhook", url="https://heard.example.org/", secret_token=secret))[0] == 400


async def test_pending_updates_can_be_dropped(bot, sam):
    await sam.types("one")
    await bot.asks("deleteWebhook", drop_pending_updates=True)
    assert await ids(bot) == []


async def test_an_update_can_be_delivered_again_or_made_up(double, bot, sam):
    await sam.types("one")
    (first,) = await ids(bot)
    assert await ids(bot, offset=first + 1) == []
    double.redeliver(first)
    double.deliver({"update_id": first + 7, "poll_of_the_future": {}})
    assert await ids(bot) == [first, first + 7]
