"""An address that keeps failing is slowed, and nothing is kept of it."""

from functools import partial
from ipaddress import ip_address

from sqlalchemy import func, select

from handlers.web import context
from handlers.web.strangers.address_pace import AddressPace
from storage.tables import updates
from tests.web.serving import Served
from tests.web.test_young_person import CODE, has_their_say

SCHOOL, OTHER = ip_address("192.0.2.1"), ip_address("192.0.2.2")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_only_after_many_failures_and_only_until_time_has_made_up_for_them() -> None:
    clock = Clock()
    pace = AddressPace(3, clock=clock)
    for _ in range(3):
        assert not pace.is_too_fast(SCHOOL)
        pace.failed(SCHOOL)
    assert pace.is_too_fast(SCHOOL)
    assert not pace.is_too_fast(OTHER)
    clock.now = 1.0
    assert not pace.is_too_fast(SCHOOL)
    pace.failed(SCHOOL)
    assert pace.is_too_fast(SCHOOL)


def test_all_addresses_of_a_household_are_one() -> None:
    pace = AddressPace(1, clock=Clock())
    pace.failed(ip_address("2001:db8:1:2::3"))
    assert pace.is_too_fast(ip_address("2001:db8:1:2:ffff::4"))
    assert not pace.is_too_fast(ip_address("2001:db8:1:3::3"))


def test_no_address_is_kept_and_each_days_key_is_forgotten() -> None:
    clock = Clock()
    pace = AddressPace(1, clock=clock)
    pace.failed(SCHOOL)
    [first] = pace._paid_at
    assert SCHOOL.packed not in first
    clock.now = 86_401.0
    assert not pace.is_too_fast(SCHOOL)
    assert pace._paid_at == {}
    pace.failed(SCHOOL)
    assert first not in pace._paid_at


def test_what_is_kept_is_bounded() -> None:
    clock = Clock()
    pace = AddressPace(1, clock=clock)
    for number in range(30_000):
        clock.now += 0.001
        pace.failed(ip_address(number))
    assert len(pace._paid_at) <= 10_000


async def taken_in(door: Served) -> int:
    return await door.house.run(lambda db: db.run(select(func.count()).select_from(updates)).scalar())


async def test_wrong_return_codes_leave_no_row_and_are_slowed(door: Served, monkeypatch) -> None:
    clock = Clock()
    monkeypatch.setattr(context, "AddressPace", partial(AddressPace, clock=clock))
    async with door.browser() as phone, door.browser() as stranger:
        await phone.joins()
        await has_their_say(phone)
        code = CODE.findall(phone.question)[0]
        before = await taken_in(door)
        for _ in range(60):
            await stranger.opens("/")
            await stranger.presses("Go back to where I was", code="AAAA-BBBB-CCCC")
            assert stranger.status == 422
        for typed in ("AAAA-BBBB-CCCC", code):
            await stranger.opens("/")
            await stranger.presses("Go back to where I was", code=typed)
            assert stranger.status == 429
            assert "Wait a moment, then try again. Nothing is lost." in stranger.sees
        assert await taken_in(door) == before
        clock.now += 1
        await stranger.opens("/")
        await stranger.presses("Go back to where I was", code=code)
        assert "Welcome back." in stranger.sees
