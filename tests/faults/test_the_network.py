"""Telegram answers late, wrongly, or not at all: what is resent, what never, and what staff see."""

import asyncio
import itertools
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.team import members as team
from tests.botapi import Double, How, Phone
from tests.crowd import add_crowd, open_hub
from tests.faults.own_mounts import own_mount
from tests.waiting import LONG, until
from tests.walks.page import Browser
from tests.walks.running import Heard
from tests.walks.steps import OLU
from tests.walks.test_many import FIRST, NO_MORE, Many, many_people
from tests.walks.test_web_walk import join

BAD_GATEWAY = How.answer(502, "<html>Bad gateway</html>", accepted=False)
REFUSED = How.refused(400, "Bad Request: can't parse entities: Unsupported start tag")
TOO_LATE = How.late(13)  # seconds; Heard waits ten for an answer

# Telegram's fault, and how often a broadcast message and a reply then arrive.
FATES = {
    "late": (TOO_LATE, 1, 2),
    "cut off, and nothing was done": (How.cut_before(), 0, 1),
    "cut off after it was done": (How.cut_after(), 1, 2),
    "half an answer": (How.truncated(), 1, 2),
    "500": (How.answer(500, {"ok": False, "error_code": 500}, accepted=False), 0, 1),
    "502 after it was done": (How.answer(502, "<html>Bad gateway</html>", accepted=True), 1, 2),
    "200 that is no JSON": (How.answer(200, "<html>Welcome to our wifi</html>", accepted=False), 0, 1),
    "429": (How.refused(429, "Too Many Requests"), 1, 1),
    "429 with a time to wait": (How.refused(429, "Too Many Requests: retry after 1", retry_after=1), 1, 1),
    "400 once": (REFUSED, 1, 1),
}
UNKNOWN = 7  # the first of them
DOORS = "select count(*) from doors"
BLOCKED = How.refused(403, "Forbidden: bot was blocked by the user")


# --- every way that a message may go ------------------------------------------------------------------


async def test_a_broadcast_of_unknown_fate_is_never_blindly_resent_and_a_reply_once(
    tmp_path: Path,
):
    # Every other one succeeds: Telegram is there.
    arrives = dict.fromkeys(range(2 * len(FATES) + 4), 1)
    refused_twice, blocked = 2 * len(FATES), 2 * len(FATES) + 2
    async with many_people(tmp_path, len(arrives), SENDS_PER_SECOND="100") as crowd:
        asking = [Phone(crowd.double, 700101 + n) for n in range(2 * len(FATES))]
        for number, (how, often, _) in enumerate(FATES.values()):
            crowd.double.fail("sendMessage", 1, how, to=FIRST + 2 * number)
            crowd.double.fail("sendMessage", 1, how, to=asking[2 * number].id)
            arrives[2 * number] = often
        crowd.double.fail("sendMessage", 2, REFUSED, to=FIRST + refused_twice)
        crowd.double.fail("sendMessage", 1, BLOCKED, to=FIRST + blocked)
        arrives |= {refused_twice: 0, blocked: 0}
        doors = crowd.heard.count(DOORS) + len(asking)
        await crowd.send()
        await asyncio.gather(*(phone.types("/start") for phone in asking))
        await until(lambda: crowd.heard.count(DOORS) == doors, tell=lambda: (doors, crowd.heard.count(DOORS)))
        await crowd.until(lambda: crowd.heard.count(NO_MORE) == 0)
        assert crowd.told() == Counter({place: often for place, often in arrives.items() if often})
        assert crowd.states("unknown") == UNKNOWN
        assert (crowd.states("failed"), crowd.states("unreachable")) == (1, 1)
        plain, bold = 2 * list(FATES).index("400 once"), 1
        assert marks(crowd, bold) > marks(crowd, plain) == 0

        heard = [len([shown for shown in await phone.sees() if not shown.mine]) for phone in asking]
        assert heard == [how_often for _, _, often in FATES.values() for how_often in (often, 1)]
        assert crowd.heard.count("select sum(asked_again) from outbox") == UNKNOWN

        olu = crowd.walk.phones[OLU]
        for words in ("7 messages", "1 message was refused.", "1 person can't be reached any more."):
            await olu.hears(words)
        await olu.taps("How far it is now")
        await olu.taps(f"Send again to those {UNKNOWN + 1}")
        await olu.hears("messages again?")
        await olu.taps("Yes, send it")
        await crowd.until(lambda: crowd.states("sent") == len(arrives) - 1)
        for place in range(0, 2 * UNKNOWN, 2):
            arrives[place] += 1
        assert crowd.told() == Counter(arrives | {refused_twice: 1}) - Counter()


def marks(crowd: Many, place: int) -> int:
    """The number of formatted places, such as bold ones, in a person's messages."""
    [call] = [
        c for c in crowd.double.calls_of("sendMessage") if c.result and c.values["chat_id"] == FIRST + place
    ]
    return len(call.result.get("entities", []))


async def test_too_many_requests_without_a_time_to_wait_are_tried_again_after_longer_and_longer(
    tmp_path: Path,
):
    async with Double() as double, Heard(tmp_path, double) as heard:
        double.fail("sendMessage", 3, How.refused(429, "Too Many Requests"))
        sam = Phone(double, 700001)
        await sam.types("/start")
        await sam.hears("I'm Heard")
        tries = [call.at for call in double.calls_of("sendMessage")]
        pauses = [later - sooner for sooner, later in itertools.pairwise(tries)]
        assert [pause >= 0.75 * doubled for pause, doubled in zip(pauses, (0.5, 1, 2), strict=True)] == [
            True
        ] * 3
        assert heard.count("select sum(asked_again) from outbox") == 0


# --- Telegram is down -----------------------------------------------------------------------------------


async def down(crowd: Many, how: How | None) -> None:
    """From now on nobody listens there, or every call fails so."""
    if how is None:
        await crowd.double.goes_away()
    else:
        crowd.double.fail("*", 1_000_000, how)


async def up_again(crowd: Many, how: How | None) -> None:
    if how is None:
        await crowd.double.comes_back()
    else:
        crowd.double.faults.orders.clear()


async def check_it_drains_after(crowd: Many, how: How | None, trouble: Callable[[], Awaitable[None]]) -> None:
    """Telegram goes down while an outcome goes to forty people; then it fails in some way, and comes back."""
    note_tokens(crowd)
    calls = len(crowd.double.calls_of("sendMessage"))
    await crowd.send()
    await crowd.until(lambda: len(crowd.told()) >= 5)
    await down(crowd, how)
    before = len(crowd.told())
    await trouble()
    assert len(crowd.told()) <= before + 1
    # Messages under way, and one that tested whether Telegram is back; the rest of the queue is kept.
    assert crowd.states("unknown") <= 2
    await up_again(crowd, how)
    await crowd.until(lambda: crowd.states("sent", "unknown") == 40)
    assert set(crowd.told().values()) == {1}
    assert len(crowd.told()) >= 38
    check_rate(crowd, len(crowd.double.calls_of("sendMessage")) - calls, 10)


@pytest.mark.parametrize(
    "how",
    [None, pytest.param(BAD_GATEWAY, marks=pytest.mark.left_to_all("long walks"))],
    ids=["refuses connections", "answers 502"],
)
async def test_while_telegram_is_down_the_page_works_and_then_the_queue_drains_at_the_allowed_rate(
    tmp_path: Path, how: How | None
):
    async with many_people(tmp_path, 40, SENDS_PER_SECOND="10") as crowd, Browser(crowd.heard.url) as ana:

        async def somebody_joins_at_the_page() -> None:
            await join(ana)
            await asyncio.sleep(2)

        await check_it_drains_after(crowd, how, somebody_joins_at_the_page)


def note_tokens(crowd: Many) -> None:
    """Records each slot of the rate limit in the database, with its time on Heard's clock."""
    with closing(sqlite3.connect(crowd.heard.folder / "data" / "heard.db", timeout=LONG)) as connection:
        connection.executescript(
            "CREATE TABLE tokens_given (token, at);"
            "CREATE TRIGGER note_token AFTER UPDATE OF given_at ON tokens"
            " BEGIN INSERT INTO tokens_given VALUES (new.id, new.given_at); END"
        )


def check_rate(crowd: Many, sent: int, most: int) -> None:
    """Each message took one of the slots, and no slot was taken twice in a second, however late a message arrived on a
    busy machine.
    """
    given = crowd.heard.look(
        lambda db: db.run(text("SELECT token, at FROM tokens_given ORDER BY token, at")).all()
    )
    assert len(given) >= sent
    assert len({token for token, _ in given}) <= most
    assert all(a != b or later - sooner >= 1 for (a, sooner), (b, later) in itertools.pairwise(given))


@pytest.mark.left_to_all("long walks")
async def test_while_nobody_knows_telegrams_name_all_is_kept_and_then_sent_once(tmp_path: Path):
    """As with a resolver that is down. The process has a private hosts file, into which the name is written later."""
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 localhost\n")
    inside = own_mount(f"mount --bind '{hosts}' /etc/hosts")
    async with Double() as double:
        settings = {
            "TELEGRAM_BOT_TOKEN": double.token,
            "TELEGRAM_API_URL": f"http://telegram.invalid:{double.port}",
        }
        async with (
            Heard(tmp_path, inside=inside, **settings) as heard,
            Browser(heard.url) as ana,
        ):
            await double.act("joins", who=FIRST, language_code="en", name="Kim")
            heard.look(
                lambda db: (add_crowd(db, 1, first=FIRST), open_hub(db, state="scheduled", opens_at=db.now))
            )
            await join(ana)
            await until(lambda: heard.count("select count(*) from outbox where kind = 'consultation'"))
            assert double.calls == []
            with hosts.open("a") as file:
                file.write("127.0.0.1 telegram.invalid\n")
            await Phone(double, FIRST).hears("Something new is open")
            assert len(double.calls_of("sendMessage")) == 1
            assert await heard.stop() == 0


# --- a rejected token -----------------------------------------------------------------------------------


@pytest.mark.left_to_all("long walks")
async def test_a_revoked_token_stops_sending_alerts_the_owner_on_the_page_and_keeps_the_queue(tmp_path: Path):
    async with many_people(tmp_path, 20, SENDS_PER_SECOND="5") as crowd, Browser(crowd.heard.url) as olu:
        await olu.opens(f"/i/{crowd.heard.look(lambda db: team.invite(db, 'owner'))}")
        await olu.presses("Accept the invite")
        await crowd.send()
        await crowd.until(lambda: len(crowd.told()) >= 3)
        crowd.double.fail("*", 1_000_000, How.refused(401, "Unauthorized"))
        await olu.hears("Telegram refuses our token")
        asked, told = len(crowd.double.calls_of("sendMessage")), crowd.told()
        await asyncio.sleep(3)
        assert len(crowd.double.calls_of("sendMessage")) <= asked + 1
        assert crowd.states("sent") == len(told) < 20
        assert crowd.states("sent", "taken", "waiting") == 20
        assert await crowd.heard.stop() == 0

        crowd.double.faults.orders.clear()
        await crowd.heard.start()
        await crowd.all_told()
        assert crowd.told() == Counter(range(20))
