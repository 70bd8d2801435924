"""Health, readiness and metrics endpoints for monitoring."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from conversations.core.channels import PUSHING
from handlers.metrics import Metrics
from handlers.web.context import CONTEXT
from storage.core import schema
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.outbox import heartbeats, outbox

log = structlog.get_logger()

Networks = tuple[IPv4Network | IPv6Network, ...]

# Returns the name of the part of this process that is stuck; empty if none is.
STUCK: web.AppKey[Callable[[], str]] = web.AppKey("stuck", Callable[[], str])  # type: ignore[arg-type]

PATHS = ("/healthz", "/readyz", "/metrics", "/telegram")
# Headers that a proxy adds to a request that it forwards.
_PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


async def healthz(_request: web.Request) -> web.Response:
    """GET /healthz: the process is up."""
    return web.Response(text="up\n")


async def readyz(request: web.Request) -> web.Response:
    """GET /readyz: the database is writable and has this version's schema, and no part of the process is stuck.
    Otherwise 503, with the reason. It writes nothing, because anybody may ask: whether the disk takes what is written,
    the scheduler finds out.
    """
    runtime = request.app[CONTEXT].runtime
    wrong = request.app[STUCK]()
    try:
        await runtime.database.write(schema.check_writable)
    except Exception as error:  # noqa: BLE001 - after any error it is not ready
        wrong = type(error).__name__
    if not wrong:
        return web.Response(text="ready\n")
    log.warning("not ready", what=wrong)
    return web.Response(text=f"not ready: {wrong}\n", status=503)


async def metrics(request: web.Request) -> web.Response:
    """GET /metrics for Prometheus, only for clients on this machine, directly or through a trusted proxy. Without the
    database it still returns this process's own metrics.
    """
    came_from = client(request, request.app[CONTEXT].proxies)
    if came_from is None or not came_from.is_loopback:
        raise web.HTTPForbidden
    runtime = request.app[CONTEXT].runtime
    try:
        await runtime.database.read(lambda connection: _read(runtime.db(connection), runtime.metrics))
    except Unavailable as fault:
        log.warning("metrics are missing the queue figures", fault=str(fault))
    return web.Response(body=runtime.metrics.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _read(db: Db, measures: Metrics) -> None:
    """Updates the metrics that come from the database."""
    found = outbox.queue_depths(db)
    for lane in outbox.LANES:
        many, due = found.get(lane, (0, db.now))
        measures.queue(lane, many, (db.now - due).total_seconds())
    measures.workers(len(heartbeats.workers_alive(db)))
    for name in PUSHING:
        measures.away(name, heartbeats.seconds_since(db, name))


def client(request: web.Request, proxies: Networks) -> IPv4Address | IPv6Address | None:
    """The client's address: the nearest one that is not a trusted proxy. None if an untrusted proxy forwarded the
    request, because then it is unknown.
    """
    nearest = _address(request.remote)
    if nearest is None or not _is_one_of(proxies, nearest):
        return None if any(name in request.headers for name in _PASSED_ON) else nearest
    for part in reversed(",".join(request.headers.getall("X-Forwarded-For", [])).split(",")):
        if not part.strip():
            continue
        nearest = _address(part.strip())
        if nearest is None or not _is_one_of(proxies, nearest):
            return nearest
    return nearest


def visitor(request: web.Request) -> IPv4Address | IPv6Address:
    """The client's address; where a proxy that is not trusted hides it, the proxy's."""
    return client(request, request.app[CONTEXT].proxies) or ip_address(request.remote or "::")


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text or "")
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def _is_one_of(networks: Networks, address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in networks)


ROUTES = (web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics))
