"""The page where a member sees how and where they sign in, and adds, names and removes passkeys."""

from datetime import datetime

from aiohttp import web

from conversations.core.i18n import Words
from conversations.team.effects import AddPasskey
from conversations.team.facts import PASSKEY_NAME_MOST, PASSKEYS_MOST, OwnDoor, Passkey
from conversations.team.members import door_line
from conversations.team.rights import Rights
from handlers.web import posts
from handlers.web.context import CONTEXT, WebContext, frame, html
from handlers.web.conversation import door_of
from handlers.web.forms import read_form
from handlers.web.sign_in import passkeys
from handlers.web.sign_in.sign_in import PROVIDER, no_passkeys
from handlers.web.templates_api import OwnPasskey, OwnSignIns
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import threads
from storage.team import members, sign_in_links, sign_ins
from storage.team import passkeys as stored


async def own_sign_ins(request: web.Request) -> web.Response:
    """GET /signing-in."""
    return await show_own(request, await member(request))


async def begin(request: web.Request) -> web.Response:
    """POST /signing-in/begin: what the browser needs to make a passkey."""
    await read_form(request)
    page, door = request.app[CONTEXT], await member(request)
    if not page.runtime.rules.passkey_host:
        raise web.HTTPForbidden
    called = await page.runtime.database.read(lambda c: members.own_name(page.runtime.db(c), door.person.id))
    options = await passkeys.options_to_add(page, door.person.id, called or page.runtime.rules.organisation)
    return web.Response(text=options, content_type="application/json")


async def add(request: web.Request) -> web.Response:
    """POST /signing-in/passkey: keeps what checks the new passkey."""
    form, door = await read_form(request), await member(request)
    page, _ = request.app[CONTEXT], frame(request, door).words
    try:
        made = await passkeys.new_key(page, door.person.id, form["credential"])
    except passkeys.NotThisOne:
        return await show_own(request, door, _("That did not work. Nothing has changed. Try again."))
    name = posts.passkey_name(form) or _("Passkey")
    host = page.runtime.rules.passkey_host
    adding = AddPasskey(made.credential, made.public_key, made.sign_count, host, name)
    await posts.apply(request, adding, "/signing-in/passkey", posts.once_of(form))
    raise web.HTTPSeeOther("/signing-in")


async def member(request: web.Request) -> Door:
    """Whoever asks. A stranger, and staff whose sign-in has ended, are led to where they sign in; others get 403."""
    door = await door_of(request)
    if door is None or door.person.signed_out:
        raise web.HTTPSeeOther("/sign-in")
    if not door.person.may(Rights.SIGN_IN):
        raise web.HTTPForbidden
    return door


async def show_own(request: web.Request, door: Door, problem: str = "") -> web.Response:
    """The page, with what went wrong if something did."""
    page, around = request.app[CONTEXT], frame(request, door)
    runtime, _ = page.runtime, around.words
    keys, doors, others, linked = await runtime.database.read(lambda c: _look(runtime.db(c), door))
    shown = OwnSignIns(
        keys=tuple(OwnPasskey(key.id, key.name, _told(key, page, _)) for key in keys),
        doors=tuple(door_line(one, _) for one in doors),
        others=others,
        no_passkeys=no_passkeys(page, _) or (_enough(_) if len(keys) >= PASSKEYS_MOST else ""),
        council=request.app[PROVIDER] is not None,
        linked=_("Linked since {day}", day=_.long_date(linked)) if linked else "",
        problem=problem,
    )
    return html(page.pages.own_sign_ins(around, shown, PASSKEY_NAME_MOST), 422 if problem else 200)


def _look(db: Db, door: Door) -> tuple[tuple[Passkey, ...], tuple[OwnDoor, ...], bool, datetime | None]:
    return (
        stored.passkeys_of(db, door.person.id),
        sign_ins.own_doors(db, door),
        bool(threads.other_pages(db, door)),
        sign_in_links.linked_at(db, door.person.id),
    )


def _enough(_: Words) -> str:
    return _("You have as many passkeys as I keep. Remove one to add another.")


def _told(key: Passkey, page: WebContext, _: Words) -> str:
    """When a passkey was made and used, or why it works no more."""
    made = _.long_date(key.made_at)
    if key.host != page.runtime.rules.passkey_host:
        return _("Made {day} for {host}. It does not work here.", day=made, host=key.host)
    if key.used_at is None:
        return _("Made {day}, not used yet", day=made)
    return _("Made {day}, last used {used}", day=made, used=_.long_date(key.used_at))


ROUTES = (
    web.get("/signing-in", own_sign_ins),
    web.post("/signing-in/begin", begin),
    web.post("/signing-in/passkey", add),
)
