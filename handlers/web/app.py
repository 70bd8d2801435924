"""The web app: routes, middleware, security headers, error pages."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from ipaddress import ip_network

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from structlog.contextvars import bound_contextvars
from yarl import URL

from handlers.provider import Provider, ProviderSettings
from handlers.turns import Runtime
from handlers.wakeup import Wakeup
from handlers.web import (
    conversation,
    entry,
    health,
    info_pages,
    live,
    posts,
)
from handlers.web.compression import send_compressed
from handlers.web.context import CONTEXT, WebContext, frame, html
from handlers.web.public import routes as public_routes
from handlers.web.public.cache import PageCache
from handlers.web.safeguarding import case_page, case_register_page, texts_page
from handlers.web.sign_in import council, invites, own_sign_ins, sign_in, sign_out
from handlers.web.static_files import static
from handlers.web.templates_api import FRAGMENT, HEADERS, ErrorKind
from handlers.web.watch import WATCH, Watch
from storage.core.errors import Unavailable

log = structlog.get_logger()

NUMBER: web.RequestKey[str] = web.RequestKey("number", str)

_HSTS = "max-age=31536000"
_FAULTS: dict[int, ErrorKind] = {
    400: "missing", 404: "missing", 405: "missing", 401: "over", 403: "over", 410: "invite", 413: "big", 408: "big", 429: "busy",
}  # fmt: skip


def make_page(
    runtime: Runtime,
    wakeup: Wakeup,
    more: Iterable[web.RouteDef] = (),
    proxies: Iterable[str] = (),
    stuck: Callable[[], str] = lambda: "",
    provider: ProviderSettings | None = None,
) -> web.Application:
    """Builds the application. `more` are routes of other channels, such as the webhook; `proxies` are the addresses or
    networks of trusted proxies; `stuck` names the part of the process that is stuck; `provider` is the council's own
    sign-in.
    """
    app = web.Application(middlewares=[_error_pages])
    app[health.STUCK] = stuck
    app[CONTEXT] = WebContext(runtime, tuple(ip_network(proxy) for proxy in proxies))
    redirect = f"{runtime.rules.public_url}/sign-in/oidc"
    app[sign_in.PROVIDER] = Provider(provider, redirect) if provider else None
    app[public_routes.CACHE] = PageCache(runtime)
    app[WATCH] = Watch(runtime, wakeup)
    app.add_routes([*_routes(), *health.ROUTES, *more])
    app.on_response_prepare.append(_set_headers)
    app.cleanup_ctx.append(_run_watch)
    app.on_shutdown.append(_close_streams)
    return app


def _routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", entry.home),
        web.get("/j/{code}", entry.by_code),
        web.post("/start", entry.begin),
        web.post("/turn", conversation.turn),
        web.get("/left", entry.left_page),
        web.get("/thread", conversation.thread),
        web.get("/stream", live.stream),
        web.get("/paper/{line}", conversation.attachment),
        web.get("/changed", public_routes.what_changed),
        web.get("/changed.json", public_routes.as_data),
        web.get("/changed.atom", public_routes.as_feed),
        web.get("/changed/{outcome}", public_routes.one_outcome),
        web.get("/changed/picture/{outcome}", public_routes.picture),
        web.get("/privacy", info_pages.privacy),
        web.get("/parents", info_pages.parents),
        web.get("/accessibility", info_pages.accessibility),
        web.get("/help", info_pages.help_now),
        web.get("/static/{name}", static),
        *invites.ROUTES,
        *case_page.ROUTES,
        *case_register_page.ROUTES,
        *texts_page.ROUTES,
        *sign_in.ROUTES,
        *own_sign_ins.ROUTES,
        *council.ROUTES,
        *sign_out.ROUTES,
        *map(posts.route, posts.POSTS),
    ]


async def _set_headers(request: web.Request, answer: web.StreamResponse) -> None:
    """Sets the headers of every response, including errors and streams."""
    answer.headers.update(HEADERS)
    answer.headers["X-Request-Id"] = request.get(NUMBER, "")
    answer.headers.pop("Server", None)  # do not reveal software versions
    answer.headers.setdefault("Cache-Control", "no-store")
    if request.app[CONTEXT].is_secure:
        answer.headers["Strict-Transport-Security"] = _HSTS


@web.middleware
async def _error_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Shows a friendly page for any error. Logs only the type of an exception, because its text may hold personal data.
    All log lines of a request share a random number, which links them to each other but to nobody.
    """
    request[NUMBER] = secrets.token_hex(4)
    with bound_contextvars(request=request[NUMBER]):
        answer = await _answer(request, handler)
    send_compressed(request, answer)
    return answer


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        _lead_to_localhost(request)
        return await handler(request)
    except (web.HTTPRedirection, ConnectionError):
        raise
    except web.HTTPException as refused:
        return _error_response(request, refused.status)
    except Unavailable as fault:
        log.error("page not served", fault=str(fault))
        return _error_response(request, 503)
    except Exception as error:  # noqa: BLE001 - aiohttp would log its text
        log.error("page not served", kind=type(error).__name__)
        return _error_response(request, 500)


def _lead_to_localhost(request: web.Request) -> None:
    """Leads whoever opens this machine's page by its number to its name, which is the place of cookies and passkeys."""
    place = URL(request.app[CONTEXT].runtime.rules.public_url)
    numbers = (str(place.with_host(number).origin()) for number in ("127.0.0.1", "::1"))
    # Compared as text: the Host that comes with a request may be no host at all.
    by_number = place.host == "localhost" and f"http://{request.host}" in numbers
    if by_number and request.method in {"GET", "HEAD"} and request.path not in health.PATHS:
        raise web.HTTPTemporaryRedirect(str(place.origin()) + request.path_qs)


def _error_response(request: web.Request, status: int) -> web.Response:
    if FRAGMENT in request.headers.get("Accept", "") or request.path in health.PATHS:
        return web.Response(status=status)
    kind = _FAULTS.get(status, "broken")
    return html(request.app[CONTEXT].pages.error(frame(request), kind, request[NUMBER]), status)


async def _run_watch(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[WATCH].run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _close_streams(app: web.Application) -> None:
    app[WATCH].stop()
