"""Forms that are no answer in a conversation: what each one does, as a single effect, and where it leads."""

from collections.abc import Callable
from functools import partial

from aiohttp import web

from conversations.core.channels import WEB
from conversations.core.effects import Effect, Refused
from conversations.core.record import record
from conversations.people.effects import LeaveSharedDevice
from handlers.turns import Incoming
from handlers.web import tokens
from handlers.web.context import CONTEXT, frame, html
from handlers.web.conversation import door_of
from handlers.web.forms import PostedForm, read_form
from storage.core.door import Door


@record
class FormPost:
    """A form that is sent to `path`. `effect` is what it asks for; `answer` is where it leads whoever sent it, once
    that is done. A stranger's form has no effect.
    """

    path: str
    effect: Callable[[PostedForm], Effect]
    answer: Callable[[web.Request, PostedForm, Door | None], web.Response]


def route(post: FormPost) -> web.RouteDef:
    return web.post(post.path, partial(_take, post))


async def _take(post: FormPost, request: web.Request) -> web.Response:
    """Raises 403 where the effect is refused."""
    form = await read_form(request)
    page, door = request.app[CONTEXT], await door_of(request)
    if door:
        once = tokens.shaped(form["once"]) or tokens.new()
        try:
            # All forms of one page carry the same token.
            await page.runtime.take_post(
                Incoming(WEB, page.address(request), f"{post.path}:{once}"), post.effect(form)
            )
        except Refused:
            raise web.HTTPForbidden from None
    return post.answer(request, form, door)


def _left(request: web.Request, form: PostedForm, door: Door | None) -> web.Response:
    """A blank page that leads somewhere harmless; or the start, for whoever only signs out."""
    page = request.app[CONTEXT]
    answer = html(page.pages.left(frame(request)))
    if form["then"] == "start":
        answer = web.Response(status=303, headers={"Location": "/"})
    if door and door.shared:
        tokens.take_away(answer, secure=page.secure)
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


POSTS = (FormPost("/leave", lambda _form: LeaveSharedDevice(), _left),)
