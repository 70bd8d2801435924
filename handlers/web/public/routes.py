"""Routes for published outcomes. Strangers get them from the cache, without a database query."""

from functools import partial

from aiohttp import web

from conversations.changes.register import Register
from conversations.core.pagination import number_behind
from conversations.core.record import replace
from conversations.outcomes.wording import outcome_heading
from handlers.web.context import CONTEXT, WebContext, asked_language, frame, html
from handlers.web.conversation import door_of
from handlers.web.public.cache import Made, Shelf, answer
from handlers.web.public.cards import card, described
from handlers.web.public.feed import data, feed
from handlers.web.public.list import listing, told
from handlers.web.public.query import Seen, listed, reader
from handlers.web.templates_api import Frame
from storage.changes import published
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outcomes import pictures

SHELF: web.AppKey[Shelf] = web.AppKey("shelf", Shelf)

_A_DAY = {"Cache-Control": "public, max-age=86400"}  # a picture's address changes with it
_ANYBODY = {"Access-Control-Allow-Origin": "*"}  # other sites may show what is public anyway


async def what_changed(request: web.Request) -> web.Response:
    """GET /changed: every published outcome, or as much as `theme`, `area`, `decision`, `year` and `from` say."""
    register, door = await request.app[SHELF].register(), await door_of(request)
    return await _page(request, door, listed(request.query, register, _reader(request, door)))


async def one_outcome(request: web.Request) -> web.Response:
    """GET /changed/ID: one published outcome, at an address that stays."""
    number, door = await _number(request), await door_of(request)
    return await _page(request, door, Seen(*_reader(request, door), outcome=number))


async def as_feed(request: web.Request) -> web.Response:
    """GET /changed.atom: the newest, for feed readers; by theme and area where the query says so."""
    page, shelf = request.app[CONTEXT], request.app[SHELF]
    asked = listed(request.query, await shelf.register(), _reader(request, None))
    seen = asked.narrowed(asked.narrowing.of_what())

    def make(db: Db, register: Register) -> Made:
        return Made(
            feed(
                register,
                seen,
                page.runtime.library,
                page.runtime.rules,
                partial(published.published_by_id, db),
            )
        )

    kept = await shelf.kept(("feed", seen), "application/atom+xml", make)
    return answer(request, kept, {"Vary": "Accept-Language", **_ANYBODY})


async def as_data(request: web.Request) -> web.Response:
    """GET /changed.json: the same rows for programs, narrowed by the same query."""
    page, shelf = request.app[CONTEXT], request.app[SHELF]
    seen = replace(listed(request.query, await shelf.register(), ("", "")), language="", version="")

    def make(db: Db, register: Register) -> Made:
        return Made(
            data(
                register,
                seen,
                page.runtime.library,
                page.runtime.rules,
                partial(published.published_by_id, db),
            )
        )

    return answer(request, await shelf.kept(("data", seen), "application/json", make), _ANYBODY)


async def picture(request: web.Request) -> web.Response:
    """GET /changed/picture/ID: the picture of a published outcome."""
    number = await _number(request)

    def make(db: Db, _register: Register) -> Made:
        return Made(pictures.content(db, number, published_only=True) or b"")

    kept = await request.app[SHELF].kept(("picture", number), "image/jpeg", make)
    if not kept.body:
        raise web.HTTPNotFound
    return answer(request, kept, _A_DAY)


async def _number(request: web.Request) -> int:
    """The published outcome that the address names."""
    number = number_behind(request.match_info["outcome"])
    register = await request.app[SHELF].register()
    if number is None or register.entry(number) is None:
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


async def _page(request: web.Request, door: Door | None, seen: Seen) -> web.Response:
    """One page of outcomes. The main part is the same for everybody. All strangers get an identical page; people with a
    conversation here get their own menu around it.
    """
    page, shelf = request.app[CONTEXT], request.app[SHELF]
    if door is None:
        kept = await shelf.kept(("page", seen), "text/html", partial(_whole, page, seen))
        return answer(request, kept, {"Vary": "Accept-Language, Cookie"})
    kept = await shelf.kept(("main", seen), "text/html", partial(_main, page, seen))
    assert kept.told is not None, "a main part comes with it"
    words = page.runtime.library.words(seen.language, seen.version)
    around = replace(frame(request, door), words=words)
    return html(page.pages.changed(around, kept.told, kept.body.decode()))


def _whole(page: WebContext, seen: Seen, db: Db, register: Register) -> Made:
    main = _main(page, seen, db, register)
    assert main.told is not None, "a main part comes with it"
    around = replace(_around(page, seen), tongues=main.told.tongues)
    return Made(page.pages.changed(around, main.told, main.body.decode()).encode())


def _main(page: WebContext, seen: Seen, db: Db, register: Register) -> Made:
    around, read = _around(page, seen), partial(published.published_by_id, db)
    library, rules = page.runtime.library, page.runtime.rules
    if not seen.outcome:
        found = listing(register, seen, library, rules, read)
        return Made(page.pages.listing(around, found).encode(), found.told)
    outcome, entry = read([seen.outcome]).get(seen.outcome), register.entry(seen.outcome)
    if outcome is None or entry is None:
        raise web.HTTPNotFound
    one = card(outcome, entry, seen, library, rules.small_number)
    title = outcome_heading(outcome, one.read)
    said = told(seen, library, rules, title=title, about=described(one))
    if one.picture:
        said = replace(said, picture=rules.public_url + one.picture)
    back = Seen(seen.language, seen.version).address()
    return Made(page.pages.outcome(around, said, one, back).encode(), said)


def _around(page: WebContext, seen: Seen) -> Frame:
    """The frame for strangers, without anything personal."""
    rules, words = page.runtime.rules, page.runtime.library.words(seen.language, seen.version)
    several = len(rules.languages) > 1
    known = page.runtime.flows.commands
    return Frame(words, rules.organisation, known=known, chosen=seen.language if several else "")
