"""The texts that a safeguarding lead reads first: they may hold a sign of danger. Each look is logged before it shows."""

from collections.abc import Callable

from aiohttp import web

from conversations.core.effects import Effect
from conversations.core.i18n import Words
from conversations.core.messages import Session
from conversations.safeguarding.case_words import place_name
from conversations.safeguarding.casework.texts_to_read import why_marked
from conversations.safeguarding.effects import ClearText, OpenCase, ReadText
from conversations.safeguarding.facts import CaseText
from conversations.team.rights import Rights
from handlers.web import posts, tokens
from handlers.web.context import CONTEXT, frame, html
from handlers.web.forms import read_form
from handlers.web.safeguarding.case_page import in_words, reader
from handlers.web.templates_api import TextToRead, WordsOfCase
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.registry import SEALED
from storage.safeguarding import marks

_NUMBER = r"{text:[0-9]{1,15}}"


async def texts(request: web.Request) -> web.Response:
    """GET /texts: all that wait to be read, without their words."""
    page, door = request.app[CONTEXT], await _lead(request)
    runtime, around = page.runtime, frame(request, door)
    found = await runtime.database.read(lambda c: _to_read(runtime.db(c), door, around.words))
    return html(page.pages.texts_to_read(around, found))


async def look(request: web.Request) -> web.Response:
    """POST /texts/12: notes the look in the audit log, then shows the words. A form that is sent again is another look."""
    await read_form(request)
    page, door, number = request.app[CONTEXT], await _lead(request), _number(request)
    runtime, around = page.runtime, frame(request, door)
    await posts.apply(request, ReadText(number), "/texts", tokens.new())

    def read(db: Db) -> WordsOfCase | None:
        found = marks.text(db, door, number, SEALED)
        return in_words(db, found, around.words) if found else None

    found = await runtime.database.read(lambda c: read(runtime.db(c)))
    if found is None:
        raise web.HTTPForbidden
    return html(page.pages.text_to_read(around, number, found))


async def clear(request: web.Request) -> web.Response:
    """POST /texts/12/clear: nothing to worry about."""
    return await _settle(request, lambda number, _text: ClearText(number))


async def open_case(request: web.Request) -> web.Response:
    """POST /texts/12/case: opens a case with the words."""
    return await _settle(request, lambda number, text: OpenCase(number, text.words))


async def _settle(request: web.Request, effect: Callable[[int, CaseText], Effect]) -> web.Response:
    """Applies what somebody decides about a text. One that is gone or settled meanwhile stays so."""
    form = await read_form(request)
    page, door, number = request.app[CONTEXT], await _lead(request), _number(request)
    runtime = page.runtime
    found = await runtime.database.read(lambda c: marks.text(runtime.db(c), door, number, SEALED))
    if found is not None:
        await posts.apply(request, effect(number, found), "/texts", posts.once_of(form))
    raise web.HTTPSeeOther("/texts")


async def _lead(request: web.Request) -> Door:
    """Whoever asks. Raises 401 for a stranger, 403 for somebody who may not read the texts."""
    door = await reader(request)
    if not door.person.may(Rights.READ_MARKED_TEXTS):
        raise web.HTTPForbidden
    return door


def _number(request: web.Request) -> int:
    return int(request.match_info["text"])


def _to_read(db: Db, door: Door, _: Words) -> tuple[TextToRead, ...]:
    found = marks.marked_texts(db, door, Session("")).texts
    return tuple(
        TextToRead(one.id, _.date_time(one.at), place_name(one.step, _), why_marked(one.why, _))
        for one in found
    )


ROUTES = (
    web.get("/texts", texts),
    web.post(f"/texts/{_NUMBER}", look),
    web.post(f"/texts/{_NUMBER}/clear", clear),
    web.post(f"/texts/{_NUMBER}/case", open_case),
)
