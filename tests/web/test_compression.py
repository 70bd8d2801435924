"""What the page sends is compressed for browsers that take it, and tells nothing by its length."""

import gzip

import pytest
from aiohttp import ClientSession
from multidict import CIMultiDictProxy

from handlers.web import tokens
from handlers.web.static_files import ADDRESSES
from handlers.web.templates_api import FRAGMENT
from tests.web.serving import Served, at_the_first_question
from tests.web.test_public import published


async def raw(url: str, encoding: str, **headers: str) -> tuple[CIMultiDictProxy[str], bytes]:
    """Headers and body as they come over the wire."""
    async with (
        ClientSession(auto_decompress=False) as session,
        session.get(url, headers={"Accept-Encoding": encoding, **headers}) as answer,
    ):
        return answer.headers, await answer.read()


@pytest.mark.parametrize("address", ["/", "/changed", "/changed.json", "/privacy", ADDRESSES["heard.css"]])
async def test_a_page_comes_compressed_to_who_can_read_it(door: Served, address: str) -> None:
    await published(door.house, "lamps", themes=("safe",))
    small_headers, small = await raw(door.url + address, "gzip, br")
    plain_headers, plain = await raw(door.url + address, "identity")
    assert small_headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain_headers
    for headers in (small_headers, plain_headers):
        assert "Accept-Encoding" in headers["Vary"]
    assert len(small) < len(plain) / 2
    assert len(gzip.decompress(small)) == len(plain)


async def test_a_kept_page_has_another_tag_in_each_form_and_both_are_known_again(door: Served) -> None:
    await published(door.house, "lamps", themes=("safe",))
    tags = []
    for encoding in ("gzip", "identity"):
        headers, _ = await raw(f"{door.url}/changed", encoding)
        tags.append(headers["ETag"])
        _, body = await raw(f"{door.url}/changed", encoding, **{"If-None-Match": headers["ETag"]})
        assert body == b""
    assert len(set(tags)) == 2


async def test_what_is_small_comes_as_it_is(door: Served) -> None:
    headers, _ = await raw(f"{door.url}/healthz", "gzip")
    assert "Content-Encoding" not in headers


async def test_a_token_looks_different_in_each_answer_and_each_of_them_fits(door: Served) -> None:
    async with door.browser() as ana:
        await at_the_first_question(ana)
        seen = [ana.tokens["csrf"], (await ana.opens()) and ana.tokens["csrf"]]
        assert len(set(seen)) == 2
        form = ana.page.forms[-1]
        for csrf in seen:
            fields = {**form.hidden, "csrf": csrf, "said": "hello", "once": tokens.new()}
            status, _, _ = await ana.asks("POST", "/turn", data=fields, headers={"Accept": FRAGMENT})
            assert status == 200
        other = "00" * 16 + seen[0][32:]
        for wrong in (other, seen[0][:-2], seen[0].upper() + "x", "0" * 64):
            fields = {**form.hidden, "csrf": wrong, "said": "hello"}
            assert (await ana.asks("POST", "/turn", data=fields))[0] == 403
