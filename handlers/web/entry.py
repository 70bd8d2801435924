"""Entry points to the page: a first visit, a poster's link, an invite, a return code."""

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import NoReturn

from aiohttp import web

from conversations.consultations.consultation import Consultation
from conversations.consultations.form import CODE
from conversations.consultations.form_text import form_words
from conversations.core.channels import WEB
from conversations.core.engine import at_home
from conversations.core.events import Asked, Chose, Event
from conversations.core.i18n import Words
from conversations.core.record import Record
from conversations.team.rights import role_name
from handlers.incoming import Incoming
from handlers.turns import TurnResult
from handlers.web import tokens
from handlers.web.context import CONTEXT, SHARED_MINUTES, asked_language, chosen_language, frame, html
from handlers.web.conversation import conversation, door_of
from handlers.web.forms import PostedForm, read_form
from handlers.web.health import client
from handlers.web.templates_api import PosterPage
from storage.consultations import consultations
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.people import people, return_codes, sessions
from storage.team import members as team

# A form sent twice gets the same page twice, so that a lost response does not lose the page. Only for a short time:
# later, somebody else may use the browser.
_AGAIN = timedelta(minutes=1)
_CODE_MOST = 100  # letters of a return code that go back into its field

# Prepares a page's door at an address; returns False if entry is refused.
Prepare = Callable[[Db, str], bool]


class Arrival(Record):
    """A page that has just been opened: its address, and its first turn."""

    address: str
    first: TurnResult


# --- a first visit --------------------------------------------------------------------------------


async def home(request: web.Request) -> web.Response:
    """GET /: the conversation; for a stranger, the landing page."""
    door = await door_of(request)
    return await conversation(request, door) if door else _landing(request)


async def by_code(request: web.Request) -> web.Response:
    """GET /j/CODE: a poster's link. A stranger gets the landing page; somebody with a page, the consultation or why it
    is not open.
    """
    page, code, door = (
        request.app[CONTEXT],
        _code_or_empty(request.match_info["code"]),
        await door_of(request),
    )
    about = await page.runtime.database.read(lambda c: consultations.by_code(page.runtime.db(c), code))
    if door and not at_home(door.person):
        raise web.HTTPSeeOther("/")
    around = frame(request, door)
    poster = _poster(about, page.runtime.clock(), around.words)
    status = 404 if poster.state == "unknown" else 200
    if door:
        choice = f"0:/say {about.id}" if about and poster.state == "open" else ""
        return html(page.pages.poster_link(around, poster=poster, choice=choice), status)
    return html(_landing_html(request, join=code if poster.state == "open" else "", poster=poster), status)


def _code_or_empty(given: str) -> str:
    """The code if it has the shape of a form_id, else empty, so that nothing else reaches the database."""
    return given if CODE.fullmatch(given) else ""


def _poster(about: Consultation | None, now: datetime, words: Words) -> PosterPage:
    """The consultation that a poster leads to. Drafts stay hidden."""
    if about is None or about.state == "draft":
        return PosterPage("unknown")
    title = form_words(about.form, words).title
    if about.state == "scheduled" and about.opens_at:
        return PosterPage("soon", title, words.date_time(about.opens_at))
    is_open = about.state == "open" and (about.closes_at is None or about.closes_at > now)
    return PosterPage("open" if is_open else "closed", title)


def _landing(request: web.Request) -> web.Response:
    return html(_landing_html(request))


def _landing_html(
    request: web.Request, *, join: str = "", poster: PosterPage | None = None, wrong_code: str = ""
) -> str:
    pages, around = request.app[CONTEXT].pages, frame(request)
    return pages.landing(
        around, join=join, poster=poster, shared_minutes=SHARED_MINUTES, wrong_code=wrong_code[:_CODE_MOST]
    )


async def begin(request: web.Request) -> web.Response:
    """POST /start: opens a page for this browser and begins, or continues with a return code."""
    form = await read_form(request)
    shared = form["shared"] == "yes"
    if form["code"].strip():
        came = await _come_back(request, form, shared=shared)
        if came is None:
            return html(
                _landing_html(request, join=_code_or_empty(form["join"]), wrong_code=form["code"]), 422
            )
    elif await door_of(request):
        raise web.HTTPSeeOther("/")
    else:
        start = Asked("start", f"j_{code}" if (code := _code_or_empty(form["join"])) else "")
        came = await _open_page(
            request, form, start, lambda db, at: _prepare_new_door(request, db, at, shared)
        )
        await _set_language(request, came)
    return _redirect_with_cookie(request, came, shared=shared)


async def _come_back(request: web.Request, form: PostedForm, *, shared: bool) -> Arrival | None:
    """Continues with a return code. None for a wrong code, which leaves no row; 429 for too many of them."""
    page, code = request.app[CONTEXT], form["code"]
    nearest = client(request, page.proxies) or ip_address(request.remote or "::")
    if page.wrong_codes.is_too_fast(nearest):
        raise web.HTTPTooManyRequests
    runtime = page.runtime
    if await runtime.database.read(lambda c: return_codes.person_by_return_code(runtime.db(c), code)) is None:
        page.wrong_codes.failed(nearest)
        return None
    return await _open_page(
        request, form, Asked("back"), lambda db, at: _prepare_return(db, code, at, shared)
    )


def _prepare_new_door(request: web.Request, db: Db, address: str, shared: bool) -> bool:
    door = people.find_or_create_door(db, WEB, address, asked_language(request, db.rules.languages))
    if shared:
        people.mark_shared(db, door.id)
    return True


def _prepare_return(db: Db, code: str, address: str, shared: bool) -> bool:
    person = return_codes.person_by_return_code(db, code)
    if person is not None:
        people.add_door(db, person, WEB, address, shared=shared)
    return person is not None


async def _set_language(request: web.Request, came: Arrival | None) -> None:
    """Sets the language that somebody already chose with a link, so that joining need not ask."""
    runtime = request.app[CONTEXT].runtime
    language = chosen_language(request, runtime.rules.languages)
    asked = came.first.messages[-1].say if came and came.first.messages else None
    if came and asked and language and len(runtime.rules.languages) > 1:
        await runtime.take_turn(Incoming(WEB, came.address, tokens.new()), Chose(asked.visit, language))


# --- an invite ------------------------------------------------------------------------------------


async def invite_page(request: web.Request) -> web.Response:
    """GET /i/TOKEN: a page with a button. Opening the link redeems nothing, because link previews open it too."""
    page, token = request.app[CONTEXT], request.match_info["token"]
    found = await page.runtime.database.read(lambda c: team.invitation(page.runtime.db(c), token))
    if found is None:
        raise web.HTTPGone
    around = frame(request, await door_of(request))
    role = role_name(found.role, around.words) if found.role else ""
    return html(page.pages.invite(around, role=role, action=request.path))


async def redeem(request: web.Request) -> web.Response:
    """POST /i/TOKEN: redeems the invite. A stranger gets a page. An existing page gets a new address, so that anybody
    who knew the old one is not signed in too.
    """
    form, door = await read_form(request), await door_of(request)
    token = request.match_info["token"]
    start = Asked("start", f"i_{token}")
    came = await _open_page(
        request, form, start, lambda db, at: _prepare_invite(request, db, at, token, door)
    )
    if came is None:
        raise web.HTTPGone
    _redirect_with_cookie(request, came, shared=door is not None and door.shared)


def _prepare_invite(request: web.Request, db: Db, address: str, token: str, door: Door | None) -> bool:
    if team.invitation(db, token) is None:
        return False
    if door:
        people.readdress(db, door, address)
        return True
    return _prepare_new_door(request, db, address, shared=False)


# --- coming in ------------------------------------------------------------------------------------


async def _open_page(request: web.Request, form: PostedForm, event: Event, ready: Prepare) -> Arrival | None:
    """Opens a page for this browser and takes its first turn. None if entry is refused."""
    runtime = request.app[CONTEXT].runtime
    once = tokens.valid_or_empty(form["once"]) or tokens.new()
    address = tokens.address(runtime.vault, once)

    def come(db: Db) -> bool:
        first = sessions.claim_update(db, WEB, f"page:{once}")
        return ready(db, address) if first else _is_recent_resend(db, once, address)

    taken = await runtime.take_turn(Incoming(WEB, address, once), event, come)
    return None if taken.status == "shut" else Arrival(address, taken)


def _is_recent_resend(db: Db, once: str, address: str) -> bool:
    """Whether a form that was already sent still leads to the page that it opened."""
    taken = sessions.received_at(db, WEB, f"page:{once}")
    lately = taken is not None and db.now - taken < _AGAIN
    return lately and people.door_at(db, WEB, address) is not None


def _redirect_with_cookie(request: web.Request, came: Arrival | None, *, shared: bool) -> NoReturn:
    answer = web.HTTPSeeOther("/#new" if came else "/")
    if came:
        tokens.set_cookie(answer, came.address, secure=request.app[CONTEXT].is_secure, shared=shared)
    raise answer


async def left_page(request: web.Request) -> web.Response:
    """GET /left: what the Back button shows after somebody left, instead of the conversation."""
    return html(request.app[CONTEXT].pages.leaving_page(frame(request), back=True))
