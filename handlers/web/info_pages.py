"""Static information pages: privacy, for parents, accessibility, and help. They need no door and store nothing."""

from aiohttp import web

from conversations.core.channels import WEB
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.person import Person
from conversations.core.record import replace
from conversations.people.parents import parents_text
from conversations.people.privacy import SECTIONS, privacy_text, section_text
from conversations.safeguarding.help.ways import Helplines, help_links
from conversations.safeguarding.helplines import helplines_text
from handlers.web.context import CONTEXT, frame, html
from handlers.web.conversation import door_of
from handlers.web.public.query import reader
from handlers.web.templates_api import Chapter, Frame
from handlers.web.view_model import blocks
from storage.core.errors import Unavailable
from storage.safeguarding import helplines


async def privacy(request: web.Request) -> web.Response:
    """GET /privacy: the short of it, then more under headings."""
    page, around = request.app[CONTEXT], frame(request, await door_of(request))
    facts = _facts(request, around.words)
    more = [Chapter(around.words(one.heading), blocks(section_text(one, facts))) for one in SECTIONS]
    return html(
        page.pages.text(
            around, around.words("Your privacy"), [Chapter("", blocks(privacy_text(facts))), *more]
        )
    )


async def parents(request: web.Request) -> web.Response:
    """GET /parents."""
    page, around = request.app[CONTEXT], frame(request, await door_of(request))
    _, facts = around.words, _facts(request, around.words)
    more = [Chapter(_(one.heading), blocks(section_text(one, facts))) for one in SECTIONS]
    chapters = [Chapter("", blocks(parents_text(facts))), Chapter(_("What we tell young people"), ()), *more]
    return html(page.pages.text(around, _("For parents and carers"), chapters))


async def accessibility(request: web.Request) -> web.Response:
    """GET /accessibility: the statement that the law asks for."""
    page, around = request.app[CONTEXT], frame(request, await door_of(request))
    return html(page.pages.accessibility(around, page.runtime.rules))


async def help_now(request: web.Request) -> web.Response:
    """GET /help: the ways to help. Every page links to it, and so do the buttons of a channel that cannot dial."""
    page = request.app[CONTEXT]
    around, found = await _frame_and_helplines(request)
    _, rules = around.words, page.runtime.rules
    everybody = found.for_band(None)
    text = helplines_text(_, everybody, team_line=rules.contact)
    chapters = [Chapter("", blocks(text, help_links(everybody, _, WEB, rules)))]
    return html(page.pages.text(around, _("Help now"), chapters))


async def _frame_and_helplines(request: web.Request) -> tuple[Frame, Helplines]:
    """The frame, in the language and version of the address if it names them, and the helplines. If the database does
    not answer, help does: with the helplines that Heard comes with.
    """
    runtime = request.app[CONTEXT].runtime
    try:
        around = frame(request, await door_of(request))
        lines = await runtime.database.read(lambda c: helplines.current(runtime.db(c)))
    except Unavailable:
        around, lines = frame(request), Helplines()
    theirs = (around.words.language, around.words.version)
    read_in = reader(request.query, runtime.rules.languages, runtime.library, theirs)
    return replace(around, words=runtime.library.words(*read_in)), lines


def _facts(request: web.Request, words: Words) -> Facts:
    runtime = request.app[CONTEXT].runtime
    stranger = Person(0, words.language, words.version)
    return runtime.facts(runtime.clock(), stranger, WEB, {})
