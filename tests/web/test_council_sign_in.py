"""The council's own sign-in, against a real provider."""

import base64
import hashlib
import html
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import flask
import oidc_provider_mock
import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server
from yarl import URL

from bot.config.settings import read_settings
from bot.doctor.sign_in_checks import check_provider
from conversations.core.record import replace
from handlers.provider import Asking, Provider, ProviderRefused, ProviderSettings
from storage.tables import challenges, doors, roles, sign_in_links
from tests.web.browsing import DESK, accepts, now, somebody
from tests.web.serving import Served, Visitor, open_door

# The provider uses parts of a library that are going.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@dataclass
class Council:
    """A provider on this machine, and what was sent to it for a token."""

    issuer: str
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def settings(self) -> ProviderSettings:
        return ProviderSettings(self.issuer, "heard", "a secret of ours")


@pytest.fixture
def council() -> Iterator[Council]:
    with _served() as found:
        yield found


@contextmanager
def _served() -> Iterator[Council]:
    app = oidc_provider_mock.app(require_nonce=True)
    server = make_server("localhost", 0, app, threaded=True)
    found = Council(f"http://localhost:{server.server_port}")

    @app.before_request
    def note() -> None:
        if flask.request.path == "/oauth2/token":
            found.asked.append(dict(flask.request.form))

    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def signs_in_there(address: str, subject: str) -> str:
    """Signs in at the provider; returns where it sends the browser then, without the host."""
    async with (
        ClientSession() as session,
        session.post(address, data={"sub": subject}, allow_redirects=False) as answer,
    ):
        return str(URL(answer.headers["Location"]).relative())


def onward(one: Visitor) -> str:
    return html.unescape(re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', one.page.html)[1])


async def links(olu: Visitor, subject: str) -> None:
    await olu.opens("/signing-in")
    await olu.presses("Link it")
    await olu.opens(await signs_in_there(onward(olu), subject))


async def begins(one: Visitor) -> str:
    await one.opens("/sign-in")
    await one.presses("Use your council's sign-in")
    return onward(one)


async def count(door: Served, table) -> int:
    return await door.house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar())


@pytest.fixture
async def door(sqlite, council: Council):
    async with open_door(sqlite, provider=council.settings) as served:
        yield served


@pytest.mark.asyncio(loop_scope="session")
async def test_a_member_links_it_and_signs_in_with_it_in_chromium(
    chromium: Browser, new_door, council: Council
) -> None:
    async with new_door(provider=council.settings) as door, somebody(chromium, DESK) as olu:
        # The provider's page wants a style sheet of elsewhere, and has no icon.
        for elsewhere in (re.compile("^https:"), "**/favicon.ico"):
            await olu.route(elsewhere, lambda route: route.fulfill(body="", content_type="text/css"))
        await accepts(olu, door)
        await olu.goto(f"{door.url}/signing-in")
        await olu.get_by_role("button", name="Link it").click()
        await olu.wait_for_url(f"{council.issuer}/**")
        await olu.locator("input[name=sub]").fill("olu-17")
        await olu.locator("input[name=sub]").press("Enter")
        await expect(olu.get_by_text("Linked since 1 December 2026")).to_be_visible()
        door.house.clock.on(hours=13)
        await olu.goto(f"{door.url}/sign-in")
        await olu.get_by_role("button", name="Use your council's sign-in").click()
        await olu.wait_for_url(f"{council.issuer}/**")
        await olu.locator("input[name=sub]").fill("olu-17")
        await olu.locator("input[name=sub]").press("Enter")
        await expect(now(olu)).to_contain_text("What would you like to do?")
        assert await count(door, doors) == await count(door, roles) == 1


async def test_a_linked_member_comes_in_with_a_new_cookie_and_their_own_roles(
    door: Served, council: Council
) -> None:
    async with door.browser() as olu, door.browser() as elsewhere:
        await olu.accepts(await door.invite("decider"))
        before = olu.cookie
        await links(olu, "olu-17")
        assert "Linked since" in olu.sees
        await elsewhere.opens(await signs_in_there(await begins(elsewhere), "olu-17"))
        assert "What would you like to do?" in elsewhere.question
        assert elsewhere.cookie not in {"", before}
        assert {button.label for button in elsewhere.page.forms[0].buttons} >= {"Results", "Team"}
        verifier, challenge = (
            council.asked[-1]["code_verifier"],
            URL(await begins(olu)).query["code_challenge"],
        )
        assert challenge
        assert len(verifier) >= 43
    stored = await door.house.run(lambda db: db.run(select(sign_in_links)).one())
    assert b"olu-17" not in stored.sealed
    assert await count(door, roles) == 1


async def test_the_code_is_bound_to_what_we_asked_with(council: Council) -> None:
    provider = Provider(council.settings, "http://localhost:1/sign-in/oidc")
    asking = provider.ask()
    address = URL(await provider.address("state", asking))
    hashed = hashlib.sha256(asking.verifier.encode()).digest()
    assert address.query["code_challenge"] == base64.urlsafe_b64encode(hashed).decode().rstrip("=")
    assert (address.query["code_challenge_method"], address.query["scope"]) == ("S256", "openid")
    back = URL(await signs_in_there(str(address), "olu-17"))
    assert (await provider.subject(back.query["code"], asking)).subject == "olu-17"
    assert council.asked[-1]["code_verifier"] == asking.verifier
    again = URL(await signs_in_there(str(address), "olu-17"))
    with pytest.raises(ProviderRefused, match="InvalidClaimError"):
        await provider.subject(again.query["code"], replace(asking, nonce="another"))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"issuer": "{issuer}/"}, "another name"),
        ({"issuer": "http://localhost:1"}, "does not answer"),
        ({"client_id": "somebody else"}, "answers 400"),
    ],
)
async def test_a_provider_that_is_not_ours_is_refused(
    council: Council, wrong: dict[str, str], why: str
) -> None:
    settings = replace(
        council.settings, **{name: value.format(issuer=council.issuer) for name, value in wrong.items()}
    )
    asked, asks = (
        Provider(settings, "http://localhost:1/x"),
        Provider(council.settings, "http://localhost:1/x"),
    )
    asking: Asking = asks.ask()
    back = URL(await signs_in_there(await asks.address("state", asking), "olu-17"))
    with pytest.raises(ProviderRefused, match=why):
        await asked.subject(back.query["code"], asking)


async def test_who_has_linked_nothing_gets_nothing(door: Served) -> None:
    async with door.browser() as stranger:
        await stranger.opens(await signs_in_there(await begins(stranger), "somebody"))
        assert "Nobody in the team here has linked this account." in stranger.sees
        assert stranger.cookie == ""


async def test_an_answer_counts_once_and_only_in_the_browser_that_began(door: Served) -> None:
    async with door.browser() as olu, door.browser() as ida, door.browser() as other:
        await olu.accepts(await door.invite("owner"))
        await links(olu, "olu-17")
        answer = await signs_in_there(await begins(ida), "olu-17")
        await other.opens("/sign-in")
        await other.opens(answer)  # as if somebody had been sent a link to sign in as another
        assert "Your council's sign-in did not work." in other.sees
        await ida.opens(answer)
        assert "Your council's sign-in did not work." in ida.sees  # the state was used
        late = await signs_in_there(await begins(ida), "olu-17")
        door.house.clock.on(minutes=11)
        await ida.opens(late)
        assert ida.cookie == other.cookie == ""
        await ida.opens("/sign-in/oidc?code=x&state=y")
        assert (ida.status, ida.cookie) == (422, "")
    assert await count(door, challenges) <= 1


async def test_nobody_links_an_account_to_somebody_else(door: Served) -> None:
    async with door.browser() as olu, door.browser() as wim:
        await olu.accepts(await door.invite("owner"))
        await wim.accepts(await door.invite("worker"))
        await wim.opens("/signing-in")
        await wim.presses("Link it")
        answer = await signs_in_there(onward(wim), "wim-3")
        await olu.opens(answer)  # Wim's answer, opened by Olu
        assert "Your council's sign-in did not work." in olu.sees
        await links(olu, "olu-17")
        await links(wim, "olu-17")
        assert wim.status == 403
    assert await count(door, sign_in_links) == 1


async def test_a_link_can_be_ended_and_ends_with_the_role(door: Served) -> None:
    async with door.browser() as olu, door.browser() as wim:
        await olu.accepts(await door.invite("owner"))
        await links(olu, "olu-17")
        await olu.presses("Unlink it")
        assert "Link it" in olu.sees
        await wim.accepts(await door.invite("worker"))
        await links(wim, "wim-3")
        await olu.opens("/")
        for label in ("Team", "Remove somebody", "Worker 1", "Yes, remove"):
            await olu.presses(label)
        assert await count(door, sign_in_links) == 0


async def test_who_says_no_at_the_provider_is_told_kindly(door: Served) -> None:
    async with door.browser() as olu:
        state = URL(await begins(olu)).query["state"]
        await olu.opens(f"/sign-in/oidc?error=access_denied&state={state}")
        assert "Your council's sign-in did not work." in olu.sees


async def test_without_settings_there_is_no_council_sign_in(sqlite) -> None:
    async with open_door(sqlite) as door, door.browser() as olu:
        await olu.opens("/sign-in")
        assert "council" not in olu.sees
        for method, address in (("POST", "/sign-in/council"), ("GET", "/sign-in/oidc?code=x&state=y")):
            assert (await olu.asks(method, address))[0] == 404


async def test_the_doctor_asks_the_provider_who_it_is(council: Council, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (("ID", "heard"), ("SECRET", "a secret of ours")):
        monkeypatch.setenv(f"OIDC_CLIENT_{name}", value)
    monkeypatch.setenv("OIDC_ISSUER", council.issuer)
    assert [one.well for one in await check_provider(read_settings())] == [True]
    monkeypatch.setenv("OIDC_ISSUER", f"{council.issuer}/")
    found = (await check_provider(read_settings()))[0]
    assert "another name" in found.found
