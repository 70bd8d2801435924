"""What anybody may leave without saying who they are: bounded for a page, for an address, and for all together."""

import asyncio
from functools import partial
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from conversations.core.channels import TELEGRAM, WEB
from conversations.core.throttle import MOST
from handlers.web import context
from handlers.web.strangers import paces
from handlers.web.strangers.address_pace import AddressPace
from storage.core.door import Door
from storage.outbox import threads
from storage.people import people, strangers
from storage.tables import doors, outbox
from tests.web.serving import Served, at_the_first_question
from tests.web.test_address_pace import SCHOOL, Clock, taken_in

# --- new pages ------------------------------------------------------------------------------------


def test_a_school_that_opens_a_thousand_pages_at_once_does_not_wait() -> None:
    pace = AddressPace(context.NEW_PAGES, context.NEW_PAGE_SECONDS, Clock())
    for _ in range(1000):
        assert pace.seconds_over(SCHOOL) == 0
        pace.failed(SCHOOL)


def test_pages_that_answer_something_are_not_in_vain() -> None:
    pace = AddressPace(2, 0.5, Clock())
    for _ in range(100):
        assert pace.seconds_over(SCHOOL) == 0
        pace.failed(SCHOOL)
        pace.made_up(SCHOOL)
    waits = []
    for _ in range(4):
        waits.append(pace.seconds_over(SCHOOL))
        pace.failed(SCHOOL)
    assert waits == [0, 0, 0.5, 1]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """An address may open two pages that answer nothing; how long it waited after that is listed, and not waited for."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(round(seconds, 3))

    monkeypatch.setattr(context, "NEW_PAGES", 2)
    monkeypatch.setattr(context, "AddressPace", partial(AddressPace, clock=Clock()))
    monkeypatch.setattr(paces, "asyncio", SimpleNamespace(sleep=sleep))
    return waited


async def test_an_address_whose_new_pages_answer_nothing_is_slowed_and_never_refused(
    door: Served, few
) -> None:
    for _ in range(4):
        async with door.browser() as somebody:
            await somebody.opens("/")
            await somebody.presses("Start")
            assert somebody.status == 200
            assert somebody.cookie
    assert few == [0.1, 0.2]


async def test_whose_pages_answer_is_not_slowed(door: Served, few: list[float]) -> None:
    for _ in range(4):
        async with door.browser() as pupil:
            await at_the_first_question(pupil)
            await pupil.presses("Not very safe")
    assert few == []


async def test_who_does_not_wait_for_it_gets_no_page(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, go_on = asyncio.Event(), asyncio.Event()

    async def sleep(_: float) -> None:
        waiting.set()
        await go_on.wait()

    monkeypatch.setattr(context, "NEW_PAGES", 0)
    monkeypatch.setattr(paces, "asyncio", SimpleNamespace(sleep=sleep))
    async with door.browser() as somebody:
        await somebody.opens("/")
        data = somebody.page.forms[-1].hidden
        leaving = asyncio.ensure_future(somebody.asks("POST", "/start", data=data))
        await waiting.wait()
        leaving.cancel()
        await asyncio.wait([leaving])
    async with door.browser() as other:
        await other.opens("/")
        go_on.set()
        await other.opens("/")
    assert await _doors(door) == 0


async def _doors(door: Served) -> int:
    return await door.house.run(lambda db: db.run(select(func.count()).select_from(doors)).scalar())


async def test_all_strangers_together_leave_no_more_than_so_many(
    any_house, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "MOST", 3)
    await any_house.person("friend").joins()
    for name in "abcde":
        any_house.clock.on(minutes=1)
        await any_house.person(name).types("/start")
    await any_house.staff("worker")
    while await any_house.run(strangers.forget_crowd):
        pass
    left = {name: await any_house.run(lambda db, n=name: people.door_at(db, TELEGRAM, n)) for name in "abcde"}
    assert [name for name, found in left.items() if found] == ["c", "d", "e"]
    assert await any_house.run(strangers.forget_crowd) is False


# --- guesses --------------------------------------------------------------------------------------


async def test_wrong_invites_leave_no_row_and_are_slowed(
    door: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(context, "AddressPace", partial(AddressPace, clock=clock))
    invite = await door.invite("worker")
    async with door.browser() as stranger:
        await stranger.opens("/")
        data = stranger.page.forms[-1].hidden
        before = await taken_in(door), await _doors(door)
        for number in range(60):
            method = "POST" if number % 2 else "GET"
            status, _, _ = await stranger.asks(method, f"/i/{'x' * 22}", data=data)
            assert status == 410
        for method in ("GET", "POST"):
            assert (await stranger.asks(method, invite, data=data))[0] == 429
        assert (await taken_in(door), await _doors(door)) == before
        clock.now += 1
        await stranger.accepts(invite)
        assert "Welcome to the team" in stranger.sees


async def test_an_invite_that_one_browser_sends_twice_is_no_wrong_guess(
    door: Served,
) -> None:
    """Its first answer may have been lost."""
    invite = await door.invite("worker")
    async with door.browser() as wim:
        await wim.opens(invite)
        data = wim.page.forms[-1].hidden
        form = "; ".join(f"{one.key}={one.value}" for one in wim._session.cookie_jar)
    found = []
    for _ in range(2):
        async with door.browser() as again:
            found.append(await again.asks("POST", invite, data=data, headers={"Cookie": form}))
    assert [status for status, _, _ in found] == [303, 303]
    pages = {headers["Set-Cookie"].partition(";")[0] for _, headers, _ in found}
    assert len(pages) == 1


# --- one page -------------------------------------------------------------------------------------


async def test_what_comes_too_fast_leaves_nothing(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        before = await taken_in(door)
        for _ in range(MOST + 20):
            await ana.asks("POST", "/turn", data={"csrf": ana.tokens["csrf"], "said": "buses"})
        assert await taken_in(door) - before <= MOST + 1


async def test_a_page_keeps_and_shows_a_bounded_part_of_a_long_conversation(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await door.house.run(lambda db: _says(people.door_at(db, WEB, ana.cookie), db, 260))
        page = await ana.opens("/")
        assert len(page.html) < 60_000
        assert "word 259 " in page.html
        door.house.clock.on(minutes=2)
        await ana.posts("/turn", {**ana.tokens, "command": "help"})
        kept = select(func.count()).select_from(outbox).where(outbox.c.lane == "conversation")
        assert await door.house.run(lambda db: db.run(kept).scalar()) <= 205


def _says(door: Door, db, times: int) -> None:
    for number in range(times):
        threads.own_words(db, door, f"test{number}:own", f"word {number} " * 300)
