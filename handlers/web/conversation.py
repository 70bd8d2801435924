"""The conversation page: its history, the current question, and turns posted by a form."""

from collections.abc import Sequence
from typing import TypeVar

from aiohttp import web

from conversations.consultations.effects import SaveAnswer
from conversations.core.channels import WEB
from conversations.core.events import Event, Said, Sent
from conversations.core.messages import Say
from conversations.core.record import replace
from conversations.core.text import TYPED_MOST
from conversations.core.typed_text import command_in
from conversations.people.effects import Agree
from handlers.expected_file import ExpectedFile, expected_file
from handlers.files.picture import safe_picture
from handlers.files.render import draw
from handlers.files.workbook import parse_in_subprocess
from handlers.history import FIELDS
from handlers.incoming import Incoming
from handlers.input import command_or_words, parse_button
from handlers.turn_result import TurnResult
from handlers.web import page_state, tokens
from handlers.web.arrivals import may_stay
from handlers.web.context import CONTEXT, frame, html, without_traces
from handlers.web.forms import PICTURE_MOST, WORDS_MOST, WORKBOOK_MOST, PostedForm, read_form
from handlers.web.page_state import Ending, PageState
from handlers.web.strangers.paces import answered
from handlers.web.templates_api import FRAGMENT, Thread, ThreadItem
from handlers.web.view_model import FileLink, answerable_view, file_link, past_view
from handlers.web.watch import WATCH
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import threads
from storage.outbox.threads import ThreadLine
from storage.people import people
from storage.security.vault import Vault

Answer = TypeVar("Answer", bound=web.Response)

_PICTURES = frozenset(
    {"after", "chart", "over_time", "picture", "poster"}
)  # attachments shown on the page instead of offered as files
_MOST: dict[ExpectedFile | None, int] = {"picture": PICTURE_MOST, "workbook": WORKBOOK_MOST, None: WORDS_MOST}


async def door_of(request: web.Request) -> Door | None:
    """The door for this page's cookie; None for a stranger. Signs out a shared device that has been idle too long."""
    page = request.app[CONTEXT]
    address = page.address(request)
    if not address:
        return None
    runtime = page.runtime
    door = await runtime.database.read(lambda c: people.door_at(runtime.db(c), WEB, address))
    if door and door.idle:
        return await runtime.database.write(lambda c: page_state.open_door(runtime.db(c), address))
    return door


def conversation(
    request: web.Request, state: PageState, draft: str = "", *, is_last: bool = False
) -> web.Response:
    """The whole page, or only the part that changes if the script asks for that."""
    pages, around, thread = (
        request.app[CONTEXT].pages,
        frame(request, state.door),
        replace(_thread(state, draft), is_last=is_last),
    )
    if _is_by_script(request):
        answer = web.Response(text=pages.fragment(around, thread), content_type=FRAGMENT)
    else:
        answer = html(pages.conversation(around, thread))
    answer.headers["Vary"] = "Accept, Cookie"
    return answer


async def thread(request: web.Request) -> web.Response:
    """GET /thread: the fragment that the script loads when there is news. `?here` means that somebody is using the
    page.
    """
    page = request.app[CONTEXT]
    runtime, address = page.runtime, page.address(request)
    if "here" in request.query and (door := await door_of(request)):
        await runtime.database.write(lambda c: people.mark_used(runtime.db(c), door))
    state = await page_state.load(runtime, address)
    if state is None:
        raise web.HTTPUnauthorized
    return conversation(request, state)


async def turn(request: web.Request) -> web.Response:
    """POST /turn: one event. Without the script it redirects to the page, so that reloading sends nothing again."""
    page = request.app[CONTEXT]
    runtime, address = page.runtime, page.address(request)
    if not address:
        raise web.HTTPUnauthorized
    wanted = await _expected_file(request)
    form = await read_form(request, _MOST[wanted])
    event = await _event(form, wanted)
    line, has = (form[name] if _number(form[name]) else None for name in ("line", "has"))
    once = _once(runtime.vault, form)
    by_script = _is_by_script(request)

    def show(db: Db, taken: TurnResult) -> tuple[PageState | None, Ending | None]:
        is_last = page_state.forgot(taken)
        show_now = by_script or is_last
        state = page_state.after_turn(runtime, db, address, taken, int(has or 0)) if show_now else None
        return state, page_state.end(db, taken) if is_last else None

    taken, (state, ending) = await runtime.take_turn_then(
        Incoming(WEB, address, once, tapped=line),
        event,
        lambda db: page_state.open_door(db, address) is not None,
        show,
    )
    if taken.status == "shut":
        raise web.HTTPUnauthorized
    if taken.door:
        request.app[WATCH].turn_taken(taken.door.id, by_script=by_script)
    return await _answer(request, event, taken, state, ending)


async def _answer(
    request: web.Request, event: Event, taken: TurnResult, state: PageState | None, ending: Ending | None
) -> web.Response:
    """The response to a turn. `state` is what the page shows after it, if that was read."""
    page = request.app[CONTEXT]
    address = page.address(request)
    if any(isinstance(effect, SaveAnswer) for effect in taken.effects):
        answered(request)
    if state and ending == "gone":
        return without_traces(request, conversation(request, state, is_last=True))
    draft = _text_to_return(event, taken)
    stays = _cookie_stays(taken, ending)
    if not (draft or _is_by_script(request)):
        raise _with_cookie(request, web.HTTPSeeOther("/#new"), address, stays=stays)
    state = state or await page_state.load(page.runtime, address)
    if state is None:
        raise web.HTTPUnauthorized
    return _with_cookie(request, conversation(request, state, draft), address, stays=stays)


def _cookie_stays(taken: TurnResult, ending: Ending | None) -> bool | None:
    """Whether the cookie outlives the browser's window from now on; None if this turn changes nothing about it."""
    if ending == "for a day":
        return False
    agreed = any(isinstance(effect, Agree) for effect in taken.effects)
    return True if agreed and may_stay(taken.door) else None


def _with_cookie(request: web.Request, answer: Answer, address: str, *, stays: bool | None) -> Answer:
    if stays is not None:
        tokens.set_cookie(answer, address, secure=request.app[CONTEXT].is_secure, stays=stays)
    return answer


async def _expected_file(request: web.Request) -> ExpectedFile | None:
    """How a file in this form is read. Only such a form needs a look at who sends it."""
    if request.content_type != "multipart/form-data":
        return None
    runtime, door = request.app[CONTEXT].runtime, await door_of(request)
    return await runtime.database.read(lambda c: expected_file(runtime.db(c), door))


async def attachment(request: web.Request) -> web.Response:
    """GET /paper/LINE: an attachment in one's own conversation, drawn on request."""
    page, door = request.app[CONTEXT], await door_of(request)
    line = _number(request.match_info["line"])
    if door is None or line is None:
        raise web.HTTPNotFound
    say = await page.runtime.database.read(lambda c: threads.attachment(page.runtime.db(c), door.id, line))
    if say is None or say.attachment is None:
        raise web.HTTPNotFound
    drawing = await draw(page.runtime, say.attachment)
    answer = web.Response(body=drawing.content, content_type=drawing.kind)
    if not drawing.is_picture:
        answer.headers["Content-Disposition"] = f'attachment; filename="{drawing.name}"'
    return answer


def _is_by_script(request: web.Request) -> bool:
    return FRAGMENT in request.headers.get("Accept", "")


# --- what somebody did ----------------------------------------------------------------------------


async def _event(form: PostedForm, wanted: ExpectedFile | None) -> Event:
    """The event in a form. A button takes precedence over a file. An expected file is parsed before the turn begins;
    any other is not read.
    """
    if form["choice"]:
        return parse_button(form["choice"])
    if form["command"]:
        return command_or_words(f"/{form['command']}")
    said = form["said"].strip()
    if form.file or (form.file is not None and not said):
        return await _file(form.file, wanted)
    event = command_or_words(said)
    return Said(event.text, _number(form["visit"])) if isinstance(event, Said) else event


def _once(vault: Vault, form: PostedForm) -> str:
    """What makes a post count once: the page that it was on, and what was done there. A second post from the same page
    with other words must not vanish as if it were the first.
    """
    token = tokens.valid_or_empty(form["once"]) or tokens.new()
    done = "\n".join(form[name] for name in ("choice", "command", "said"))
    return f"{token}:{vault.keyed_hash(f'post:{done}').hex()[:16]}"


async def _file(file: bytes, wanted: ExpectedFile | None) -> Sent:
    """The event for an uploaded file, or for a file field left empty."""
    if wanted == "picture":
        return Sent("photo", file=await safe_picture(file))
    return Sent("file", file=await parse_in_subprocess(file) if wanted and file else None)


def _text_to_return(event: Event, taken: TurnResult) -> str:
    """Text that was not accepted, to put back into the field so that it can be corrected or sent again."""
    if not isinstance(event, Said) or command_in(event):
        return ""
    if taken.status == "passed over" or (taken.asked_again and len(event.text) > TYPED_MOST):
        return event.text
    if not taken.asked_again or len(taken.messages) < 2 or taken.effects:
        return ""
    now = taken.messages[-1].say
    too_late = now is not None and event.visit not in {now.visit, None}
    return event.text if too_late or (now is not None and now.expects in FIELDS) else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


# --- what the page shows --------------------------------------------------------------------------


def _thread(state: PageState, draft: str) -> Thread:
    say, asked = state.question, _question(state.lines, state.question.visit)
    if asked and asked.fresh and asked.say:
        say = replace(say, shown_once=asked.say.shown_once)
    turn = asked.turn if asked else ""
    others = [line for line in state.lines if line is not asked]
    kept = tuple(str(line.id) for line in others if line.say is None)
    told = [line for line in others if line.say and not line.say.is_validation]
    entries = tuple(_entry(line, live=line.alone or line.turn == turn) for line in told)
    remarks = tuple(
        line.say.text for line in others if line.say and line.say.is_validation and line.turn == turn
    )
    new = next((str(line.id) for line in told if (line.new or line.turn == turn) and not line.mine), "")
    return Thread(entries, _current_item(say, asked.id if asked else 0), draft, remarks, new, kept)


def _question(lines: Sequence[ThreadLine], visit: int) -> ThreadLine | None:
    """The line with the current question, which is drawn as the form instead of in the thread."""
    newest = next((line for line in reversed(lines) if not line.alone and not line.mine), None)
    return newest if newest and newest.say and newest.say.visit == visit else None


def _current_item(say: Say, line: int) -> ThreadItem:
    return ThreadItem(str(line), answerable_view(say, lang=say.language, attachment=_file_link(say, line)))


def _entry(line: ThreadLine, *, live: bool) -> ThreadItem:
    say = line.say
    assert say is not None
    if line.mine:
        return ThreadItem(str(line.id), said=say.text)
    view = past_view(say, lang=say.language, attachment=_file_link(say, line.id))
    return ThreadItem(str(line.id), view, live=live)


def _file_link(say: Say, line: int) -> FileLink | None:
    if say.attachment is None:
        return None
    return file_link(say.attachment, f"/paper/{line}", picture=say.attachment.name in _PICTURES)
