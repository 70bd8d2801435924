"""The double fails on demand: with or without effect, and with a cut, late or invalid response."""

import time

import pytest
from aiohttp import ClientError

from tests.botapi import DoubleProcess, How, Phone


async def test_a_refusal_on_order_and_then_all_is_well(double, bot, sam):
    await sam.types("/start")
    double.fail("sendMessage", 2, How.refused(429, "Too Many Requests: retry after 3", retry_after=3))
    for _ in range(2):
        async with bot.session.post(bot.address("sendMessage"), json={"chat_id": 1, "text": "x"}) as answer:
            assert answer.status == 429
            assert (await answer.json())["parameters"] == {"retry_after": 3}
    await bot.says(sam.id)
    assert [shown.text for shown in await sam.sees()] == ["/start", "Hello"]


@pytest.mark.parametrize(("how", "arrives"), [(How.cut_before(), False), (How.cut_after(), True)])
async def test_a_connection_is_cut_before_or_after_the_message_is_out(double, bot, sam, how, arrives):
    await sam.types("/start")
    double.fail("sendMessage", 1, how)
    with pytest.raises(ClientError):
        await bot.says(sam.id)
    assert [shown.text for shown in await sam.sees()] == ["/start", "Hello"][: 1 + arrives]
    assert double.calls_of("sendMessage")[0].status == 0


async def test_a_truncated_answer_is_half_of_the_true_one(double, bot, sam):
    await sam.types("/start")
    double.fail("sendMessage", 1, How.truncated())
    with pytest.raises(ClientError):
        await bot.says(sam.id)
    await sam.hears("Hello")


async def test_an_answer_that_is_not_json(double, bot, sam):
    await sam.types("/start")
    double.fail("sendMessage", 1, How.answer(502, "<html>Bad Gateway</html>", accepted=True))
    async with bot.session.post(bot.address("sendMessage"), json={"chat_id": sam.id, "text": "x"}) as answer:
        assert (answer.status, await answer.text()) == (502, "<html>Bad Gateway</html>")
    await sam.hears("x")


async def test_a_late_answer(double, bot, sam):
    await sam.types("/start")
    double.fail("*", 1, How.late(0.2))
    began = time.monotonic()
    await bot.says(sam.id)
    assert time.monotonic() - began >= 0.2


async def test_the_fault_can_wait_for_its_turn(double, bot, sam):
    await sam.types("/start")
    double.fail("sendMessage", 1, How.refused(500, "Internal Server Error"), skip=1)
    statuses = [(await bot.asks("sendMessage", chat_id=sam.id, text="x"))[0] for _ in range(3)]
    assert statuses == [200, 500, 200]


async def test_every_call_has_its_latency_and_is_remembered(double, bot, sam):
    await sam.types("/start")
    double.latency = 0.05
    await bot.says(sam.id)
    (call,) = double.calls
    assert call.values == {"chat_id": sam.id, "text": "Hello"}
    assert (call.method, call.status, call.result["text"]) == ("sendMessage", 200, "Hello")
    assert call.answered - call.at >= 0.05


async def test_the_same_phone_works_with_a_double_in_another_process():
    async with DoubleProcess() as double:
        sam = Phone(double, 700001)
        await sam.types("/start")
        await sam.sends("voice", b"\x00\x01")
        await double.fail("getMe", 1, How.refused(500, "Internal Server Error"))
        async with double.session.get(f"{double.url}/bot{double.token}/getMe") as answer:
            assert answer.status == 500
        values = {"chat_id": sam.id, "text": "Hello"}
        async with double.session.post(f"{double.url}/bot{double.token}/sendMessage", json=values) as answer:
            assert answer.status == 200
        assert (await sam.hears("Hello")).mine is False
        with pytest.raises(AssertionError, match="no button 'Yes' on"):
            await sam.taps("Yes", within=0)
        assert [shown.kind for shown in await sam.sees()] == ["text", "voice", "text"]
        assert [(call["method"], call["status"]) for call in await double.calls()] == [
            ("getMe", 500),
            ("sendMessage", 200),
        ]
