"""Streams of open pages have bounds: of one page, of one address, of a worker. Who gets none looks now and then."""

import contextlib
from ipaddress import ip_address

import pytest

from handlers.wakeup import Wakeup
from handlers.web import watch as watching
from handlers.web.watch import Watch
from tests.house import House
from tests.web.serving import Visitor

SCHOOL, OTHER, THIRD = (ip_address(f"192.0.2.{number}") for number in (1, 2, 3))


async def test_one_address_takes_half_of_a_workers_streams_and_all_take_no_more_than_it_has(
    house: House,
) -> None:
    watch = Watch(house.runtime, Wakeup())
    watch.streams_most = 6
    with contextlib.ExitStack() as opened:
        for door in range(3):
            opened.enter_context(watch.page(door, SCHOOL))
        assert watch.is_full(9, SCHOOL)
        assert not watch.is_full(9, OTHER)
        for door in range(3, 6):
            opened.enter_context(watch.page(door, OTHER))
        assert watch.is_full(9, THIRD)
    assert not watch.is_full(9, SCHOOL)


async def test_a_worker_has_room_for_a_school_and_keeps_no_address(house: House) -> None:
    watch = Watch(house.runtime, Wakeup())
    assert watch.streams_most // 2 >= 1000
    with watch.page(1, SCHOOL):
        assert SCHOOL.packed not in watch._at
        assert len(watch._at) == 1
    assert not watch._at


async def test_no_more_streams_than_half_of_the_files_that_may_be_open(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching.resource, "getrlimit", lambda _: (1024, 1024))
    assert Watch(house.runtime, Wakeup()).streams_most == 512


async def test_who_gets_no_stream_is_told_so_and_everything_else_is_served(new_door, monkeypatch) -> None:
    monkeypatch.setattr(watching, "_STREAMS_MOST", 4)
    async with new_door() as door, contextlib.AsyncExitStack() as opened:
        pages = [await opened.enter_async_context(door.browser()) for _ in range(3)]
        for page in pages:
            await page.joins()
        assert [await _listens(page, opened) for page in pages] == [200, 200, 429]
        assert "Have your say" in (await pages[2].opens("/")).text


async def _listens(page: Visitor, opened: contextlib.AsyncExitStack) -> int:
    stream = await page._session.get("/stream")
    opened.callback(stream.close)
    return stream.status
