"""Forms outside the conversation: each applies one effect and redirects."""

import re
from collections.abc import Callable
from functools import partial

from aiohttp import web

from conversations.core.channels import WEB
from conversations.core.effects import Effect, Refused
from conversations.core.record import Record
from conversations.people.effects import LeaveSharedDevice, SignOut, SignOutOtherPages
from conversations.team.effects import NamePasskey, RemovePasskey, UnlinkSignIn
from conversations.team.facts import PASSKEY_NAME_MOST
from handlers.incoming import Incoming
from handlers.web import tokens
from handlers.web.context import CONTEXT, frame, html, without_traces
from handlers.web.conversation import door_of
from handlers.web.forms import PostedForm, read_form
from storage.core.door import Door


class FormPost(Record):
    """A form posted to `path`. `effect` is the effect to apply, and `answer` the response after it. A stranger's form
    has no effect.
    """

    path: str
    effect: Callable[[PostedForm], Effect]
    answer: Callable[[web.Request, PostedForm, Door | None], web.Response]


def route(post: FormPost) -> web.RouteDef:
    return web.post(post.path, partial(_take, post))


async def _take(post: FormPost, request: web.Request) -> web.Response:
    """Applies the effect. Raises 403 if it is refused."""
    form = await read_form(request)
    door = await door_of(request)
    if door:
        await apply(request, post.effect(form), post.path, once_of(form))
    return post.answer(request, form, door)


def once_of(form: PostedForm) -> str:
    """What makes a form count once. All forms of one page carry the same token."""
    return tokens.valid_or_empty(form["once"]) or tokens.new()


async def apply(request: web.Request, effect: Effect, name: str, once: str) -> None:
    """Applies the effect of a form, once for each `once`. Raises 403 if it is refused."""
    page = request.app[CONTEXT]
    try:
        await page.runtime.take_post(Incoming(WEB, page.address(request), f"{name}:{once}"), effect)
    except Refused:
        raise web.HTTPForbidden from None


def _answer_leaving(request: web.Request, form: PostedForm, door: Door | None) -> web.Response:
    """A blank page that moves on to a harmless site; or the start page, for somebody who only signs out."""
    page = request.app[CONTEXT]
    answer = html(page.pages.leaving_page(frame(request)))
    if form["then"] == "start":
        answer = _go_to("/")
    return without_traces(request, answer) if door and door.shared else answer


def _answer_sign_out(request: web.Request, _form: PostedForm, door: Door | None) -> web.Response:
    """The start page; for staff, who keep the page, what it shows them now."""
    answer = _go_to("/")
    return answer if door and door.person.is_staff else without_traces(request, answer)


def _go_to(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})


def passkey_name(form: PostedForm) -> str:
    return " ".join(form["name"].split())[:PASSKEY_NAME_MOST]


def _passkey(form: PostedForm) -> int:
    return int(form["passkey"]) if re.fullmatch("[0-9]{1,15}", form["passkey"]) else 0


def _back_to_sign_ins(*_: object) -> web.Response:
    return _go_to("/signing-in")


POSTS = (
    FormPost("/leave", lambda _form: LeaveSharedDevice(), _answer_leaving),
    FormPost("/sign-out", lambda _form: SignOut(), _answer_sign_out),
    FormPost("/sign-out/others", lambda _form: SignOutOtherPages(), lambda *_: _go_to("/sign-out")),
    FormPost("/signing-in/others", lambda _form: SignOutOtherPages(), _back_to_sign_ins),
    FormPost(
        "/signing-in/rename", lambda form: NamePasskey(_passkey(form), passkey_name(form)), _back_to_sign_ins
    ),
    FormPost("/signing-in/unlink", lambda _form: UnlinkSignIn(), _back_to_sign_ins),
    FormPost("/signing-in/remove", lambda form: RemovePasskey(_passkey(form)), _back_to_sign_ins),
)
