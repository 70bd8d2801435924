"""Signing out: of this page, and of one's other pages. For everybody, on any device."""

from aiohttp import web

from conversations.core.i18n import Words
from conversations.core.person import Person
from handlers.web.context import CONTEXT, frame, html
from handlers.web.conversation import door_of
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import threads
from storage.people import return_codes


async def sign_out(request: web.Request) -> web.Response:
    """GET /sign-out: asks first, and says how to come back."""
    page, door = request.app[CONTEXT], await door_of(request)
    if door is None:
        raise web.HTTPSeeOther("/")
    runtime, around = page.runtime, frame(request, door)
    has_code, others = await runtime.database.read(lambda c: _look(runtime.db(c), door))
    without_code = door.person.agreed and not door.person.is_staff and not has_code
    lead = _how_to_come_back(door.person, around.words, has_code=has_code)
    return html(page.pages.sign_out(around, lead=lead, without_code=without_code, others=others))


def _look(db: Db, door: Door) -> tuple[bool, bool]:
    """Whether this person has a return code, and other pages."""
    return return_codes.has_return_code(db, door.person.id), bool(threads.other_pages(db, door))


def _how_to_come_back(person: Person, _: Words, *, has_code: bool) -> str:
    if person.is_staff:
        # For staff.
        return _("Your role ends on this page until you sign in again. Elsewhere it stays.")
    if has_code:
        return _("What you told me stays. To come back to it, use your return code.")
    if person.agreed:
        return _(
            "What you told me stays. You have no return code yet, and need one to come back. You get it here:"
        )
    return ""


ROUTES = (web.get("/sign-out", sign_out),)
