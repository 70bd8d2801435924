"""The page's style, scripts and icons, read once and served from memory.

aiohttp's own static files leave a file open if the client disconnects while reading it.
"""

from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"
FILES = {file.name: file.read_bytes() for file in sorted(STATIC.iterdir())}

# Each address contains a hash of the content, so the content at an address never changes.
ADDRESSES = {name: f"/static/{name}?v={sha256(content).hexdigest()[:12]}" for name, content in FILES.items()}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


async def static(request: web.Request) -> web.Response:
    """GET /static/NAME."""
    name = request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    return web.Response(body=FILES[name], content_type=guess_type(name)[0] or "", headers=_FOR_EVER)
