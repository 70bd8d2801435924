"""The page where staff sign in."""

from aiohttp import web

from conversations.core.channels import WEB
from conversations.core.events import Asked
from conversations.core.i18n import Words
from handlers.provider import Provider
from handlers.web.arrivals import form_that_opens, open_page, redirect_with_cookie
from handlers.web.context import CONTEXT, WebContext, frame
from handlers.web.conversation import door_of
from handlers.web.forms import PostedForm, read_form
from handlers.web.sign_in import passkeys
from handlers.web.strangers.paces import count_as_guess
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.team import passkeys as stored
from storage.team import sign_ins
from storage.team.passkeys import KeyToCheck

# The council's own sign-in; None if there is none.
PROVIDER: web.AppKey[Provider | None] = web.AppKey("provider", Provider)


async def sign_in(request: web.Request) -> web.Response:
    """GET /sign-in."""
    return show_sign_in(request, await door_of(request))


def show_sign_in(request: web.Request, door: Door | None, problem: str = "") -> web.Response:
    """The page, with what went wrong if something did."""
    page, around = request.app[CONTEXT], frame(request, door)
    text = page.pages.sign_in(
        around,
        no_passkeys=no_passkeys(page, around.words),
        council=request.app[PROVIDER] is not None,
        problem=problem,
    )
    return form_that_opens(request, text, 422 if problem else 200)


def no_passkeys(page: WebContext, _: Words) -> str:
    """Why passkeys are not offered at this address; empty if they are."""
    if page.runtime.rules.passkey_host:
        return ""
    return _(
        "No passkey works at {address}: browsers want a name there, not a number, and https. Whoever runs Heard sets PUBLIC_URL to such an address.",
        address=page.origin,
    )


async def begin(request: web.Request) -> web.Response:
    """POST /sign-in/begin: what the browser needs to use a passkey. It leaves a row, so it counts as a guess."""
    await read_form(request)
    page = request.app[CONTEXT]
    if not page.runtime.rules.passkey_host:
        raise web.HTTPForbidden
    count_as_guess(request)
    return web.Response(text=await passkeys.options_to_sign_in(page), content_type="application/json")


async def by_passkey(request: web.Request) -> web.Response:
    """POST /sign-in/passkey: signs a member in on this browser, at a new address."""
    form, door = await read_form(request), await door_of(request)
    page, _ = request.app[CONTEXT], frame(request, door).words
    try:
        key, count = await passkeys.signed(page, form["credential"])
    except passkeys.NotThisOne:
        why_not = _("That passkey does not work here. It may have been removed. Sign in another way.")
        return show_sign_in(request, door, why_not)
    return await _come_in(request, form, door, key, count)


async def _come_in(
    request: web.Request, form: PostedForm, door: Door | None, key: KeyToCheck, count: int
) -> web.Response:
    def ready(db: Db, address: str) -> bool:
        stored.mark_used(db, key.id, count)
        return sign_ins.come_in(db, WEB, address, key.person, door, "passkey")

    came = await open_page(request, form, Asked("home"), ready)
    if came is None:
        _ = frame(request, door).words
        address = f"{request.app[CONTEXT].origin}/sign-out"
        why_not = _(
            "This browser belongs to somebody else here. Sign out of that page first: {address}",
            address=address,
        )
        return show_sign_in(request, door, why_not)
    same = door is not None and door.person.id == key.person
    return redirect_with_cookie(request, came, shared=same and door is not None and door.shared)


ROUTES = (
    web.get("/sign-in", sign_in),
    web.post("/sign-in/begin", begin),
    web.post("/sign-in/passkey", by_passkey),
)
