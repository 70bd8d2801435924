"""Opening a page for a browser: a new address, its cookie, and the first turn there."""

from collections.abc import Callable
from datetime import timedelta
from typing import NoReturn

from aiohttp import web

from conversations.core.channels import WEB
from conversations.core.events import Event
from conversations.core.record import Record
from handlers.incoming import Incoming
from handlers.turn_result import TurnResult
from handlers.web import tokens
from handlers.web.context import CONTEXT, asked_language, html
from handlers.web.forms import PostedForm
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.people import people, sessions

# A form that one browser sends twice opens the same page twice, so that a lost response does not lose the page. Only
# for a short time: later, somebody else may use the browser.
_AGAIN = timedelta(minutes=1)

# Prepares a page's door at an address; returns False if entry is refused.
Prepare = Callable[[Db, str], bool]


class Arrival(Record):
    """A page that has just been opened: its address, its first turn, and its door after that."""

    address: str
    first: TurnResult
    door: Door | None


def form_that_opens(request: web.Request, text: str, status: int = 200) -> web.Response:
    """A page with a form that opens a page. A cookie binds it to this browser: whoever else saw the form opens another."""
    answer, secure = html(text, status), request.app[CONTEXT].is_secure
    if not tokens.form_cookie(request, secure=secure):
        tokens.set_form_cookie(answer, secure=secure)
    return answer


def prepare_new_door(request: web.Request, db: Db, address: str, *, shared: bool = False) -> bool:
    door = people.find_or_create_door(db, WEB, address, asked_language(request, db.rules.languages))
    if shared:
        people.mark_shared(db, door.id)
    return True


async def open_page(request: web.Request, form: PostedForm, event: Event, ready: Prepare) -> Arrival | None:
    """Opens a page for this browser, at an address of its own, and takes its first turn. None if entry is refused."""
    runtime = request.app[CONTEXT].runtime
    once = tokens.valid_or_empty(form["once"]) or tokens.new()
    secure = request.app[CONTEXT].is_secure
    address = tokens.address(runtime.vault, once, tokens.form_cookie(request, secure=secure))

    def come(db: Db) -> bool:
        if not sessions.claim_update(db, WEB, f"page:{once}"):
            return _is_recent_resend(db, once, address)
        if ready(db, address):
            return True
        sessions.forget_update(db, WEB, f"page:{once}")  # a wrong code or invite leaves no row
        return False

    def there(db: Db, taken: TurnResult) -> Door | None:
        return taken.door or people.door_at(db, WEB, address)

    taken, door = await runtime.take_turn_then(Incoming(WEB, address, once), event, come, there)
    return None if taken.status == "shut" else Arrival(address, taken, door)


def _is_recent_resend(db: Db, once: str, address: str) -> bool:
    """Whether a form that was already sent still leads to the page that it opened."""
    taken = sessions.received_at(db, WEB, f"page:{once}")
    lately = taken is not None and db.now - taken < _AGAIN
    return lately and people.door_at(db, WEB, address) is not None


def may_stay(door: Door | None) -> bool:
    """Whether the cookie of this page may outlive the browser's window: its person has joined, and nobody else uses it."""
    return door is not None and not door.shared and bool(door.person.agreed or door.person.roles)


def redirect_with_cookie(request: web.Request, came: Arrival | None, *, shared: bool) -> NoReturn:
    answer = web.HTTPSeeOther("/#new" if came else "/")
    if came:
        tokens.set_cookie(
            answer,
            came.address,
            secure=request.app[CONTEXT].is_secure,
            stays=may_stay(came.door) and not shared,
        )
    raise answer
