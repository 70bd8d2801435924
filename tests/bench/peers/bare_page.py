"""A page with only aiohttp and Jinja2: a form posted to it, a template of a given size, nothing stored, nothing checked.

Its cost is the minimum for any page on them. Run as `python -m tests.bench.peers.bare_page LETTERS_OF_A_TURN LETTERS_OF_A_PAGE`;
it prints its port.
"""

import asyncio
import sys

from aiohttp import web
from jinja2 import Environment

# About as many tags and values to a kilobyte as our own page has.
_PAGE = Environment(autoescape=True).from_string("""<!doctype html><html lang="en"><body>
{% for one in lines %}<article class="heard" id="m-{{ loop.index }}" lang="en" dir="ltr"><span class="unseen">Heard:</span>
<p>{{ one }}</p><button type="submit" name="choice" value="{{ loop.index }}:yes" class="button"><span class="label"><bdi>{{ one }}</bdi></span></button></article>
{% endfor %}</body></html>""")
_LINE = "How safe do you feel on the way home?"
_EACH = len(_PAGE.render(lines=[_LINE] * 2)) - len(_PAGE.render(lines=[_LINE]))


def _app(turn: int, page: int) -> web.Application:
    def drawn(letters: int) -> web.Response:
        html = _PAGE.render(lines=[_LINE] * max(1, letters // _EACH))
        return web.Response(text=html, content_type="text/html")

    async def take(request: web.Request) -> web.Response:
        form = await request.post()
        if "fragment" not in request.headers.get("Accept", ""):
            raise web.HTTPSeeOther("/")
        assert form
        return drawn(turn)

    async def show(_request: web.Request) -> web.Response:
        return drawn(page)

    app = web.Application()
    app.add_routes([web.post("/turn", take), web.get("/", show)])
    return app


async def _serve(turn: int, page: int) -> None:
    runner = web.AppRunner(_app(turn, page), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(*map(int, sys.argv[1:])))
