"""Signing out of pages, and whose page a form opens."""

import re

import pytest
from sqlalchemy import func, select

from storage.tables import doors, people, roles
from tests.web.serving import Served, open_door


async def count(door: Served, table) -> int:
    return await door.house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar())


async def test_a_young_person_signs_out_and_the_next_one_sees_nothing(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        old = ana.cookie
        assert "/sign-out" in ana.page.addresses
        await ana.opens("/sign-out")
        assert "You have no return code yet" in ana.sees
        await ana.presses("Sign out")
        assert "Say what you think." in ana.sees
        assert (ana.cookie, ana.form_cookie != "") == ("", True)  # that of the new start page
        ana.cookie = old
        assert "Say what you think." in (await ana.opens("/")).text
    assert await count(door, people) == 1  # what they told stays


async def test_somebody_with_a_return_code_reads_how_they_come_back(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        await ana.opens("/sign-out")
        await ana.presses("Settings")
        await ana.presses("Return code")
        code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", ana.question)[0]
        await ana.opens("/sign-out")
        assert "use your return code" in ana.sees
        await ana.presses("Sign out")
        await ana.presses("Go back to where I was", code=code)
        assert "Welcome back." in ana.sees


async def test_one_page_signs_out_all_the_others(door: Served) -> None:
    async with door.browser() as ana, door.browser() as library, door.browser() as ben:
        await ana.joins()
        await ana.opens("/sign-out")
        assert "Your other pages" not in ana.sees
        await ana.presses("Settings")
        await ana.presses("Return code")
        code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", ana.question)[0]
        await library.opens("/")
        await library.presses("Go back to where I was", code=code)
        await ben.joins()
        await ana.opens("/sign-out")
        assert "You are signed in elsewhere too" in ana.sees
        await ana.presses("Sign out my other pages")
        assert "Your other pages" not in ana.sees
        assert "Say what you think." in (await library.opens("/")).text
        assert "Your conversation" in (await ana.opens("/")).text
        assert "Your conversation" in (await ben.opens("/")).text


async def test_staff_end_their_sign_in_and_keep_their_way_back(door: Served) -> None:
    async with door.browser() as olu:
        await olu.accepts(await door.invite("owner"))
        await olu.opens("/sign-out")
        assert "Your role ends on this page until you sign in again." in olu.sees
        await olu.presses("Sign out")
        assert "You're signed out of the team here." in olu.question
        await olu.accepts(await door.invite("owner"))
        assert "Welcome to the team" in olu.question
    assert await count(door, roles) == await count(door, doors) == 1


async def test_a_stranger_has_nothing_to_sign_out_of(door: Served) -> None:
    async with door.browser() as ana:
        assert "Say what you think." in (await ana.opens("/sign-out")).text
        assert (await ana.asks("POST", "/sign-out"))[0] == 303


@pytest.mark.parametrize("invited", [False, True])
async def test_whoever_saw_the_form_does_not_get_the_page_that_it_opened(door: Served, invited: bool) -> None:
    where = await door.invite("owner") if invited else "/"
    async with door.browser() as olu, door.browser() as looked_on:
        await olu.opens(where)
        form = olu.page.forms[-1]
        await looked_on.opens(where)
        await olu.presses("Accept the invite" if invited else "Start")
        await looked_on.asks("POST", form.action, data=form.hidden)
        assert looked_on.cookie == ""
        looked_on.form_cookie = ""
        await looked_on.asks("POST", form.action, data=form.hidden)
        assert looked_on.cookie == ""
    assert await count(door, people) == 1


@pytest.mark.parametrize("as_button", [False, True])
async def test_an_invite_that_is_typed_gives_nothing_and_stays_good(door: Served, as_button: bool) -> None:
    invite = await door.invite("owner")
    async with door.browser() as olu:
        await olu.joins()
        typed, fields = f"/start i_{invite.removeprefix('/i/')}", olu.tokens
        if as_button:
            await olu.posts("/turn", {**fields, "choice": f"{fields['visit']}:{typed}"})
        else:
            await olu.posts("/turn", {**fields, "said": typed})
        assert "An invite works by its link" in olu.sees
        assert await count(door, roles) == 0
        before = olu.cookie
        await olu.accepts(invite)
        assert olu.cookie not in {"", before}
    assert await count(door, roles) == 1


async def test_this_machine_by_its_number_leads_to_its_name_once(sqlite) -> None:
    async with open_door(sqlite, host="localhost") as door, door.browser() as olu:
        by_number = door.url.replace("localhost", "127.0.0.1")
        status, headers, _ = await olu.asks("GET", f"{by_number}/j/sample-buses?lang=pl")
        assert (status, headers["Location"]) == (307, f"{door.url}/j/sample-buses?lang=pl")
        assert (await olu.asks("GET", headers["Location"]))[0] == 200
        for address in ("/healthz", "/readyz", "/metrics"):
            assert (await olu.asks("GET", by_number + address))[0] == 200
        assert (await olu.asks("POST", f"{by_number}/start"))[0] == 303
