"""Reads posted forms: limits their size, and checks that one of our own pages sent them."""

from collections.abc import Mapping

from aiohttp import web
from aiohttp.http import HttpProcessingError

from conversations.core.record import Record
from handlers.input import clean_text
from handlers.web import tokens
from handlers.web.context import CONTEXT

WORDS_MOST = 128_000  # bytes: 10,000 characters of any script, and the rest of the form
WORKBOOK_MOST = 6_000_000  # bytes: a workbook of 5 MB, likewise
PICTURE_MOST = 11_000_000  # bytes: a picture of 10 MB, likewise


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
        raise web.HTTPForbidden
    if (request.content_length or 0) > most:
        raise web.HTTPRequestEntityTooLarge(most)
    form = await _read(request.clone(client_max_size=most))
    page = request.app[CONTEXT]
    if not tokens.csrf_fits(page.runtime.vault, page.address(request), form["csrf"]):
        raise web.HTTPForbidden
    return form


async def _read(request: web.Request) -> PostedForm:
    try:
        sent = await request.post()
    except (
        HttpProcessingError,
        ValueError,
        LookupError,
        RuntimeError,
    ) as error:  # aiohttp cannot parse it as a form
        raise web.HTTPBadRequest from error
    fields: dict[str, str] = {}
    file = None
    for name, value in sent.items():
        if isinstance(value, str):
            fields[name] = clean_text(value)
        elif isinstance(value, web.FileField):
            with value.file as sent_file:
                file = sent_file.read()
        else:  # a file field without a file
            file = file or b""
    return PostedForm(fields, file)


def _is_from_own_page(request: web.Request) -> bool:
    """Whether one of our pages sent this, by the browser's headers, which another site cannot forge."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin in {f"{request.scheme}://{request.host}", request.app[CONTEXT].origin}
