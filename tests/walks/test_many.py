"""A broadcast under way, with a stop, people who leave, and rejections by Telegram."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.botapi import Double, How, Phone
from tests.botapi.hands import BLOCKED
from tests.crowd import add_crowd
from tests.waiting import until
from tests.walks.running import Heard
from tests.walks.steps import A_SHORT_OUTCOME, OLU, OWNING, Walk

FIRST = 710001
TOLD = "here is what happened"
ON_ITS_WAY = 1.0  # seconds after a rejection in which earlier requests may still arrive
NO_MORE = "select count(*) from outbox where state in ('waiting', 'taken', 'sending')"
IN_STATE = "select count(*) from outbox where lane = 'broadcast' and state = ?"


class Many:
    """This many contributors, and an owner with an outcome for them, one tap from sending it."""

    def __init__(self, walk: Walk, many: int) -> None:
        self.walk, self.many = walk, many
        self.heard, self.double = walk.heard, walk.double

    async def come(self) -> None:
        for number in range(FIRST, FIRST + self.many):
            await self.double.act("joins", who=number, language_code="en", name="Kim")
        self.heard.look(lambda db: add_crowd(db, self.many, consultation=1, first=FIRST))
        await self.walk.take(OWNING[0], *A_SHORT_OUTCOME)

    def phone(self, place: int) -> Phone:
        return Phone(self.double, FIRST + place)

    async def send(self) -> None:
        await self.walk.phones[OLU].taps("Send now")
        await self.walk.phones[OLU].taps("Yes, send it")

    def told(self) -> Counter[int]:
        """How many messages each of them got, by their position."""
        calls = [call for call in self.double.calls_of("sendMessage") if isinstance(call.result, dict)]
        chats = (call.result["chat"]["id"] for call in calls if TOLD in call.result["text"])
        return Counter(chat - FIRST for chat in chats if 0 <= chat - FIRST < self.many)

    async def until(self, so: Callable[[], object]) -> None:
        await until(so, tell=lambda: f"told so far: {self.told()}\n{self.heard.output[-2000:]}")

    async def all_told(self) -> None:
        await self.until(lambda: self.heard.count(NO_MORE) == 0)

    def states(self, *states: str) -> int:
        return sum(self.heard.count(IN_STATE, state) for state in states)


@asynccontextmanager
async def many_people(folder: Path, many: int, *, latency: float = 0, **settings: str) -> AsyncIterator[Many]:
    async with Double() as double, Heard(folder, double, **settings) as heard:
        crowd = Many(Walk(heard, double), many)
        await crowd.come()
        double.latency = latency
        yield crowd


@pytest.mark.left_to_all("long walks")
async def test_a_stop_in_the_middle_finishes_current_sends_and_the_next_start_sends_the_rest(
    tmp_path: Path,
):
    async with many_people(tmp_path, 30, latency=0.15, SENDS_PER_SECOND="15") as crowd:
        await crowd.send()
        await crowd.until(lambda: len(crowd.told()) >= 8)
        assert await crowd.heard.stop() == 0
        before = crowd.told()
        assert 8 <= len(before) < 30
        assert crowd.states("sent") == len(before)
        assert crowd.states("sent", "waiting") == 30

        await crowd.heard.start()
        await crowd.all_told()
        assert crowd.told() == Counter(range(30))
        assert crowd.states("sent") == 30
        await check_progress(crowd, "30 of 30 people have it.")


@pytest.mark.left_to_all("kill runs")
async def test_a_kill_during_a_broadcast_leaves_nobody_out_and_sends_nothing_twice(tmp_path: Path):
    async with many_people(tmp_path, 30, latency=0.1, SENDS_PER_SECOND="20") as crowd:
        await crowd.send()
        for so_many in (6, 12, 18):
            await crowd.until(lambda so_many=so_many: len(crowd.told()) >= so_many)
            await crowd.heard.restart()
        await crowd.all_told()
        assert set(crowd.told().values()) == {1}
        # Sent and not answered: it may have arrived or not, and is never blindly resent.
        assert crowd.states("sent", "unknown") == 30
        assert 30 - crowd.states("unknown") <= len(crowd.told()) <= 30
        # Two are sent in a tenth of a second, and with them at most those that were a quarter of a second late.
        assert 1 <= crowd.states("unknown") <= 3 * 8


async def check_progress(crowd: Many, words: str) -> None:
    """Progress is one message, which is edited."""
    await crowd.walk.phones[OLU].hears(words)
    shown = await crowd.walk.phones[OLU].sees()
    about = [
        one
        for one in shown
        if "the outcome is going out" in one.text or "the outcome has gone out" in one.text
    ]
    assert [words in one.text for one in about] == [True]
    assert about[0].edited


async def test_opting_out_or_leaving_during_a_broadcast_stops_only_that_persons_messages(tmp_path: Path):
    stopping, leaving, blocking, gone = (12, 25), 27, 29, 18
    async with many_people(tmp_path, 30, SENDS_PER_SECOND="10") as crowd:
        crowd.double.chats.chats[FIRST + gone].shut = BLOCKED  # Telegram says so only when it is tried
        await crowd.phone(leaving).types("/delete")
        await crowd.phone(leaving).hears("Delete everything?")
        await crowd.send()
        await crowd.until(lambda: bool(crowd.told()))
        await crowd.phone(leaving).taps("Yes, delete it")
        await crowd.phone(blocking).blocks()
        for place in stopping:
            await crowd.phone(place).types("/stop")
            await crowd.phone(place).hears("Come back")
        await crowd.phone(leaving).hears("is deleted")

        await crowd.all_told()
        assert crowd.told() == Counter(set(range(30)) - {*stopping, leaving, blocking, gone})
        assert crowd.states("unreachable") == 1
        await check_progress(crowd, "1 person can't be reached any more.")
        await check_they_are_back(crowd, gone)


async def check_they_are_back(crowd: Many, place: int) -> None:
    """Unreachable people write again, and are answered."""
    shut_out = "select count(*) from doors where not reachable"
    before = crowd.heard.count(shut_out)
    await crowd.phone(place).types("/start")
    await crowd.phone(place).hears("")
    assert crowd.heard.count(shut_out) == before - 1


async def test_retry_after_is_respected_while_replies_go_on(tmp_path: Path):
    async with many_people(tmp_path, 12, SENDS_PER_SECOND="20") as crowd:
        too_fast = How.refused(429, "Too Many Requests: retry after 3", retry_after=3)
        crowd.double.fail("sendMessage", 1, too_fast, to=FIRST + 4)
        await crowd.send()
        await crowd.until(lambda: any(call.status == 429 for call in crowd.double.calls))
        refused = next(call for call in crowd.double.calls if call.status == 429)
        await crowd.phone(2).types("/privacy")
        await crowd.phone(2).hears("Sampleshire")

        await crowd.all_told()
        assert crowd.told() == Counter(range(12))
        later = [
            call.at
            for call in crowd.double.calls_of("sendMessage")
            if call.at > refused.answered + ON_ITS_WAY and _tells(call)
        ]
        assert later
        assert min(later) >= refused.at + 3


def _tells(call) -> bool:
    return isinstance(call.result, dict) and TOLD in call.result["text"]
