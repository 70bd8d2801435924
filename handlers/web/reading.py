"""Pages that are only read: what changed, privacy, help. They need no door and keep nothing."""

from aiohttp import web

from conversations.facts import Facts
from conversations.helplines import helplines_text
from conversations.outcome_told import only_in
from conversations.outcome_words import read_in, text_of, title_of
from conversations.outcomes import PART_TEXTS, Outcome, in_force
from conversations.outcomes import Part as OnePart
from conversations.pages import number_behind
from conversations.people import Person
from conversations.privacy import privacy_text
from conversations.words import Library, Words
from handlers.web.house import PAGE, frame, html
from handlers.web.pages import Card, Chapter, Part
from handlers.web.talk import door_of
from handlers.web.view import blocks
from storage import changed, pictures
from storage.db import Db

_A_PAGE = 20  # outcomes
_KEYS = {"owner": "who"}  # what a text is called for programs, where that differs


async def what_changed(request: web.Request) -> web.Response:
    """GET /changed: every published outcome, for everybody; `?from=20` goes on with the older ones."""
    page, around = request.app[PAGE], frame(request, await door_of(request))
    first = _place(request)
    found, more = await page.desk.database.read(lambda c: _published(page.desk.db(c), first))
    cards = [_card(outcome, around.words, page.desk.library) for outcome in found]
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
    return desk.facts(desk.clock(), stranger, "web", {})


# --- what changed ---------------------------------------------------------------------------------


def _place(request: web.Request) -> int:
    asked = request.query.get("from", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0


def _published(db: Db, first: int) -> tuple[tuple[Outcome, ...], bool]:
    """A page of outcomes from place `first` on, and whether there are more."""
    found = changed.published(db, first, _A_PAGE + 1)
    return found[:_A_PAGE], len(found) > _A_PAGE


def _card(outcome: Outcome, reader: Words, library: Library) -> Card:
    _ = read_in(outcome, reader, library)
    parts = tuple(_part(outcome, part, _) for part in outcome.parts)
    picture = outcome.picture
    return Card(
        title_of(outcome.about, _),
        parts,
        text_of(outcome, outcome.who, _),
        _.dated(outcome.published) if outcome.published else "",
        read=_,
        only_in=only_in(_, reader),
        sample=outcome.about.sample,
        picture=f"/changed/picture/{outcome.id}?v={picture.digest[:12]}" if picture else "",
        described=text_of(outcome, picture.described, _) if picture else "",
    )


def _part(outcome: Outcome, part: OnePart, _: Words) -> Part:
    assert part.decision is not None, "nothing goes out without one"
    return Part(
        kind=part.decision,
        words=text_of(outcome, part.what, _),
        you_said=text_of(outcome, part.you_said, _),
        we_heard=text_of(outcome, part.we_heard, _),
        because=text_of(outcome, part.because, _),
        who=text_of(outcome, part.owner, _),
        by=_.dated(part.due) if part.due else "",
        quote=part.quote.words if part.quote else "",
    )


def _row(outcome: Outcome) -> dict[str, object]:
    """Texts are in their variants, by language and reading version: "en", "en-easy", "pl"."""
    parts = [
        {
            "decision": part.decision,
            **{_KEYS.get(name, name): dict(in_force(part.text(name))) or None for name in PART_TEXTS},
            "by": part.due.isoformat() if part.due else None,
            "quote": part.quote.words if part.quote and part.quote.words else None,
        }
        for part in outcome.parts
    ]
    published = outcome.published.isoformat() if outcome.published else None
    return {
        "id": outcome.id,
        "title": dict(outcome.about.title),
        "language": outcome.language,
        "sample": outcome.about.sample,
        "parts": parts,
        "decided_by": dict(in_force(outcome.who)),
        "published": published,
    }


async def picture(request: web.Request) -> web.Response:
    """GET /changed/picture/ID: the picture of a published outcome. Its address changes with it."""
    desk, number = request.app[PAGE].desk, number_behind(request.match_info["outcome"])
    if number is None:
        raise web.HTTPNotFound
    found = await desk.database.read(lambda c: pictures.content(desk.db(c), number, published_only=True))
    if found is None:
        raise web.HTTPNotFound
    kept = {"Cache-Control": "public, max-age=86400"}
    return web.Response(body=found, content_type="image/jpeg", headers=kept)
