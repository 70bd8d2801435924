"""Passkeys, in Chromium with an authenticator of its own, and what a passkey must not open."""

import json
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import delete, func, select

from conversations.core.config import Rules
from storage.tables import audit, challenges, doors, passkeys, roles
from storage.team import challenges as begun
from tests.house import sample_rules
from tests.web.browsing import DESK, accepts, now, somebody
from tests.web.serving import Served, open_door

IN_BROWSER = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def member(chromium: Browser):
    """Somebody with a browser and an authenticator, which keeps passkeys and knows who holds it."""
    async with somebody(chromium, DESK, refused=True) as page:
        devtools = await page.context.new_cdp_session(page)
        await devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield page


async def adds(page: Page, door: Served, name: str = "Office computer") -> None:
    await page.goto(f"{door.url}/signing-in")
    await page.get_by_label("A new passkey").fill(name)
    await page.get_by_role("button", name="Add a passkey").click()


async def count(door: Served, table) -> int:
    return await door.house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar())


@IN_BROWSER
async def test_a_member_adds_a_passkey_and_signs_in_with_it_after_twelve_hours(chromium, new_door) -> None:
    async with new_door(host="localhost") as door, member(chromium) as olu:
        await accepts(olu, door)
        await expect(now(olu)).to_contain_text("Best add a passkey now")
        await now(olu).get_by_role("link", name="How I sign in").click()
        await adds(olu, door)
        await expect(olu.get_by_text("not used yet")).to_be_visible()
        before = await olu.context.cookies()
        door.house.clock.on(hours=13)
        await olu.goto(door.url)
        await expect(now(olu)).to_contain_text("With your passkey")
        await now(olu).get_by_role("link", name="Sign in").click()
        await olu.get_by_role("button", name="Use my passkey").click()
        await expect(now(olu)).to_contain_text("What would you like to do?")
        after = await olu.context.cookies()
        assert {one["value"] for one in before if one["name"] == "heard"}.isdisjoint(
            one["value"] for one in after if one["name"] == "heard"
        )
        assert await count(door, doors) == await count(door, roles) == 1
        assert await count(door, challenges) == 0
        door.house.clock.on(hours=13)
        await olu.goto(door.url)
        await expect(now(olu)).to_contain_text("You're signed out of the team here.")


@IN_BROWSER
async def test_a_passkey_opens_a_new_page_in_a_browser_that_has_none(chromium, new_door) -> None:
    async with new_door(host="localhost") as door, member(chromium) as olu:
        await accepts(olu, door)
        await adds(olu, door)
        await expect(olu.get_by_text("not used yet")).to_be_visible()
        await olu.context.clear_cookies()
        await olu.goto(f"{door.url}/sign-in")
        await olu.get_by_role("button", name="Use my passkey").click()
        await expect(now(olu)).to_contain_text("What would you like to do?")
        assert (await count(door, doors), await count(door, roles)) == (2, 1)
        await olu.goto(f"{door.url}/signing-in")
        await expect(olu.get_by_text("until", exact=False).nth(1)).to_be_visible()
        await olu.get_by_role("button", name="Sign out my other pages").click()
        await expect(olu.get_by_role("button", name="Sign out my other pages")).to_have_count(0)
        assert await count(door, doors) == 1


@IN_BROWSER
async def test_a_passkey_has_a_name_and_can_be_removed_and_then_opens_nothing(chromium, new_door) -> None:
    async with new_door(host="localhost") as door, member(chromium) as olu:
        await accepts(olu, door)
        await adds(olu, door)
        key = olu.get_by_label("not used yet")
        await expect(key).to_have_value("Office computer")
        await key.fill("My old phone")
        await olu.get_by_role("button", name="Save the name").click()
        await expect(olu.get_by_label("not used yet")).to_have_value("My old phone")
        await olu.get_by_role("button", name="Remove it").click()
        await expect(olu.get_by_label("not used yet")).to_have_count(0)
        await olu.goto(f"{door.url}/sign-in")
        await olu.get_by_role("button", name="Use my passkey").click()
        await expect(olu.get_by_role("alert").first).to_contain_text("That passkey does not work here.")
        noted = await door.house.run(lambda db: set(db.run(select(audit.c.did)).scalars()))
        assert {"passkey added", "passkey removed"} <= noted


@IN_BROWSER
async def test_who_leaves_the_team_signs_in_no_more(chromium, new_door) -> None:
    async with new_door(host="localhost") as door, member(chromium) as wim:
        await wim.goto(door.url + await door.invite("worker"))
        await wim.get_by_role("button", name="Accept the invite").click()
        await adds(wim, door)
        await expect(wim.get_by_text("not used yet")).to_be_visible()
        owner = await door.house.staff()
        await owner.types("/team")
        for label in ("Remove somebody", "Worker 1", "Yes, remove"):
            await owner.taps(label)
        assert await count(door, passkeys) == 0
        await wim.context.clear_cookies()
        await wim.goto(f"{door.url}/sign-in")
        await wim.get_by_role("button", name="Use my passkey").click()
        await expect(wim.get_by_role("alert").first).to_contain_text("That passkey does not work here.")


@IN_BROWSER
async def test_a_young_persons_page_is_not_taken_over_by_a_sign_in(chromium, new_door) -> None:
    async with new_door(host="localhost") as door, member(chromium) as olu:
        await accepts(olu, door)
        await adds(olu, door)
        await expect(olu.get_by_text("not used yet")).to_be_visible()
        async with door.browser() as ana:
            await ana.joins()
            await olu.context.add_cookies([{"name": "heard", "value": ana.cookie, "url": door.url}])
            await olu.goto(f"{door.url}/sign-in")
            await olu.get_by_role("button", name="Use my passkey").click()
            await expect(olu.get_by_role("alert").first).to_contain_text("belongs to somebody else")
            assert "Your conversation" in (await ana.opens("/")).text


async def test_a_challenge_works_once_for_its_purpose_and_for_ten_minutes(any_house) -> None:
    owner = await any_house.staff()
    assert owner
    make = lambda: any_house.run(lambda db: begun.begin(db, "passkey", kept="a nonce"))  # noqa: E731
    take = lambda kind, one: any_house.run(lambda db: begun.take(db, kind, one))  # noqa: E731
    first, late = await make(), await make()
    assert await take("add passkey", first) is None
    assert (await take("passkey", first)).kept == "a nonce"
    assert await take("passkey", first) is None
    any_house.clock.on(minutes=10, seconds=1)
    assert await take("passkey", late) is None
    await make()
    left = await any_house.run(lambda db: db.run(select(func.count()).select_from(challenges)).scalar())
    assert left == 1


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "null", json.dumps({"response": {"clientDataJSON": "e30"}}), "9" * 5000, "[" * 9000],
)
async def test_what_is_no_passkey_opens_nothing(sqlite, credential: str) -> None:
    async with open_door(sqlite, host="localhost") as door, door.browser() as stranger:
        await stranger.opens("/sign-in")
        form = stranger.page.forms[-1]
        await stranger.posts(form.action, {**form.hidden, "credential": credential})
        assert stranger.status == 422
        assert "That passkey does not work here." in stranger.sees
        assert stranger.cookie == ""


async def test_only_members_see_and_change_how_they_sign_in(sqlite) -> None:
    async with open_door(sqlite, host="localhost") as door, door.browser() as ana, door.browser() as olu:
        assert "Sign in to the team" in (await ana.opens("/signing-in")).text
        await ana.joins()
        for method, address in (("GET", "/signing-in"), ("POST", "/signing-in/begin")):
            assert (await ana.asks(method, address, data=ana.tokens))[0] == 403
        await olu.accepts(await door.invite("owner"))
        status, _, options = await olu.asks("POST", "/signing-in/begin", data=olu.tokens)
        assert (status, json.loads(options)["rp"]["id"]) == (200, "localhost")
        assert (await olu.asks("POST", "/signing-in/begin"))[0] == 403  # without its page's token
        door.house.clock.on(hours=13)
        assert "Sign in to the team" in (await olu.opens("/signing-in")).text


async def test_a_bare_number_offers_no_passkey_and_says_why(door: Served) -> None:
    async with door.browser() as olu:
        await olu.accepts(await door.invite("owner"))
        assert "passkey" not in olu.question
        await olu.opens("/signing-in")
        assert "browsers want a name there, not a number, and https" in olu.sees
        assert "Add a passkey" not in olu.sees
        await olu.opens("/sign-in")
        assert "Use my passkey" not in olu.sees
        assert (await olu.asks("POST", "/sign-in/begin", data=olu.page.forms[0].hidden))[0] == 403


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://localhost:8080", "localhost"),
        ("https://heard.example", "heard.example"),
        ("http://heard.example", ""),
        ("http://127.0.0.1:8080", ""),
        ("https://192.168.1.20", ""),
        ("https://[fd00::5]", ""),
    ],
)
def test_the_place_of_passkeys_is_a_name_that_browsers_trust(address: str, host: str) -> None:
    rules: Rules = sample_rules(public_url=address)
    assert rules.passkey_host == host


async def test_begun_sign_ins_of_one_address_are_slowed(sqlite, monkeypatch) -> None:
    monkeypatch.setattr("handlers.web.context.GUESSES", 3)
    async with open_door(sqlite, host="localhost") as door, door.browser() as stranger:
        await stranger.opens("/sign-in")
        data = stranger.page.forms[-1].hidden
        found = [(await stranger.asks("POST", "/sign-in/begin", data=data))[0] for _ in range(6)]
        assert found[0] == 200
        assert found[-1] == 429
        assert await count(door, challenges) <= 4
        await door.house.run(lambda db: db.run(delete(challenges)))
