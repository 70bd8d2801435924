"""What somebody sends: any words, any bytes, any size."""

import io
import tempfile
import tracemalloc
from urllib.parse import quote_from_bytes

import pytest
from aiohttp import ClientSession, FormData, MultipartWriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from storage.consultations import answers as said
from storage.consultations.consultations import by_code
from storage.tables import outbox, updates
from tests.web.serving import Served, at_the_first_question, stored


async def taken_in(door: Served) -> int:
    return await door.house.run(lambda db: db.run(select(func.count()).select_from(updates)).scalar())


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


LONG = "more lights at the stop, please. " * 3500  # 115,500 letters


async def test_a_text_that_is_too_long_is_refused_kindly_and_goes_back_into_its_field(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        await ana.presses("Skip")
        before = await stored(door)
        for _ in range(2):
            await ana.writes(LONG)
            assert "That's longer than I can keep. Can you say it in 4000 letters?" in ana.sees
            assert LONG.strip() in ana.page.html
        assert await stored(door) == before


async def test_a_sign_of_danger_in_a_text_that_is_too_long_is_answered(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        await ana.presses("Skip")
        await ana.writes(f"{LONG} i want to kill myself {LONG[:5000]}")
        assert "Childline" in ana.sees
        assert len(ana.page.html) < 40_000


async def test_eighty_long_messages_that_answer_nothing_leave_little(door: Served) -> None:
    async with door.browser() as ana:
        await ana.joins()
        for _ in range(80):
            await ana.writes(LONG)
            door.house.clock.on(seconds=2)  # slower than the pace at which nothing is taken
        page = await ana.opens("/")
        sizes = select(func.sum(func.length(outbox.c.sealed)))
        assert await door.house.run(lambda db: db.run(sizes).scalar()) < 200_000
    assert len(page.html) < 80_000


async def test_an_upload_is_never_on_the_disk_not_even_while_it_is_read(door: Served, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/there/is/no/such/folder")
    async with door.browser() as wim:
        await wim.accepts(await door.invite("worker"))
        await wim.presses("Ask young people")
        await wim.presses("New: send a workbook")
        await wim.uploads(io.BytesIO(b"x" * 4_000_000))
        assert wim.status == 200
        assert "Your workbook" in wim.question
        assert "This isn't a workbook" in wim.sees


async def test_staffs_upload_above_the_bound_is_refused(door: Served) -> None:
    async with door.browser() as wim:
        await wim.accepts(await door.invite("worker"))
        await wim.presses("Ask young people")
        await wim.presses("New: send a workbook")
        await wim.uploads(io.BytesIO(b"x" * 6_100_000))
        assert wim.status == 413
