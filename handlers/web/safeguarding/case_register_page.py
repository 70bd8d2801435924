"""GET /cases: the register of safeguarding cases as a table. It holds no words."""

from aiohttp import web

from conversations.core.i18n import Words
from conversations.core.messages import Session
from conversations.safeguarding.casework.reasons import reason_name
from conversations.safeguarding.casework.register import (
    RegisteredCase,
    by_month,
    kind_labels,
    moment_text,
    month_line,
    time_text,
)
from conversations.team.members import member_name
from conversations.team.rights import Rights
from handlers.web.context import CONTEXT, frame, html
from handlers.web.conversation import door_of
from handlers.web.templates_api import RegisterTable
from storage.safeguarding import case_register


async def table(request: web.Request) -> web.Response:
    """GET /cases."""
    page, door = request.app[CONTEXT], await door_of(request)
    if door is None:
        raise web.HTTPUnauthorized
    if not door.person.may(Rights.KEEP_CASE_REGISTER):
        raise web.HTTPForbidden
    runtime = page.runtime
    found = await runtime.database.read(lambda c: case_register.register(runtime.db(c), door, Session("")))
    around = frame(request, door)
    _ = around.words
    months = tuple(month_line(month, _) for month in by_month(found.cases, _.zone))
    rows = tuple(_cells(case, _) for case in found.cases)
    return html(page.pages.case_register(around, RegisterTable(_heads(_), rows, months)))


def _heads(_: Words) -> tuple[str, ...]:
    return (
        *(_("Case"), _("Kind"), _("Signs"), _("Opened")),
        *(_("Told after"), _("Taken on after"), _("Closed after")),
        *(_("On it"), _("Closed by"), _("Reason")),
    )


def _cells(case: RegisteredCase, _: Words) -> tuple[str, ...]:
    times = (case.told_after, case.taken_after, case.closed_after)
    return (
        *(str(case.id), kind_labels(_)[case.kind], str(case.signs), moment_text(case.opened_at, _)),
        *(time_text(time, _) if time is not None else "" for time in times),
        *(member_name(who, _) if who else "" for who in (case.taken_by, case.closed_by)),
        reason_name(case.reason, _) if case.reason else "",
    )


ROUTES = (web.get("/cases", table),)
