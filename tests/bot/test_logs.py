"""Logs say what happened and where, and never a text, a name, an id or a token: not even an error's own text."""

import asyncio
import dataclasses
import json
import sys
from pathlib import Path

import pytest

from conversations.core.record import replace
from handlers.telegram.client import LeanBot

ROOT = Path(__file__).parents[2]
TOKEN = "4200000042:heard-test-not-a-real-token-0000"
WORDS = "my very own words"

# A process in which everything fails with an error whose text is a secret.
EVERYTHING_FAILS = f"""
import asyncio, gc, logging, sys, threading, warnings
import structlog
from aiohttp import ClientSession, web
from bot import logs

logs.set_up(style=sys.argv[1], level="debug")
log = structlog.get_logger()
SECRET = "{TOKEN} {WORDS}"

class Untidy:
    def __del__(self):
        raise ValueError(SECRET)

def fail(*_):
    raise ValueError(SECRET)

async def refuse(request):
    raise KeyError(SECRET)

async def unhandled():
    async def lost():
        fail()
    task = asyncio.create_task(lost())
    await asyncio.sleep(0.01)
    del task
    gc.collect()
    asyncio.get_running_loop().call_soon(fail)
    await asyncio.sleep(0.01)

async def served():
    app = web.Application()
    app.router.add_get("/", refuse)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{{runner.addresses[0][1]}}/") as answer:
            print("answered", answer.status, SECRET in await answer.text())
    await runner.cleanup()

try:
    fail()
except ValueError:
    log.exception("ours failed", door="telegram")
for library in ("telegram.Bot", "sqlalchemy.engine", "alembic.runtime.migration", "aiosqlite", "unheard.of"):
    try:
        fail()
    except ValueError as error:
        logging.getLogger(library).error("about %r: %s", SECRET, error, exc_info=True)
asyncio.run(unhandled())
asyncio.run(served())
thread = threading.Thread(target=fail, name=SECRET)
thread.start()
thread.join()
untidy = Untidy()
del untidy
warnings.warn(SECRET)
log.info("before the end")
fail()
"""


async def everything_fails(style):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "always", "-c", EVERYTHING_FAILS, style),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, logged = await process.communicate()
    return out.decode(), logged.decode(), process.returncode


@pytest.mark.parametrize("style", ["text", "json"])
async def test_no_error_brings_its_text_into_a_log(style):
    out, logged, code = await everything_fails(style)
    assert out == "answered 500 False\n"
    assert code == 1
    for secret in (TOKEN, TOKEN.partition(":")[2], WORDS):
        assert secret not in logged
    expected = [
        "ours failed",
        "telegram.Bot",
        "sqlalchemy.engine",
        "alembic.runtime.migration",
        "aiosqlite",
        "unheard.of",
        "asyncio",
        "aiohttp.server",
        "uncaught error in a thread",
        "unraisable error",
        "py.warnings",
        "before the end",
        "stopped by an unexpected error",
    ]
    assert [name for name in expected if name not in logged] == []


async def test_every_line_of_json_is_one_object_that_says_when_how_grave_and_what():
    _, logged, _ = await everything_fails("json")
    lines = [json.loads(line) for line in logged.splitlines()]
    assert all(line.keys() >= {"timestamp", "level", "event"} for line in lines)
    last = lines[-1]
    assert (last["level"], last["kind"], last["event"]) == (
        "critical",
        "ValueError",
        "stopped by an unexpected error",
    )
    assert last["through"].count("<string>:") == 2  # where it began, and where it broke


async def quiet(level, say):
    script = f"from bot import logs; import structlog; logs.set_up(style='text', level='{level}'); {say}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script), cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    return (await process.communicate())[1].decode()


async def test_the_log_level_is_respected():
    assert "heard" not in await quiet("warning", "structlog.get_logger().info('heard')")
    assert "heard" in await quiet("warning", "structlog.get_logger().warning('heard')")


async def test_a_librarys_warning_keeps_its_level():
    say = "import logging; logging.getLogger('some.library').warning('text')"
    assert "some.library" in await quiet("warning", say)
    assert "some.library" not in await quiet("error", say)


async def test_ctrl_c_is_no_mistake():
    assert await quiet("info", "raise KeyboardInterrupt") == ""


# --- a whole turn ---------------------------------------------------------------------------------


def broken(house, name):
    """The same house, with one step that raises on any text."""

    def stumble(_session, event, _facts):
        raise ValueError(f"cannot read {event}")

    flows = house.runtime.flows
    step = replace(flows.steps[name], take=stumble)
    runtime = replace(house.runtime, flows=replace(flows, steps={**flows.steps, name: step}))
    return dataclasses.replace(house, runtime=runtime)


async def test_a_flows_mistake_is_logged_without_what_was_said(house, logged):
    someone = house.person("700555777")
    await someone.joins()
    someone.house = broken(house, "home")
    says = await someone.types(WORDS)
    assert "Something went wrong on our side" in says[0].text
    told = logged()
    assert "turn failed" in told
    assert "ValueError" in told
    assert WORDS not in told
    assert someone.address not in told


async def test_an_update_that_the_library_cannot_parse_is_not_logged(double, logged):
    double.deliver({"update_id": 5, "message": {"text": WORDS, "chat": "none"}})
    bot = LeanBot(double.token, double.url)
    await bot.initialize()
    with pytest.raises(Exception):  # noqa: B017 - whatever the library makes of it
        await bot.get_updates()
    await bot.shutdown()
    told = logged()
    assert "telegram.Bot" in told
    assert WORDS not in told
    assert double.token not in told


async def test_a_log_that_cannot_be_written_stops_nothing():
    script = (
        "import sys, structlog; from bot import logs; logs.set_up(style='text', level='info');"
        "sys.stderr.close(); structlog.get_logger().warning('lost'); print('goes on')"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert (await process.communicate())[0] == b"goes on\n"
