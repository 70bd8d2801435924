"""Entry points to the page: a first visit, a poster's link, a return code."""

from datetime import datetime

from aiohttp import web

from conversations.consultations.consultation import Consultation
from conversations.consultations.form import CODE
from conversations.consultations.form_text import form_words
from conversations.core.channels import WEB
from conversations.core.engine import at_home
from conversations.core.events import Asked, Chose
from conversations.core.i18n import Words
from handlers.incoming import Incoming
from handlers.web import page_state, tokens
from handlers.web.arrivals import Arrival, form_that_opens, open_page, prepare_new_door, redirect_with_cookie
from handlers.web.context import CONTEXT, SHARED_MINUTES, chosen_language, frame, html
from handlers.web.conversation import conversation, door_of
from handlers.web.forms import PostedForm, read_form
from handlers.web.strangers.paces import guessed_wrong, refuse_guessing, wait_for_turn
from handlers.web.templates_api import PosterPage
from storage.consultations import consultations
from storage.core.unit_of_work import Db
from storage.people import people, return_codes

_CODE_MOST = 100  # letters of a return code that go back into its field


# --- a first visit --------------------------------------------------------------------------------


async def home(request: web.Request) -> web.Response:
    """GET /: the conversation; for a stranger, the landing page."""
    page = request.app[CONTEXT]
    state = await page_state.load(page.runtime, page.address(request))
    return conversation(request, state) if state else _landing(request)


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
    return _landing(request, join=code if poster.state == "open" else "", poster=poster, status=status)


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


def _landing(
    request: web.Request,
    *,
    join: str = "",
    poster: PosterPage | None = None,
    wrong_code: str = "",
    status: int = 200,
) -> web.Response:
    pages, around = request.app[CONTEXT].pages, frame(request)
    text = pages.landing(
        around, join=join, poster=poster, shared_minutes=SHARED_MINUTES, wrong_code=wrong_code[:_CODE_MOST]
    )
    return form_that_opens(request, text, status)


async def begin(request: web.Request) -> web.Response:
    """POST /start: opens a page for this browser and begins, or continues with a return code."""
    form = await read_form(request)
    shared = form["shared"] == "yes"
    if form["code"].strip():
        came = await _come_back(request, form, shared=shared)
        if came is None:
            return _landing(request, join=_code_or_empty(form["join"]), wrong_code=form["code"], status=422)
    elif await door_of(request):
        raise web.HTTPSeeOther("/")
    else:
        await wait_for_turn(request)
        start = Asked("start", f"j_{code}" if (code := _code_or_empty(form["join"])) else "")
        came = await open_page(
            request, form, start, lambda db, at: prepare_new_door(request, db, at, shared=shared)
        )
        await _set_language(request, came)
    return redirect_with_cookie(request, came, shared=shared)


async def _come_back(request: web.Request, form: PostedForm, *, shared: bool) -> Arrival | None:
    """Continues with a return code. None for a wrong code, which leaves no row; 429 for too many of them."""
    code = form["code"]
    refuse_guessing(request)
    came = await open_page(request, form, Asked("back"), lambda db, at: _prepare_return(db, code, at, shared))
    if came is None:
        guessed_wrong(request)
    return came


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


async def left_page(request: web.Request) -> web.Response:
    """GET /left: what the Back button shows after somebody left, instead of the conversation."""
    return html(request.app[CONTEXT].pages.leaving_page(frame(request), back=True))
