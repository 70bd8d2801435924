"""For machines that look after Heard: is it up, is it ready, how much waits."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from handlers.web.house import PAGE
from storage import schema

log = structlog.get_logger()

Networks = tuple[IPv4Network | IPv6Network, ...]

PATHS = ("/healthz", "/readyz", "/metrics", "/telegram")
# What a proxy leaves on a request that it passes on.
_PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


async def healthz(_request: web.Request) -> web.Response:
    """GET /healthz: the process is up."""
    return web.Response(text="up\n")


async def readyz(request: web.Request) -> web.Response:
    """GET /readyz: the database answers and has this version's shape; else 503 with what is wrong."""
    try:
        await request.app[PAGE].desk.database.read(schema.check)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
        log.warning("not ready", kind=type(error).__name__)
        return web.Response(text=f"not ready: {type(error).__name__}\n", status=503)
    return web.Response(text="ready\n")


async def metrics(request: web.Request) -> web.Response:
    """GET /metrics for Prometheus, from this machine only; by a proxy that we were told of, too."""
    came_from = client(request, request.app[PAGE].proxies)
    if came_from is None or not came_from.is_loopback:
        raise web.HTTPForbidden
    return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})


def client(request: web.Request, proxies: Networks) -> IPv4Address | IPv6Address | None:
    """Where a request came from: the nearest address that is none of our proxies'. None where that is not known,
    because somebody passed it on whose word we were not told to believe.
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


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text or "")
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def _is_one_of(networks: Networks, address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in networks)


ROUTES = (web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics))
