"""The page's style, scripts and icons, read once and served from memory.

aiohttp's own static files leave a file open if the client disconnects while reading it.
"""

from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from aiohttp import web

from handlers.web.compression import accepts_gzip, compress, is_worth_it

STATIC = Path(__file__).parent / "static"
FILES = {file.name: file.read_bytes() for file in sorted(STATIC.iterdir())}

# Each address contains a hash of the content, so the content at an address never changes.
ADDRESSES = {name: f"/static/{name}?v={sha256(content).hexdigest()[:12]}" for name, content in FILES.items()}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
_KINDS = {name: guess_type(name)[0] or "" for name in FILES}
_SMALL = {
    name: compress(content) for name, content in FILES.items() if is_worth_it(_KINDS[name], len(content))
}


async def static(request: web.Request) -> web.Response:
    """GET /static/NAME."""
    name = request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    body, headers = FILES[name], _FOR_EVER
    if name in _SMALL and accepts_gzip(request):
        body, headers = _SMALL[name], {**headers, "Content-Encoding": "gzip"}
    return web.Response(body=body, content_type=_KINDS[name], headers=headers)
