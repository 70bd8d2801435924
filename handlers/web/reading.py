"""Pages that are only read: what changed, privacy, help. They need no door and keep nothing."""

from aiohttp import web

from conversations.facts import Facts
from conversations.helplines import helplines_text
from conversations.outcome_words import Outcome, title_of
from conversations.people import Person
from conversations.privacy import privacy_text
from conversations.words import Words
from handlers.web.house import PAGE, frame, html
from handlers.web.pages import Card, Chapter, Part
from handlers.web.talk import door_of
from handlers.web.view import blocks
from storage import changed
from storage.db import Db

_A_PAGE = 20  # outcomes


async def what_changed(request: web.Request) -> web.Response:
    """GET /changed: every published outcome, for everybody; `?from=20` goes on with the older ones."""
    page, around = request.app[PAGE], frame(request, await door_of(request))
    first = _place(request)
    found, more = await page.desk.database.read(lambda c: _published(page.desk.db(c), first))
    cards = [_card(outcome, around.words) for outcome in found]
    older = str(request.rel_url.update_query({"from": first + _A_PAGE})) if more else ""
    return html(page.pages.changed(around, cards, older=older))


async def what_changed_json(request: web.Request) -> web.Response:
    """GET /changed.json: the same rows for programs. Dates are ISO 8601; `decision` is did, doing, will or cant;
    `next` is the address of the older ones, null after the last.
    """
    desk, first = request.app[PAGE].desk, _place(request)
    found, more = await desk.database.read(lambda c: _published(desk.db(c), first))
    older = f"{desk.rules.public_url}/changed.json?from={first + _A_PAGE}" if more else None
    return web.json_response({"outcomes": [_row(outcome) for outcome in found], "next": older})


async def privacy(request: web.Request) -> web.Response:
    """GET /privacy."""
    page, around = request.app[PAGE], frame(request, await door_of(request))
    chapters = [Chapter("", blocks(privacy_text(_facts(request, around.words))))]
    return html(page.pages.text(around, around.words("Your privacy"), chapters))


async def help_now(request: web.Request) -> web.Response:
    """GET /help: who to call, one tap away from every page."""
    page, around = request.app[PAGE], frame(request, await door_of(request))
    _ = around.words
    chapters = [Chapter("", blocks(helplines_text(_, team_line=page.desk.rules.contact)))]
    return html(page.pages.text(around, _("Help now"), chapters))


def _facts(request: web.Request, words: Words) -> Facts:
    desk = request.app[PAGE].desk
    stranger = Person(0, words.language, words.version)
    return Facts(desk.clock(), desk.rules, desk.library, stranger, "web")


# --- what changed ---------------------------------------------------------------------------------


def _place(request: web.Request) -> int:
    asked = request.query.get("from", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0


def _published(db: Db, first: int) -> tuple[tuple[Outcome, ...], bool]:
    """A page of outcomes from place `first` on, and whether there are more."""
    found = changed.published(db, first, _A_PAGE + 1)
    return found[:_A_PAGE], len(found) > _A_PAGE


def _card(outcome: Outcome, _: Words) -> Card:
    parts = tuple(
        Part(
            part.decision, part.what, part.you_said, part.we_heard, part.because, part.owner,
            _.dated(part.due) if part.due else "",
        )
        for part in outcome.parts
    )  # fmt: skip
    day = _.dated(outcome.published) if outcome.published else ""
    return Card(title_of(outcome, _), parts, outcome.who, day, sample=outcome.sample)


def _row(outcome: Outcome) -> dict[str, object]:
    parts = [
        {
            "you_said": part.you_said,
            "we_heard": part.we_heard,
            "decision": part.decision,
            "what": part.what,
            "because": part.because or None,
            "who": part.owner or None,
            "by": part.due.isoformat() if part.due else None,
        }
        for part in outcome.parts
    ]
    published = outcome.published.isoformat() if outcome.published else None
    return {
        "title": dict(outcome.title),
        "sample": outcome.sample,
        "parts": parts,
        "decided_by": outcome.who,
        "published": published,
    }
