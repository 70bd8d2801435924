"""Updates a second without a rate limit: Heard (a stored turn each) compared with a bare python-telegram-bot echo bot.

`python -m tests.bench.updates` prints both from one run, and their ratio. The echo bot keeps nothing: it takes
updates from memory and answers straight away, as the library's own examples do.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import crowd
from tests.botapi import DoubleProcess, Phone
from tests.walks.running import Heard

CHATS = range(820_000, 820_050)
EACH = 16  # messages of one person
ROUNDS = 2

ECHO = """
import sys
from telegram.ext import Application, MessageHandler, filters

async def echo(update, context):
    await update.message.reply_text(update.message.text)

address, token, at_once = sys.argv[1:]
application = (
    Application.builder().token(token).base_url(address + "/bot").concurrent_updates(at_once == "many").build()
)
application.add_handler(MessageHandler(filters.TEXT, echo))
application.run_polling(stop_signals=None)
"""


async def _rate(double: DoubleProcess, text: str) -> float:
    """Replies a second, from the first message on its way to the last reply at its phone."""
    before = len(await double.calls())
    phones = [Phone(double, chat) for chat in CHATS]
    began = time.perf_counter()
    for _ in range(EACH):
        await asyncio.gather(*(phone.types(text) for phone in phones))
    want = len(CHATS) * EACH
    while await _sent(double, before) < want:
        await asyncio.sleep(0.02)
    return want / (time.perf_counter() - began)


async def _sent(double: DoubleProcess, since: int) -> int:
    return sum(call["method"].lower() == "sendmessage" for call in await double.calls(since))


async def _heard() -> float:
    with tempfile.TemporaryDirectory() as folder:
        fast = {"SENDS_PER_SECOND": "1000"}
        async with DoubleProcess() as double, Heard(Path(folder), double, plainly=True, **fast) as heard:
            for chat in CHATS:
                await double.act("joins", who=chat, language_code="en", name="Sam")
            heard.look(lambda db: crowd.join(db, CHATS))
            return await _rate(double, "/home")


async def _echo(at_once: str) -> float:
    async with DoubleProcess() as double:
        for chat in CHATS:
            await double.act("joins", who=chat, language_code="en", name="Sam")
        command = (sys.executable, "-W", "ignore", "-c", ECHO, double.url, double.token, at_once)
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
        try:
            while not any(call["method"].lower() == "getupdates" for call in await double.calls()):
                await asyncio.sleep(0.05)
            return await _rate(double, "hello")
        finally:
            process.kill()
            await process.wait()


async def measure() -> dict[str, float]:
    """Updates a second of each, the best of its rounds, and Heard's as a ratio to the echo bots'."""
    bots: dict[str, Callable[[], Awaitable[float]]] = {
        "Heard": _heard,
        "echo, one at a time": lambda: _echo("one"),
        "echo, many at once": lambda: _echo("many"),
    }
    best = dict.fromkeys(bots, 0.0)
    for _ in range(ROUNDS):
        for name, run in bots.items():
            best[name] = max(best[name], await run())
    heard = best["Heard"]
    return best | {f"Heard / {name}": heard / best[name] for name in bots if name != "Heard"}


if __name__ == "__main__":
    for name, value in asyncio.run(measure()).items():
        print(f"{name:>32} {value:10.2f}")
