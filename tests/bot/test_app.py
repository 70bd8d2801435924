"""`python -m bot run` as an operator sees it: its output, its refusals, its stop."""

import asyncio
import re
import socket
import sqlite3
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.botapi import Double, How, Phone
from tests.waiting import until
from tests.walks.running import Heard


async def refused(folder: Path, **settings: str) -> str:
    """Its message when it does not start."""
    heard = Heard(folder, **settings)
    before = len(heard.output)
    heard.begin()
    assert await heard.ended() == 1
    said = heard.output[before:]
    assert "Traceback" not in said
    return said


async def test_it_prints_the_address_one_owner_link_and_whether_telegram_is_on(tmp_path: Path):
    async with Heard(tmp_path, plainly=True) as heard, ClientSession() as visitor:
        assert f"The page: {heard.url}" in heard.output
        assert len(re.findall(r"/i/\S+", heard.output)) == 1
        assert "Telegram is off" in heard.output
        for path in ("/healthz", "/readyz", "/"):
            async with visitor.get(heard.url + path) as answer:
                assert answer.status == 200
        assert (tmp_path / "data" / "key").stat().st_mode & 0o777 == 0o600
        assert heard.count("SELECT count(*) FROM consultations WHERE sample") == 1
        assert await heard.stop() == 0
        assert not list((tmp_path / "data").glob("*-journal"))


async def test_started_again_it_offers_no_second_sample_and_the_old_owner_link_is_over(tmp_path: Path):
    async with Heard(tmp_path) as heard, ClientSession() as visitor:
        first = heard.owner_token
        await heard.stop()
        await heard.start()
        assert heard.owner_token != first
        async with visitor.get(f"{heard.url}/i/{first}") as answer:
            assert answer.status == 410
        assert heard.count("SELECT count(*) FROM consultations") == 1


async def test_a_port_in_use_is_named(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"Port {port}" in await refused(tmp_path, PORT=port)


async def test_wrong_settings_are_named_all_at_once_without_their_values(tmp_path: Path):
    said = await refused(tmp_path, SMALL_NUMBER="1", TIMEZONE="Mars/Base777", QUIET_HOURS="late")
    assert all(name in said for name in ("SMALL_NUMBER", "TIMEZONE", "QUIET_HOURS"))
    assert "Base777" not in said


async def test_a_database_without_its_key_a_damaged_one_and_a_newer_one_are_refused(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir()
    file = folder / "heard.db"
    file.write_bytes(b"this is not a database at all" * 100)
    assert "damaged" in await refused(tmp_path)
    file.unlink()
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        made.execute("INSERT INTO alembic_version VALUES ('9999')")
    made.close()
    said = await refused(tmp_path)
    assert "newer Heard" in said or "key" in said


async def test_postgresql_without_a_key_is_refused_with_instructions(tmp_path: Path):
    said = await refused(tmp_path, DATABASE_URL="postgresql+asyncpg://sam:pass777@127.0.0.1:9/x")
    assert "DATA_KEY" in said or "DATABASE_URL" in said
    assert "pass777" not in said


@pytest.mark.parametrize("style", ["text", "json"])
async def test_telegram_down_at_the_start_does_not_keep_the_page_from_serving(tmp_path: Path, style: str):
    settings = {
        "TELEGRAM_BOT_TOKEN": "1234567:secret_token_secret_token_x",
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
    }
    async with Heard(tmp_path, LOG_FORMAT=style, **settings) as heard, ClientSession() as visitor:
        async with visitor.get(heard.url) as answer:
            assert answer.status == 200
        assert "does not answer yet" in heard.output
        assert "secret_token" not in heard.output
        assert await heard.stop() == 0


# --- Telegram, there or not ---------------------------------------------------------------------------


async def test_with_a_token_it_says_where_the_bot_is_and_answers_there(tmp_path: Path, double: Double):
    async with Heard(tmp_path, double, plainly=True) as heard:
        assert "Telegram is on: https://t.me/heard_test_bot" in heard.output
        await Phone(double, 700001).types("/start")
        await Phone(double, 700001).hears("I'm Heard")
        menus = [call.values.get("language_code", "") for call in double.calls_of("setMyCommands")]
        assert menus == ["", "pl", "ar"]
        assert await heard.stop() == 0
    assert double.token not in heard.output


async def test_a_rejected_token_is_reported_with_its_fix(tmp_path: Path, double: Double):
    settings = {
        "TELEGRAM_BOT_TOKEN": "1234567:wrong_wrong_wrong_wrong_x",
        "TELEGRAM_API_URL": double.url,
    }
    said = await refused(tmp_path, **settings)
    assert said == "Telegram refuses TELEGRAM_BOT_TOKEN. Ask @BotFather for it again.\n"


async def test_telegram_is_connected_without_a_restart_once_it_is_reachable(tmp_path: Path):
    """As after a power cut, when the machine is up before its network."""
    async with Double() as away:
        port, token = away.port, away.token
    settings = {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": f"http://127.0.0.1:{port}"}
    async with Heard(tmp_path, **settings) as heard, ClientSession() as visitor:
        assert "Telegram does not answer yet" in heard.output
        async with Double(port=port) as double:
            sam = Phone(double, 700001)
            await sam.types(f"/start i_{heard.owner_token}")
            await sam.hears("Welcome to the team")
            await sam.types("/team")
            for label in ("Invite somebody", "Worker", "Make the link"):
                await sam.taps(label)
            await sam.hears("https://t.me/heard_test_bot?start=i_")
            async with visitor.get(heard.url) as answer:
                assert answer.status == 200
            assert await heard.stop() == 0
    assert heard.output.count("Heard is running") == 1


async def test_a_token_that_is_revoked_later_leaves_the_page_serving(tmp_path: Path, double: Double):
    async with Heard(tmp_path, double) as heard, ClientSession() as visitor:
        double.fail("*", 10_000, How.refused(401, "Unauthorized"))
        await Phone(double, 700001).types("/start")
        await until(lambda: "rejected the bot token" in heard.output)
        async with visitor.get(heard.url) as answer:
            assert answer.status == 200
        assert await heard.stop() == 0
    assert double.token not in heard.output


async def test_updates_being_handled_at_the_stop_are_stored_or_come_again(tmp_path: Path, double: Double):
    phones = [Phone(double, 700100 + n) for n in range(20)]
    async with Heard(tmp_path, double) as heard:
        await asyncio.gather(*(phone.types("/start") for phone in phones))
        assert await heard.stop() == 0
        stored = heard.count("SELECT count(*) FROM doors")
        waiting = sum("message" in update for update in double.updates.queue)
        assert stored + waiting == 20
        assert heard.count("SELECT count(*) FROM outbox WHERE state = 'sending'") == 0
        await heard.start()
        for phone in phones:
            await phone.hears("I'm Heard")
        for phone in phones:
            assert len([shown for shown in await phone.sees() if not shown.mine]) == 1


async def test_a_second_one_started_by_mistake_touches_nothing(tmp_path: Path):
    async with Heard(tmp_path) as heard, ClientSession() as visitor:
        said = await refused(tmp_path, **heard.settings)
        assert f"Port {heard.port} on 127.0.0.1 cannot be used" in said
        async with visitor.get(f"{heard.url}/i/{heard.owner_token}") as answer:
            assert answer.status == 200


async def test_an_address_that_is_not_this_machines_is_named(tmp_path: Path):
    assert "Port 8199 on 203.0.113.7 cannot be used" in await refused(
        tmp_path, HOST="203.0.113.7", PORT="8199"
    )
    assert not (tmp_path / "data").exists()


async def test_it_stops_at_once_even_if_telegram_is_silent(tmp_path: Path, double: Double):
    async with Heard(tmp_path, double) as heard:
        double.latency = 1000
        assert await heard.stop() == 0
