"""Reads posted forms: limits their size, and checks that one of our own pages sent them."""

import asyncio
from collections.abc import Mapping
from functools import lru_cache

import structlog
from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError

from conversations.core.record import Record
from handlers.input import clean_text
from handlers.web import tokens
from handlers.web.context import CONTEXT

log = structlog.get_logger()

WORDS_MOST = 128_000  # bytes: 10,000 characters of any script, and the rest of the form
WORKBOOK_MOST = 6_000_000  # bytes: a workbook of 5 MB, likewise
PICTURE_MOST = 11_000_000  # bytes: a picture of 10 MB, likewise
SECONDS_MOST = 120.0  # for all of a form: a picture of 10 MB over a slow line
_PARTS_MOST = 100  # fields: our forms have fewer than ten


class PostedForm(Record):
    """The fields by name, empty if missing, and the bytes of a file: empty if no file was chosen, None if the form has
    no file field.
    """

    fields: Mapping[str, str]
    file: bytes | None = None

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


async def read_form(request: web.Request, most: int = WORDS_MOST) -> PostedForm:
    """Reads a form. Raises 413 above `most` bytes (the rest is not read), 400 if it is not a form, and 403 if it does
    not come from our own page.
    """
    if not _is_from_own_page(request):
        tell_of_refusal()
        raise web.HTTPForbidden
    if (request.content_length or 0) > most:
        raise web.HTTPRequestEntityTooLarge(most)
    try:
        async with asyncio.timeout(SECONDS_MOST):
            form = await _read(request.clone(client_max_size=most), most)
    except TimeoutError as slow:
        raise web.HTTPRequestTimeout from slow
    page = request.app[CONTEXT]
    if not tokens.csrf_fits(page.runtime.vault, page.address(request), form["csrf"]):
        raise web.HTTPForbidden
    return form


async def _read(request: web.BaseRequest, most: int) -> PostedForm:
    try:
        if request.content_type == "multipart/form-data":
            return await _read_parts(request, most)
        sent = await request.post()
    except (
        HttpProcessingError,
        ValueError,
        LookupError,
        RuntimeError,
    ) as error:  # aiohttp cannot parse it as a form
        raise web.HTTPBadRequest from error
    return PostedForm({name: clean_text(value) for name, value in sent.items() if isinstance(value, str)})


async def _read_parts(request: web.BaseRequest, most: int) -> PostedForm:
    """Reads fields and a file in memory. aiohttp's own way leaves a file of over a megabyte unsealed on the disk while
    it is read.
    """
    fields: dict[str, str] = {}
    file, left = None, most
    parts = await request.multipart()
    for _ in range(_PARTS_MOST):
        part = await parts.next()
        if part is None:
            return PostedForm(fields, file)
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise ValueError("a part that is no field")
        content = bytes(await part.read(decode=True))
        left -= len(content)
        if left < 0:
            raise web.HTTPRequestEntityTooLarge(most)
        if part.filename:
            file = content
        elif part.headers.get("Content-Type", "text/plain").startswith("text/"):
            fields[part.name] = clean_text(content.decode(part.get_charset("utf-8")))
        else:  # a file field without a file
            file = file or b""
    raise ValueError("more fields than any form of ours has")


@lru_cache
def tell_of_refusal() -> None:
    """Logs it once: anybody may send as many such forms as they like."""
    log.warning("form refused", why="it was not on a page at PUBLIC_URL")


def _is_from_own_page(request: web.Request) -> bool:
    """Whether one of our pages sent this, by the browser's headers, which another site cannot forge. The request's own
    Host says nothing: another site's name may lead here.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    return request.headers.get("Origin") in {None, *request.app[CONTEXT].origins}
