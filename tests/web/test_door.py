"""Every request: whose form it is, how large it may be, and the headers of the response."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote_from_bytes

import asyncpg
import pytest
from aiohttp import ClientSession, FormData, MultipartWriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from handlers.web.templates_api import HEADERS, LEAVE_TO, Pages
from storage.consultations import answers as said
from storage.consultations.consultations import by_code
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.core.database import Postgres
from storage.outbox import broadcasts
from storage.results import counts as result_counts
from storage.tables import answers, updates
from tests.crowd import add_crowd, open_hub
from tests.web.serving import Served, Visitor, open_door

READ_ONLY = ("/", "/j/sample-buses", "/changed", "/privacy", "/help")


async def at_the_first_question(ana: Visitor) -> Visitor:
    await ana.joins()
    await ana.presses("Have your say")
    await ana.presses("Start")
    return ana


async def stored(door: Served) -> int:
    return await door.house.run(lambda db: db.run(select(func.count()).select_from(answers)).scalar())


async def taken_in(door: Served) -> int:
    return await door.house.run(lambda db: db.run(select(func.count()).select_from(updates)).scalar())


# --- whose form it is -----------------------------------------------------------------------------


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
        ana.cookie = headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        assert "Say what you think." in (await ana.opens("/")).text  # a cookie by any other name is nobody's
        status, _, _ = await ana.asks("POST", "/start", headers={"Origin": "https://evil.example"})
        assert status == 403


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
        for method, address in (("POST", "/turn"), ("GET", "/thread"), ("GET", "/stream")):
            status, _, _ = await ana.asks(method, address, headers=headers)
            assert status == 401


# --- buttons --------------------------------------------------------------------------------------


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


# --- what somebody wrote --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("<b>lamps</b> & <script>alert(1)</script>", "<b>lamps</b> & <script>alert(1)</script>"),
        ("_*[lamps](tg://user?id=1)", "_*[lamps](tg://user?id=1)"),
        ("lamps \u202e spmal", "lamps \u202e spmal"),
        ("la\x00mps\x07", "lamps"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("e\u0301" * 1500, "e\u0301" * 1500),
        ("\U0001f4a1" * 2000, "\U0001f4a1" * 2000),
    ],
)
async def test_whatever_is_written_is_kept_and_shown_as_words(door: Served, words: str, shown: str) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        await ana.presses("Skip")
        await ana.writes(words)
        assert "Which of these" in ana.question
        assert "<script>alert" not in ana.page.html
        assert " ".join(shown.split()) in " ".join(ana.sees.split())
        about = await door.house.run(lambda db: by_code(db, "sample-buses"))
        kept = await door.house.run(lambda db: list(said.rows_for_export(db, about.id, about.form)))
        assert kept[0].answers["better"] == shown


@pytest.mark.parametrize("sent", [b"\xed\xa0\x80 lamps", b"\xff\xfe lamps", b"\xf0\x9f lamps"])
async def test_invalid_characters_are_replaced_and_break_nothing(door: Served, sent: bytes) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        await ana.presses("Skip")
        body = "&".join(f"{name}={value}" for name, value in ana.tokens.items())
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _, _ = await ana.asks(
            "POST", "/turn", data=f"{body}&said={quote_from_bytes(sent)}", headers=headers
        )
        assert status == 303
        assert "lamps" in (await ana.opens("/")).text


@pytest.mark.parametrize("charset", ["utf-7", "rot13", "nonsense", "utf-16", "idna"])
async def test_a_body_in_a_strange_code_is_no_form_or_a_strangers(door: Served, charset: str) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        headers = {"Content-Type": f"application/x-www-form-urlencoded; charset={charset}"}
        status, _, page = await ana.asks("POST", "/turn", data=b"said=+2AA-&csrf=\xff", headers=headers)
        assert status in {400, 403}
        assert "<h1>" in page
    assert await stored(door) == 0


@given(body=st.binary(max_size=400), boundary=st.sampled_from(["x", "-", "a b", "é"]))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_no_multipart_body_whatever_breaks_anything(door: Served, body: bytes, boundary: str) -> None:
    async with ClientSession(door.url) as session:
        framed = b"--x\r\n" + body + b"\r\n--x--\r\n"
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        async with session.post("/start", data=framed, headers=headers, allow_redirects=False) as answer:
            assert answer.status in {303, 400, 403}


# --- how much -------------------------------------------------------------------------------------


async def _endless(size: int, seen: list[int]):
    piece = b"said=" + b"x" * 65_531
    for _ in range(size // len(piece)):
        seen.append(len(piece))
        yield piece


@pytest.mark.parametrize("announced", [True, False])
async def test_ten_megabytes_are_refused_and_never_held(door: Served, announced: bool) -> None:
    size, seen = 10_000_000, []
    async with door.browser() as ana:
        await ana.joins()
        before = await taken_in(door)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if announced:
            headers["Content-Length"] = str(size // 65_536 * 65_536)
        tracemalloc.start()
        status, _, page = await ana.asks("POST", "/turn", data=_endless(size, seen), headers=headers)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert status == 413
        assert "That was too big" in page
        assert most < 4_000_000
        assert await taken_in(door) == before


async def test_a_young_persons_file_is_not_read(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        big = FormData(ana.tokens, default_to_multipart=True)
        big.add_field("workbook", b"x" * 1_000_000, filename="questions.xlsx")
        status, _, _ = await ana.asks("POST", "/turn", data=big)
        assert status == 413
        small = FormData(ana.tokens, default_to_multipart=True)
        small.add_field("workbook", b"x" * 1000, filename="photo.jpg")
        await ana.asks("POST", "/turn", data=small)
        assert "I can't read that kind of message." in (await ana.opens("/")).text


async def test_a_field_for_each_letter_is_no_form(door: Served) -> None:
    async with door.browser() as ana:
        with MultipartWriter("form-data") as form:
            for number in range(2000):
                form.append("x").set_content_disposition("form-data", name=str(number))
        status, _, _ = await ana.asks("POST", "/start", data=form)
        assert status in {400, 413}


# --- what goes with every answer ------------------------------------------------------------------


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
            rest = (
                page.html.replace(LEAVE_TO, "")
                .replace("http://www.w3.org/2000/svg", "")
                .replace(door.url, "")
            )
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


# --- for machines ---------------------------------------------------------------------------------


async def test_ready_only_while_the_database_is_there(postgres, postgres_server: str) -> None:
    async with open_door(postgres) as door, door.browser() as machine:
        assert (await machine.asks("GET", "/readyz"))[::2] == (200, "ready\n")
        async with _gone(postgres, postgres_server):
            assert (await machine.asks("GET", "/healthz"))[::2] == (200, "up\n")
            status, _, why = await machine.asks("GET", "/readyz")
            assert (status, why) == (503, "not ready: Unavailable\n")
            status, headers, page = await machine.asks("GET", "/changed")
            assert status == 503
            assert "Something went wrong on our side" in page
            assert f"tell the team this number: {headers['X-Request-Id']}." in page
        assert (await machine.asks("GET", "/readyz"))[0] == 200


@asynccontextmanager
async def _gone(postgres: Postgres, server: str) -> AsyncIterator[None]:
    """The database rejects new connections, and closes the present ones."""
    name = postgres._engine.url.database
    admin = await asyncpg.connect(server)
    await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await admin.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        yield
    finally:
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await admin.close()


async def test_a_database_of_another_version_is_not_ready(door: Served) -> None:
    await door.house.run(lambda db: db.run(text("UPDATE alembic_version SET version_num = '9999'")))
    async with door.browser() as machine:
        status, _, why = await machine.asks("GET", "/readyz")
        assert (status, why) == (503, "not ready: SchemaMismatch\n")


@pytest.mark.parametrize(
    ("proxies", "headers", "status"),
    [
        ((), {}, 200),
        ((), {"X-Forwarded-For": "127.0.0.1"}, 403),
        ((), {"Forwarded": "for=127.0.0.1"}, 403),
        ((), {"X-Real-IP": "203.0.113.9"}, 403),
        (("127.0.0.1",), {}, 200),
        (("127.0.0.1",), {"X-Forwarded-For": "203.0.113.9"}, 403),
        (("127.0.0.1",), {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}, 403),
        (("127.0.0.1", "10.0.0.0/8"), {"X-Forwarded-For": "203.0.113.9, 10.1.2.3"}, 403),
        (("10.0.0.0/8",), {"X-Forwarded-For": "203.0.113.9"}, 403),
        (("127.0.0.1",), {"X-Forwarded-For": "nonsense"}, 403),
    ],
)
async def test_metrics_are_for_this_machine_however_they_are_asked_for(
    sqlite, proxies: tuple[str, ...], headers: dict[str, str], status: int
) -> None:
    async with open_door(sqlite, proxies) as door, door.browser() as machine:
        found, _, page = await machine.asks("GET", "/metrics", headers=headers)
        assert found == status
        assert ("python_info" in page) is (status == 200)


async def test_the_metrics_cover_turns_and_the_queue(door: Served) -> None:
    number = await door.house.run(open_hub)
    await door.house.run(lambda db: add_crowd(db, 3))
    await door.house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    door.house.clock.on(minutes=5)
    async with door.browser() as ana, door.browser() as machine:
        await ana.joins()
        _, _, figures = await machine.asks("GET", "/metrics")
    lines = figures.splitlines()
    assert 'heard_queue_messages{lane="broadcast"} 3.0' in lines
    assert 'heard_queue_oldest_seconds{lane="broadcast"} 300.0' in lines
    assert 'heard_queue_messages{lane="conversation"} 0.0' in lines
    turns = [line for line in lines if line.startswith('heard_updates_total{door="web",result="taken"}')]
    assert float(turns[0].split()[1]) >= 5


async def test_without_the_database_the_figures_of_the_process_are_there(
    postgres, postgres_server: str
) -> None:
    async with open_door(postgres) as door, door.browser() as machine, _gone(postgres, postgres_server):
        status, _, figures = await machine.asks("GET", "/metrics")
        assert (status, "python_info" in figures) == (200, True)


async def test_if_a_part_of_the_process_is_stuck_it_is_not_ready(sqlite) -> None:
    async with open_door(sqlite, stuck="courier") as door, door.browser() as machine:
        assert (await machine.asks("GET", "/readyz"))[::2] == (503, "not ready: courier\n")


async def test_a_log_line_and_the_answer_carry_the_same_number(door: Served, monkeypatch) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    async with door.browser() as ana:
        await ana.joins()
        monkeypatch.setattr(type(door.house.runtime.database), "read", fails)
        with capture_logs(processors=[merge_contextvars]) as logged:
            status, headers, _ = await ana.asks("GET", "/changed")
    assert status == 500
    assert headers["X-Request-Id"] in {line.get("request") for line in logged}


async def test_open_pages_are_notified_and_closed_at_the_end(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        async with ana._session.get("/stream") as stream:
            assert dict(HEADERS).items() <= dict(stream.headers).items()
            assert await stream.content.readline() == b"retry: 3000\n"
            await stream.content.readline()
            async with door.browser() as other_tab:
                other_tab.cookie = ana.cookie
                await other_tab.asks("POST", "/turn", data={**ana.tokens, "command": "ways"})
            assert await asyncio.wait_for(stream.content.readline(), 60) == b"data: look\n"


async def test_one_page_opens_only_so_many_streams(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        streams = [await ana._session.get("/stream") for _ in range(11)]
        assert [stream.status for stream in streams] == [200] * 10 + [429]
        for stream in streams:
            stream.close()
