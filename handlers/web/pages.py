"""Every page that the web door can show, ready to be filled: one typed function each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from conversations.helplines import HELPLINES
from conversations.words import Words
from handlers.web.view import Block, View

HERE = Path(__file__).parent
STATIC = HERE / "static"

# What the script asks for, and what a fragment is served as: a browser never takes it for a page.
FRAGMENT = "text/vnd.heard.fragment+html"

# Somewhere harmless, that anybody might be looking at.
LEAVE_TO = "https://www.bbc.co.uk/weather"

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

# A return code, as storage makes them.
_CODE = re.compile(r"\b([0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2})\b")
_CODE_MARK = Markup('<b class="code" dir="ltr">{}</b>')

Fault = Literal["missing", "over", "invite", "big", "busy", "broken"]
PartKind = Literal["did", "doing", "will", "cant"]


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language on offer: its own name, and the address of this page in it."""

    code: str
    name: str
    address: str
    dir: str = "ltr"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page.

    `once` makes a form count once, however often it is sent. `commands` are the menu, empty for a stranger,
    who gets links; `chosen` is the language that a stranger chose, for the links to keep. `shared_minutes` is 0
    unless this is a shared device. `wide` gives staff more room.
    """

    words: Words
    organisation: str
    csrf: str = ""
    once: str = ""
    commands: tuple[str, ...] = ()
    staff_commands: tuple[str, ...] = ()
    tongues: tuple[Tongue, ...] = ()
    tongue: str = "English"
    chosen: str = ""
    shared_minutes: int = 0
    wide: bool = False
    leave_to: str = LEAVE_TO


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the thread: what Heard said (`view`), or what the person did (`said`).

    `key` is stable and unique in the thread: the script tells by it what is new. `live` keeps the buttons
    that are commands, for a message that came by itself.
    """

    key: str
    view: View | None = None
    said: str = ""
    live: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """The conversation so far, and the question that can be answered now. `draft` is put back in its field."""

    entries: tuple[Entry, ...]
    now: Entry | None
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that came of it. `who` and `by` belong to what will be done, `because` to what can't; `quote` is a
    sentence of somebody who said yes to it.
    """

    kind: PartKind
    words: str
    you_said: str = ""
    we_heard: str = ""
    because: str = ""
    who: str = ""
    by: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One published outcome, all of it in the language of its `read` words; `only_in` says so where that is not the
    page's. `day` is written out; `sample` says that nobody really decided it; `picture` is an address, and
    `described` what it shows.
    """

    title: str
    parts: tuple[Part, ...]
    decided_by: str
    day: str
    read: Words
    only_in: str = ""
    sample: bool = False
    picture: str = ""
    described: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A piece of a text page, with its heading."""

    heading: str
    blocks: tuple[Block, ...]


class Pages:
    """The templates, filled."""

    def conversation(self, frame: Frame, thread: Thread) -> str:
        """The page of somebody who has a conversation."""
        return self._draw("conversation.html", frame, thread=thread)

    def fragment(self, frame: Frame, thread: Thread) -> str:
        """Only what changes from turn to turn, for the script. Serve it as `FRAGMENT`."""
        return self._draw("fragment.html", frame, thread=thread)

    def landing(
        self,
        frame: Frame,
        *,
        join: str = "",
        about: str = "",
        shared_minutes: int = 15,
        unknown_code: bool = False,
    ) -> str:
        """A first visit. `join` and `about` come with a poster's code; `unknown_code`: a return code was wrong."""
        return self._draw(
            "landing.html",
            frame,
            join=join,
            about=about,
            offered_minutes=shared_minutes,
            unknown_code=unknown_code,
        )

    def came(self, frame: Frame, *, title: str, choice: str) -> str:
        """What a poster's link opens for somebody who has a page: the consultation's title, and a button."""
        return self._draw("came.html", frame, title=title, choice=choice)

    def invite(self, frame: Frame, *, role: str, action: str) -> str:
        """What an invite's link opens: a button. `role` is "" for one's own second door.

        Only posting to `action` redeems it.
        """
        return self._draw("invite.html", frame, role=role, action=action)

    def changed(self, frame: Frame, cards: Sequence[Card], older: str = "") -> str:
        """What changed, for everybody; newest first. `older` is where the next ones are."""
        return self._draw("changed.html", frame, cards=cards, older=older)

    def text(self, frame: Frame, title: str, chapters: Sequence[Chapter]) -> str:
        """Privacy, help, and whatever else is only read."""
        return self._draw("page.html", frame, title=title, chapters=chapters)

    def fault(self, frame: Frame, kind: Fault) -> str:
        """What went wrong, and the way on."""
        return self._draw("error.html", frame, kind=kind)

    def left(self, frame: Frame) -> str:
        """The blank page that leads away, after "Leave this page" without a script."""
        return self._draw("left.html", frame)

    def _draw(self, template: str, frame: Frame, **context: object) -> str:
        told = _telling(frame.words)
        return _templates().get_template(template).render(_=frame.words, frame=frame, told=told, **context)


def _telling(words: Words) -> Callable[[str], Markup]:
    """How a line of ours is told: a helpline can be called from where it stands, and a return code stands out."""
    lines = {}
    for one in HELPLINES:
        line = words(one.sentence, number=one.number).removeprefix("· ")
        way = "sms" if one.by_text else "tel"
        link = Markup('<a href="{}:{}">{}</a>').format(way, one.number.replace(" ", ""), one.number)
        lines[line] = escape(line).replace(escape(one.number), link)

    def told(line: str) -> Markup:
        parts = (
            _CODE_MARK.format(part) if n % 2 else escape(part) for n, part in enumerate(_CODE.split(line))
        )
        return lines.get(line) or Markup().join(parts)

    return told


@cache
def _templates() -> Environment:
    """The templates, read once."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["static"] = _addresses(STATIC)
    return found


def _addresses(folder: Path) -> Mapping[str, str]:
    """Where each file is served. The address changes with the content, so it may be kept for ever."""
    files = (file for file in folder.iterdir() if file.is_file())
    return {f.name: f"/static/{f.name}?v={sha256(f.read_bytes()).hexdigest()[:12]}" for f in files}
