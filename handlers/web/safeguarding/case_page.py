"""The words of a safeguarding case, its thread and its notes: a page of their own, in no thread and no outbox. Each look is logged before it shows."""

from aiohttp import web

from conversations.consultations.consultation import Consultation
from conversations.consultations.form_text import form_words
from conversations.core.i18n import Words
from conversations.core.record import replace
from conversations.safeguarding.case_words import place_name
from conversations.safeguarding.casework.entries import NOTE_MOST, CaseEntry
from conversations.safeguarding.effects import ReadWords, WriteNote
from conversations.safeguarding.facts import CaseText
from conversations.team.members import member_name
from handlers.web import posts, tokens
from handlers.web.context import CONTEXT, frame, html
from handlers.web.conversation import door_of
from handlers.web.forms import read_form
from handlers.web.templates_api import CaseLine, CaseWords, WordsOfCase
from storage.consultations.consultations import consultation
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.safeguarding import case_entries, words

_NUMBER = r"{case:[0-9]{1,15}}"


async def ask(request: web.Request) -> web.Response:
    """GET /case/12: says that a look is written down, with a button that looks. It shows no words."""
    page, door, case = request.app[CONTEXT], await reader(request), _case(request)
    runtime = page.runtime
    if not await runtime.database.read(lambda c: words.is_readable(runtime.db(c), door, case)):
        raise web.HTTPForbidden
    return html(page.pages.case(frame(request, door), CaseWords(case)))


async def look(request: web.Request) -> web.Response:
    """POST /case/12: notes the look in the audit log, then shows the words. A form that is sent again is another look."""
    await read_form(request)
    return await _show(request)


async def write_note(request: web.Request) -> web.Response:
    """POST /case/12/note: adds a note, once for each form that was shown, and shows all of it again, which is another look."""
    form = await read_form(request)
    case, text = _case(request), form["note"].strip()
    await reader(request)
    if len(text) > NOTE_MOST:
        return await _show(request, draft=text[:NOTE_MOST])
    if text:
        await posts.apply(request, WriteNote(case, text), "/case/note", posts.once_of(form))
    return await _show(request)


async def _show(request: web.Request, draft: str = "") -> web.Response:
    """Notes a look, then shows the case. `draft` is the part of a note that was too long."""
    page, door, case = request.app[CONTEXT], await reader(request), _case(request)
    runtime, around = page.runtime, frame(request, door)
    await posts.apply(request, ReadWords(case), "/case", tokens.new())
    found = await runtime.database.read(lambda c: _all_of(runtime.db(c), door, case, around.words))
    return html(page.pages.case(around, replace(found, draft=draft)))


async def reader(request: web.Request) -> Door:
    """Whoever asks for the page. Raises 401 for a stranger."""
    door = await door_of(request)
    if door is None:
        raise web.HTTPUnauthorized
    return door


def _case(request: web.Request) -> int:
    return int(request.match_info["case"])


def _all_of(db: Db, door: Door, case: int, _: Words) -> CaseWords:
    found = case_entries.readable_entries(db, door, case)
    return CaseWords(
        case,
        _texts(db, door, case, _),
        thread=tuple(_line(one, _) for one in found if one.kind != "note"),
        notes=tuple(_line(one, _) for one in found if one.kind == "note"),
        note_most=NOTE_MOST,
    )


def _line(entry: CaseEntry, _: Words) -> CaseLine:
    return CaseLine(member_name(entry.by, _) if entry.by else "", entry.text, _.date_time(entry.at))


def _texts(db: Db, door: Door, case: int, _: Words) -> tuple[WordsOfCase, ...]:
    return tuple(in_words(db, one, _) for one in words.texts(db, door, case))


def in_words(db: Db, text: CaseText, _: Words) -> WordsOfCase:
    """A text with the time and place of writing, in words."""
    return WordsOfCase(text.words, _.date_time(text.at), *_place(db, text, _))


def _place(db: Db, text: CaseText, _: Words) -> tuple[str, str]:
    """The place where a text was written, and the question that it answers."""
    about = consultation(db, text.consultation) if text.consultation is not None else None
    if about is None:
        return place_name(text.step, _), ""
    return form_words(about.form, _).title, _question(about, text.question, _)


def _question(about: Consultation, name: str | None, _: Words) -> str:
    said = form_words(about.form, _)
    return next((said(one.label) for one in about.form.questions if one.name == name), "")


ROUTES = (
    web.get(f"/case/{_NUMBER}", ask),
    web.post(f"/case/{_NUMBER}", look),
    web.post(f"/case/{_NUMBER}/note", write_note),
)
