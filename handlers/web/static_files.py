"""Style, scripts and signs of the page: read once, and served from memory.

A file that is open while its reader goes away would stay open: aiohttp's own static files do.
"""

from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"
FILES = {file.name: file.read_bytes() for file in sorted(STATIC.iterdir())}

# Each carries a hash of its content in its address, so what is there never changes.
ADDRESSES = {name: f"/static/{name}?v={sha256(content).hexdigest()[:12]}" for name, content in FILES.items()}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


async def static(request: web.Request) -> web.Response:
    """GET /static/NAME."""
    name = request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    return web.Response(body=FILES[name], content_type=guess_type(name)[0] or "", headers=_FOR_EVER)
