"""Routes for published outcomes. Strangers get them from the cache, without a database query."""

from functools import partial

from aiohttp import web

from conversations.changes.register import Register, WithdrawnEntry
from conversations.core.pagination import number_behind
from conversations.core.record import replace
from conversations.outcomes.wording import outcome_heading, title_of
from conversations.team.corrections import withdrawal_line
from handlers.web.context import CONTEXT, WebContext, asked_language, frame, html
from handlers.web.conversation import door_of
from handlers.web.public.cache import NewContent, PageCache, answer
from handlers.web.public.cards import card, preview_text
from handlers.web.public.feed import data, feed
from handlers.web.public.list import listing, page_meta
from handlers.web.public.query import PageQuery, list_query, reader
from handlers.web.templates_api import Frame
from storage.changes import published
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outcomes import pictures

CACHE: web.AppKey[PageCache] = web.AppKey("shelf", PageCache)

_A_DAY = {"Cache-Control": "public, max-age=86400"}  # the address changes with the picture
_ANYBODY = {"Access-Control-Allow-Origin": "*"}  # other sites may show what is public anyway


async def what_changed(request: web.Request) -> web.Response:
    """GET /changed: published outcomes, filtered by `theme`, `area`, `decision` and `year`, from index `from`."""
    register, door = await request.app[CACHE].register(), await door_of(request)
    return await _page(request, door, list_query(request.query, register, _reader(request, door)))


async def one_outcome(request: web.Request) -> web.Response:
    """GET /changed/ID: one published outcome, at a permanent address."""
    number, door = await _number(request, or_notice=True), await door_of(request)
    shown = await _page(request, door, PageQuery(*_reader(request, door), outcome=number))
    if (await request.app[CACHE].register()).notice(number) and shown.status == 200:
        shown.set_status(410)  # gone, and it says why
    return shown


async def as_feed(request: web.Request) -> web.Response:
    """GET /changed.atom: the newest outcomes for feed readers, filtered by theme and area."""
    page, cache = request.app[CONTEXT], request.app[CACHE]
    asked = list_query(request.query, await cache.register(), _reader(request, None))
    query = asked.with_narrowing(asked.narrowing.without_status())

    def make(db: Db, register: Register) -> NewContent:
        return NewContent(
            feed(
                register,
                query,
                page.runtime.library,
                page.runtime.rules,
                partial(published.published_by_id, db),
            )
        )

    kept = await cache.get(("feed", query), "application/atom+xml", make)
    return answer(request, kept, {"Vary": "Accept-Language", **_ANYBODY})


async def as_data(request: web.Request) -> web.Response:
    """GET /changed.json: the same outcomes as data, with the same filters."""
    page, cache = request.app[CONTEXT], request.app[CACHE]
    query = replace(list_query(request.query, await cache.register(), ("", "")), language="", version="")

    def make(db: Db, register: Register) -> NewContent:
        return NewContent(
            data(
                register,
                query,
                page.runtime.library,
                page.runtime.rules,
                partial(published.published_by_id, db),
            )
        )

    return answer(request, await cache.get(("data", query), "application/json", make), _ANYBODY)


async def picture(request: web.Request) -> web.Response:
    """GET /changed/picture/ID: the picture of a published outcome."""
    number = await _number(request)

    def make(db: Db, _register: Register) -> NewContent:
        return NewContent(pictures.content(db, number, published_only=True) or b"")

    kept = await request.app[CACHE].get(("picture", number), "image/jpeg", make)
    if not kept.body:
        raise web.HTTPNotFound
    return answer(request, kept, _A_DAY)


async def _number(request: web.Request, *, or_notice: bool = False) -> int:
    """The id of the published outcome in the address, or of the notice in its place. Raises 404."""
    number = number_behind(request.match_info["outcome"])
    register = await request.app[CACHE].register()
    there = number is not None and (register.entry(number) or (or_notice and register.notice(number)))
    if number is None or not there:
        raise web.HTTPNotFound
    return number


def _reader(request: web.Request, door: Door | None) -> tuple[str, str]:
    """The reader's language and version: from the query, else their own."""
    runtime = request.app[CONTEXT].runtime
    offered = runtime.rules.languages
    theirs = (asked_language(request, offered), "normal")
    if door and door.person.language:
        words = runtime.library.words_for(door.person)
        theirs = (words.language, words.version)
    return reader(request.query, offered, runtime.library, theirs)


# --- a page ---------------------------------------------------------------------------------------


async def _page(request: web.Request, door: Door | None, query: PageQuery) -> web.Response:
    """One page of outcomes. The main part is the same for everybody. All strangers get an identical page; people with a
    conversation here get their own menu around it.
    """
    page, cache = request.app[CONTEXT], request.app[CACHE]
    if door is None:
        kept = await cache.get(("page", query), "text/html", partial(_whole_page, page, query))
        return answer(request, kept, {"Vary": "Accept-Language, Cookie"})
    kept = await cache.get(("main", query), "text/html", partial(_main_part, page, query))
    assert kept.meta is not None, "a main part has metadata"
    words = page.runtime.library.words(query.language, query.version)
    around = replace(frame(request, door), words=words)
    return html(page.pages.changed(around, kept.meta, kept.body.decode()))


def _whole_page(page: WebContext, query: PageQuery, db: Db, register: Register) -> NewContent:
    main = _main_part(page, query, db, register)
    assert main.meta is not None, "a main part has metadata"
    around = replace(_stranger_frame(page, query), languages=main.meta.languages)
    return NewContent(page.pages.changed(around, main.meta, main.body.decode()).encode())


def _main_part(page: WebContext, query: PageQuery, db: Db, register: Register) -> NewContent:
    around, read = _stranger_frame(page, query), partial(published.published_by_id, db)
    library, rules = page.runtime.library, page.runtime.rules
    if not query.outcome:
        found = listing(register, query, library, rules, read)
        return NewContent(page.pages.listing(around, found).encode(), found.meta)
    if gone := register.notice(query.outcome):
        return _notice(page, query, gone)
    outcome, entry = read([query.outcome]).get(query.outcome), register.entry(query.outcome)
    if outcome is None or entry is None:
        raise web.HTTPNotFound
    one = card(outcome, entry, query, library, rules.small_number)
    title = outcome_heading(outcome, one.read)
    said = page_meta(query, library, rules, title=title, about=preview_text(one))
    if one.picture:
        said = replace(said, picture=rules.public_url + one.picture)
    back = PageQuery(query.language, query.version).address()
    return NewContent(page.pages.outcome(around, said, one, back).encode(), said)


def _notice(page: WebContext, query: PageQuery, gone: WithdrawnEntry) -> NewContent:
    """What stands in the place of a withdrawn outcome."""
    around, library, rules = _stranger_frame(page, query), page.runtime.library, page.runtime.rules
    _ = library.words(query.language, query.version)
    line = withdrawal_line(gone.correction, _)
    said = page_meta(query, library, rules, title=title_of(gone.about, _), about=line)
    back = PageQuery(query.language, query.version).address()
    return NewContent(page.pages.withdrawn(around, said, line, back).encode(), said)


def _stranger_frame(page: WebContext, query: PageQuery) -> Frame:
    """The frame for strangers, without anything personal."""
    rules, words = page.runtime.rules, page.runtime.library.words(query.language, query.version)
    several = len(rules.languages) > 1
    known = page.runtime.flows.commands
    return Frame(words, rules.organisation, known=known, chosen=query.language if several else "")
