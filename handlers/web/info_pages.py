"""Static information pages: privacy and help. They need no door and store nothing."""

from aiohttp import web

from conversations.core.channels import WEB
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.person import Person
from conversations.people.privacy import privacy_text
from conversations.safeguarding.helplines import helplines_text
from handlers.web.context import CONTEXT, frame, html
from handlers.web.conversation import door_of
from handlers.web.templates_api import Chapter
from handlers.web.view_model import blocks


async def privacy(request: web.Request) -> web.Response:
    """GET /privacy."""
    page, around = request.app[CONTEXT], frame(request, await door_of(request))
    chapters = [Chapter("", blocks(privacy_text(_facts(request, around.words))))]
    return html(page.pages.text(around, around.words("Your privacy"), chapters))


async def help_now(request: web.Request) -> web.Response:
    """GET /help: the helplines. Every page links to it."""
    page, around = request.app[CONTEXT], frame(request, await door_of(request))
    _ = around.words
    chapters = [Chapter("", blocks(helplines_text(_, team_line=page.runtime.rules.contact)))]
    return html(page.pages.text(around, _("Help now"), chapters))


def _facts(request: web.Request, words: Words) -> Facts:
    runtime = request.app[CONTEXT].runtime
    stranger = Person(0, words.language, words.version)
    return runtime.facts(runtime.clock(), stranger, WEB, {})
