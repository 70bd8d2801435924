"""The page of an invite, whose button redeems it."""

from aiohttp import web

from conversations.core.events import Asked
from conversations.team.rights import role_name
from handlers.web.arrivals import form_that_opens, open_page, prepare_new_door, redirect_with_cookie
from handlers.web.context import CONTEXT, frame
from handlers.web.conversation import door_of
from handlers.web.forms import read_form
from handlers.web.strangers.paces import guessed_wrong, refuse_guessing
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.people import people
from storage.team import members as team


async def invite_page(request: web.Request) -> web.Response:
    """GET /i/TOKEN: a page with a button. Opening the link redeems nothing, because link previews open it too."""
    page, token = request.app[CONTEXT], request.match_info["token"]
    refuse_guessing(request)
    found = await page.runtime.database.read(lambda c: team.invitation(page.runtime.db(c), token))
    if found is None:
        guessed_wrong(request)
        raise web.HTTPGone
    around = frame(request, await door_of(request))
    role = role_name(found.role, around.words) if found.role else ""
    return form_that_opens(request, page.pages.invite(around, role=role, action=request.path))


async def redeem(request: web.Request) -> web.Response:
    """POST /i/TOKEN: redeems the invite. A stranger gets a page. An existing page gets a new address, so that anybody
    who knew the old one is not signed in too.
    """
    form, door = await read_form(request), await door_of(request)
    token = request.match_info["token"]
    refuse_guessing(request)
    start = Asked("start", f"i_{token}", by_link=True)
    came = await open_page(request, form, start, lambda db, at: _prepare_invite(request, db, at, token, door))
    if came is None:
        guessed_wrong(request)
        raise web.HTTPGone
    redirect_with_cookie(request, came, shared=door is not None and door.shared)


def _prepare_invite(request: web.Request, db: Db, address: str, token: str, door: Door | None) -> bool:
    if team.invitation(db, token) is None:
        return False
    if door:
        people.readdress(db, door, address)
        return True
    return prepare_new_door(request, db, address)


ROUTES = (web.get("/i/{token}", invite_page), web.post("/i/{token}", redeem))
