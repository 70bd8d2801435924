"""Signing in, or linking, with the council's own sign-in. The provider's answer comes to /sign-in/oidc."""

import hmac

import msgspec
import structlog
from aiohttp import web

from conversations.core.channels import WEB
from conversations.core.events import Asked
from conversations.team.effects import LinkSignIn
from handlers.provider import Asking, Provider, ProviderRefused, Subject
from handlers.web import posts, tokens
from handlers.web.arrivals import open_page, redirect_with_cookie
from handlers.web.context import CONTEXT, frame, html
from handlers.web.conversation import door_of
from handlers.web.forms import PostedForm, read_form
from handlers.web.sign_in.own_sign_ins import member, show_own
from handlers.web.sign_in.sign_in import PROVIDER, show_sign_in
from handlers.web.strangers.paces import count_as_guess
from storage.core.door import Door
from storage.team import challenges, sign_in_links, sign_ins
from storage.team.challenges import Begun

log = structlog.get_logger()


async def begin(request: web.Request) -> web.Response:
    """POST /sign-in/council: leads the browser to the provider. It leaves a row, so it counts as a guess."""
    await read_form(request)
    count_as_guess(request)
    return await _lead_to_provider(request, None)


async def begin_link(request: web.Request) -> web.Response:
    """POST /signing-in/council: the same, for a member who links it."""
    await read_form(request)
    door = await member(request)
    return await _lead_to_provider(request, door)


async def _lead_to_provider(request: web.Request, door: Door | None) -> web.Response:
    """A page that moves on: browsers do not let a form's answer redirect to another site."""
    page, provider = request.app[CONTEXT], _provider(request)
    asking = msgspec.structs.replace(provider.ask(), browser=_browser(request))
    kept = msgspec.json.encode(asking).decode()
    person = door.person.id if door else None
    state = await page.runtime.database.write(
        lambda c: challenges.begin(page.runtime.db(c), "council", person, kept)
    )
    try:
        address = await provider.address(state, asking)
    except ProviderRefused as refused:
        return await _refused(request, str(refused))
    return html(page.pages.onward(frame(request, door), address=address))


async def answered(request: web.Request) -> web.Response:
    """GET /sign-in/oidc: the provider's answer. Its state works once, in the browser that began."""
    page, provider, given = request.app[CONTEXT], _provider(request), request.query
    runtime = page.runtime
    begun = await runtime.database.write(
        lambda c: challenges.take(runtime.db(c), "council", given.get("state", "")[:200])
    )
    if begun is None:
        return await _refused(request, "an answer that nothing here asked for")
    asking = msgspec.json.decode(begun.kept, type=Asking)
    door = await door_of(request)
    if not _is_same_browser(request, begun, asking, door):
        return await _refused(request, "an answer in another browser")
    try:
        if "code" not in given:
            raise ProviderRefused("it signed nobody in")
        subject = await provider.subject(given["code"][:4000], asking)
    except ProviderRefused as refused:
        return await _refused(request, str(refused))
    return await (_link(request, subject) if begun.person else _come_in(request, door, subject))


def _is_same_browser(request: web.Request, begun: Begun, asking: Asking, door: Door | None) -> bool:
    """A link ends where the member who began it is signed in; a sign-in in the browser whose cookie it was bound to."""
    if begun.person:
        return door is not None and door.person.id == begun.person
    return bool(asking.browser) and hmac.compare_digest(asking.browser, _browser(request))


async def _link(request: web.Request, subject: Subject) -> web.Response:
    await member(request)
    await posts.apply(request, LinkSignIn(subject.issuer, subject.subject), "/sign-in/oidc", tokens.new())
    raise web.HTTPSeeOther("/signing-in")


async def _come_in(request: web.Request, door: Door | None, subject: Subject) -> web.Response:
    page, _ = request.app[CONTEXT], frame(request, door).words
    runtime = page.runtime
    person = await runtime.database.read(
        lambda c: sign_in_links.member_of(runtime.db(c), subject.issuer, subject.subject)
    )
    if person is None:
        why_not = _(
            "Nobody in the team here has linked this account. Come in by an invite first, then link it under “How I sign in”."
        )
        return show_sign_in(request, door, why_not)
    came = await open_page(
        request,
        PostedForm({}),
        Asked("home"),
        lambda db, address: sign_ins.come_in(db, WEB, address, person, door, "council"),
    )
    if came is None:
        address = f"{page.origin}/sign-out"
        why_not = _(
            "This browser belongs to somebody else here. Sign out of that page first: {address}",
            address=address,
        )
        return show_sign_in(request, door, why_not)
    return redirect_with_cookie(
        request, came, shared=door is not None and door.person.id == person and door.shared
    )


async def _refused(request: web.Request, why: str) -> web.Response:
    """Says that it did not work, on the page where it was begun. The log says why, and names no one."""
    log.warning("council sign-in refused", why=why)
    door = await door_of(request)
    _ = frame(request, door).words
    why_not = _("Your council's sign-in did not work. Try again, or come in another way.")
    if door is not None and door.person.roles and not door.person.signed_out:
        return await show_own(request, door, why_not)
    return show_sign_in(request, door, why_not)


def _provider(request: web.Request) -> Provider:
    provider = request.app[PROVIDER]
    if provider is None:
        raise web.HTTPNotFound
    return provider


def _browser(request: web.Request) -> str:
    return tokens.form_cookie(request, secure=request.app[CONTEXT].is_secure)


ROUTES = (
    web.post("/sign-in/council", begin),
    web.post("/signing-in/council", begin_link),
    web.get("/sign-in/oidc", answered),
)
