"""Every request: whose form it is, how large it may be, and the headers of the response."""

import asyncio

import pytest

from conversations.safeguarding.help.ways import CHILDLINE
from handlers.web.templates_api import HEADERS, LEAVE_TO, Pages
from storage.consultations.consultations import by_code
from storage.results import counts as result_counts
from tests.web.serving import Served, at_the_first_question, open_door, stored

# The accessibility statement must link to these: the guidelines, advice, and the enforcement procedure.
BY_LAW = (
    "https://www.w3.org/TR/WCAG22/",
    "https://mcmw.abilitynet.org.uk/",
    "https://www.equalityadvisoryservice.com/",
)
READ_ONLY = ("/", "/j/sample-buses", "/changed", "/privacy", "/parents", "/accessibility", "/help")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_can_send_nothing_for_somebody(door: Served, headers: dict[str, str]) -> None:
    async with door.browser() as ana, door.browser() as stranger:
        await at_the_first_question(ana)
        data = {**ana.tokens, "choice": f"{ana.tokens['visit']}:0"}
        status, _, _ = await ana.asks("POST", "/turn", data=data, headers=headers)
        assert status == 403
        status, answered, _ = await stranger.asks("POST", "/start", headers=headers)
        assert status == 403
        assert "Set-Cookie" not in answered
    assert await stored(door) == 0


async def test_a_form_without_its_own_pages_token_is_refused(door: Served) -> None:
    async with door.browser() as ana, door.browser() as ben:
        await at_the_first_question(ana)
        await at_the_first_question(ben)
        choice = f"{ana.tokens['visit']}:0"
        for csrf in ("", "0" * 32, "ё", ben.tokens["csrf"]):
            status, _, page = await ana.asks("POST", "/turn", data={"csrf": csrf, "choice": choice})
            assert status == 403
            assert "<h1>" in page
    assert await stored(door) == 0


async def test_our_own_page_may_send_its_origin(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        data = {**ana.tokens, "choice": f"{ana.tokens['visit']}:0"}
        headers = {"Origin": door.url, "Sec-Fetch-Site": "same-origin"}
        status, answered, _ = await ana.asks("POST", "/turn", data=data, headers=headers)
        assert (status, answered["Location"]) == (303, "/#new")
    assert await stored(door) == 1


async def test_behind_https_the_cookie_and_the_forms_are_bound_to_the_public_address(sqlite) -> None:
    async with open_door(sqlite, public_url="https://heard.example") as door, door.browser() as ana:
        await ana.opens("/")
        data = ana.page.forms[-1].hidden
        status, headers, _ = await ana.asks(
            "POST", "/start", data=data, headers={"Origin": "https://heard.example"}
        )
        assert status == 303
        assert headers["Set-Cookie"].startswith("__Host-heard=")
        assert "Secure" in headers["Set-Cookie"]
        assert headers["Strict-Transport-Security"]
        status, _, _ = await ana.asks("POST", "/start", headers={"Origin": "https://evil.example"})
        assert status == 403
        async with door.browser() as bo:
            bo.cookie = headers["Set-Cookie"].partition("=")[2].partition(";")[0]
            assert (
                "Say what you think." in (await bo.opens("/")).text
            )  # a cookie by any other name is nobody's


@pytest.mark.parametrize(
    "address", ["/j/a%00b", "/j/%ED%A0%80", "/i/a%00b", "/j/" + "x" * 500, "/paper/9" + "9" * 30]
)
async def test_a_strange_address_is_answered_kindly_on_both_databases(any_house, address: str) -> None:
    async with open_door(any_house.runtime.database) as door, door.browser() as ana:
        status, _, _ = await ana.asks("GET", address)
        assert status in {200, 404, 410}


@pytest.mark.parametrize("cookie", ["x", "0" * 22, "../../etc", "%00", "a" * 5000, "\udcff"])
async def test_a_cookie_that_we_did_not_give_is_a_strangers(door: Served, cookie: str) -> None:
    async with door.browser() as ana:
        headers = {"Cookie": f"heard={cookie}".encode("utf-8", "surrogateescape").decode("latin-1")}
        status, _, page = await ana.asks("GET", "/", headers=headers)
        assert status == 200
        assert "Say what you think." in page
        for method, address, refused in (
            ("POST", "/turn", {401, 403}),
            ("GET", "/thread", {401}),
            ("GET", "/stream", {401}),
        ):
            status, _, _ = await ana.asks(method, address, headers=headers)
            assert status in refused


async def test_a_stale_button_answers_nothing_and_shows_where_we_are(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        old = dict(ana.tokens)
        await ana.presses("Skip")
        await ana.posts("/turn", {**ana.tokens, "choice": f"{old['visit']}:3"})
        assert "That question is over." in ana.sees
        assert "What would make it better?" in ana.question
        about = await door.house.run(lambda db: by_code(db, "sample-buses"))
        given = await door.house.run(lambda db: result_counts.counts(db, about.id))
        assert "not_safe" not in str(given)


@pytest.mark.parametrize(
    "choice",
    ["999:0", "x:y", ":", "-1:0", "{visit}:99", "{visit}:../..", "{visit}:", "9" * 5000, "{visit}:/nonsense"],
)
async def test_a_forged_button_changes_nothing(door: Served, choice: str) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        await ana.posts("/turn", {**ana.tokens, "choice": choice.format(visit=ana.tokens["visit"])})
        assert ana.status == 200
        assert "How safe do you feel" in ana.question
    assert await stored(door) == 0


async def test_somebody_elses_button_is_only_ones_own(door: Served) -> None:
    async with door.browser() as ana, door.browser() as ben:
        await at_the_first_question(ana)
        await at_the_first_question(ben)
        await ben.presses("Safe")
        fields = {**ana.tokens, "once": ben.tokens["once"], "visit": ben.tokens["visit"]}
        await ana.posts("/turn", {**fields, "choice": f"{ben.tokens['visit']}:0"})
        assert "How safe do you feel" in ana.question
    assert await stored(door) == 1


async def test_one_form_sent_many_times_counts_once(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        data = {**ana.tokens, "choice": f"{ana.tokens['visit']}:0"}
        found = await asyncio.gather(*(ana.asks("POST", "/turn", data=data) for _ in range(20)))
        assert {status for status, _, _ in found} == {303}
        await ana.again()
        assert "What would make it better?" in (await ana.opens("/")).text
        assert "That question is over." not in ana.sees
        assert ana.page.html.count("Safe") == 1
    assert await stored(door) == 1


async def test_other_words_from_a_page_that_was_used_already_come_back(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        await ana.presses("Safe")
        shown = ana.tokens
        await ana.posts("/turn", {**shown, "said": "more lights"})
        await ana.posts("/turn", {**shown, "said": "more lights and a roof"})
        assert "That question is over." in ana.sees
        assert "more lights and a roof" in ana.page.html


async def test_an_attachment_belongs_to_its_door(door: Served) -> None:
    async with door.browser() as ana, door.browser() as ben:
        await ana.joins()
        await ana.presses("My data")
        await ana.presses("Get it as a file")
        attachment = next(address for address in ana.page.addresses if address.startswith("/paper/"))
        status, headers, page = await ana.asks("GET", attachment)
        assert status == 200
        assert headers["Content-Disposition"].startswith("attachment")
        assert "16–17" in page
        await ben.joins()
        for address in (attachment, "/paper/999999", "/paper/x", "/paper/٣", f"/paper/{'9' * 40}"):
            status, _, _ = await ben.asks("GET", address)
            assert status == 404


async def test_every_answer_has_its_guards_errors_too(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async with door.browser() as ana:
        asked = [await ana.asks("GET", address) for address in READ_ONLY]
        asked += [
            await ana.asks("GET", address) for address in ("/changed.json", "/healthz", "/readyz", "/metrics")
        ]
        asked += [
            await ana.asks("GET", address)
            for address in ("/nowhere", "/i/" + "x" * 22, "/thread", "/static/..%2fdoor.py")
        ]
        asked += [await ana.asks("POST", address) for address in ("/turn", "/start", "/help")]
        asked += [await ana.asks("POST", "/start", data=b"x" * 200_000)]
        monkeypatch.setattr(Pages, "text", None)
        asked.append(await ana.asks("GET", "/help"))
        statuses = [status for status, _, _ in asked]
        assert set(statuses) == {200, 303, 401, 404, 405, 410, 413, 500}
        for status, headers, _ in asked:
            assert {name: headers[name] for name in HEADERS} == dict(HEADERS), status
            kept = "no-cache" if "ETag" in headers else "no-store"  # what is public is kept, and asked about
            assert headers["Cache-Control"] == kept
            assert "Server" not in headers


async def test_static_files_may_be_cached_and_have_the_security_headers(door: Served) -> None:
    async with door.browser() as ana:
        page = (await ana.opens("/")).html
        address = page.partition('href="/static/heard.css')[2].partition('"')[0]
        status, headers, _ = await ana.asks("GET", f"/static/heard.css{address}")
        assert status == 200
        assert "immutable" in headers["Cache-Control"]
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_no_page_leads_or_looks_to_anybody_else_but_to_somewhere_harmless(door: Served) -> None:
    async with door.browser() as ana:
        pages = [await ana.opens(address) for address in (*READ_ONLY, "/nowhere")]
        await at_the_first_question(ana)
        pages += [await ana.opens(address) for address in READ_ONLY]
        for page in pages:
            rest = page.html
            for known in (LEAVE_TO, "http://www.w3.org/2000/svg", door.url, CHILDLINE.chat, *BY_LAW):
                rest = rest.replace(known, "")
            assert "http://" not in rest
            assert "https://" not in rest
            assert 'src="//' not in rest


async def test_the_request_decides_between_page_and_fragment(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        _, headers, page = await ana.asks("GET", "/")
        assert "Accept" in headers["Vary"]
        assert "<html" in page
        _, headers, part = await ana.asks(
            "GET", "/thread", headers={"Accept": "text/vnd.heard.fragment+html"}
        )
        assert headers["Content-Type"].startswith("text/vnd.heard.fragment+html")
        assert "<html" not in part
