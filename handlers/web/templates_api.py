"""Every page that the web door can show, ready to be filled: one typed function each."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from conversations.core.engine import Command
from conversations.core.i18n import Words
from conversations.core.record import Record, field
from handlers.web.linkify import telling
from handlers.web.static_files import ADDRESSES
from handlers.web.view_model import Block, View

HERE = Path(__file__).parent

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

ErrorKind = Literal["missing", "over", "invite", "big", "busy", "broken"]
PartKind = Literal["did", "doing", "will", "cant"]


class Tongue(Record):
    """A language on offer: its own name, and the address of this page in it."""

    code: str
    name: str
    address: str
    dir: str = "ltr"


class Frame(Record):
    """What stands around every page.

    `once` makes a form count once, however often it is sent. `known` are all commands there are; `commands` are the menu, empty for whoever has not
    joined, who gets links; `doable` are all commands that somebody may give here, none for a stranger without a
    conversation. `chosen` is the language that a stranger chose, for the links to keep. `shared_minutes` is 0
    unless this is a shared device. `wide` gives staff more room.
    """

    words: Words
    organisation: str
    csrf: str = ""
    once: str = ""
    known: Mapping[str, Command] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    staff_commands: tuple[str, ...] = ()
    doable: frozenset[str] = frozenset()
    tongues: tuple[Tongue, ...] = ()
    chosen: str = ""
    shared_minutes: int = 0
    wide: bool = False
    leave_to: str = LEAVE_TO

    @property
    def names(self) -> Mapping[str, str]:
        """The commands, as a page calls them."""
        return {word: self.words(command.label) for word, command in self.known.items() if command.label}


class ThreadItem(Record):
    """One thing in the thread: what Heard said (`view`), or what the person did (`said`).

    `key` is stable and unique in the thread: the script tells by it what is new. `live` keeps the buttons
    that are commands, for a message that came by itself.
    """

    key: str
    view: View | None = None
    said: str = ""
    live: bool = False


class Thread(Record):
    """The conversation so far, and the question that can be answered now. `draft` is put back in its field, and
    `remarks` are about what was just sent. `new` is the key of the first entry that nobody saw before.
    """

    entries: tuple[ThreadItem, ...]
    now: ThreadItem | None
    draft: str = ""
    remarks: tuple[str, ...] = ()
    new: str = ""


class PartView(Record):
    """One thing that came of it. `who` and `by` belong to what will be done, `because` to what can't; `quote` is a
    sentence of somebody who said yes to it; `since` is what happened after it was published, a sentence each.
    """

    kind: PartKind
    words: str
    you_said: str = ""
    we_heard: str = ""
    because: str = ""
    who: str = ""
    by: str = ""
    quote: str = ""
    late: bool = False
    since: tuple[str, ...] = ()


class Card(Record):
    """One published outcome, all of it in the language of its `read` words; `only_in` says so where that is not the
    page's. `day` is written out; `sample` says that nobody really decided it; `picture` is an address, and
    `described` what it shows. `address` is its own page; `people` says how many took part, and `filed` what it is
    about, in the page's words.
    """

    title: str
    parts: tuple[PartView, ...]
    decided_by: str
    day: str
    read: Words
    only_in: str = ""
    sample: bool = False
    picture: str = ""
    described: str = ""
    address: str = ""
    people: str = ""
    filed: tuple[str, ...] = ()


class Bar(Record):
    """One piece of the picture of what came of everything: of `kind`, from `x` on, `width` wide, in thousandths."""

    kind: PartKind
    label: str
    count: int
    x: float
    width: float
    address: str


class Late(Record):
    """A promise that was not kept in time: what was promised by `day`, and by whom. `address` leads to it, where it
    has a page; `words` are in the language of `read`.
    """

    words: str
    promise: str
    read: Words
    who: str = ""
    address: str = ""
    since: tuple[str, ...] = ()


class Select(Record):
    """One way to narrow the list: a field of its form, with its values and their names; `chosen` is one of them."""

    name: str
    label: str
    values: tuple[tuple[str, str], ...]
    chosen: str = ""


class PageMeta(Record):
    """What is said of a public page to machines that show its link, and where else the same can be read. Addresses
    are whole; `tongues` are the page in each language, `versions` in each reading version.
    """

    title: str
    about: str
    address: str
    feed: str
    data: str
    tongues: tuple[Tongue, ...] = ()
    versions: tuple[tuple[str, str, bool], ...] = ()
    picture: str = ""


class Listing(Record):
    """The list of all that is published, or as much as somebody wants to see of it."""

    told: PageMeta
    cards: tuple[Card, ...]
    counted: str
    bars: tuple[Bar, ...] = ()
    in_words: str = ""
    late: tuple[Late, ...] = ()
    more_late: tuple[str, str] | None = None
    selects: tuple[Select, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    narrowed: bool = False
    everything: str = ""
    newer: str = ""
    older: str = ""


class Chapter(Record):
    """A piece of a text page, with its heading."""

    heading: str
    blocks: tuple[Block, ...]


class PosterPage(Record):
    """What a poster leads to, and whether it can be answered now; `opens` says when, written out."""

    state: Literal["open", "soon", "closed", "unknown"]
    title: str = ""
    opens: str = ""


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
        poster: PosterPage | None = None,
        shared_minutes: int = 15,
        wrong_code: str = "",
    ) -> str:
        """A first visit. `join` and `poster` come with a poster's code; `wrong_code` is a return code that nobody
        has, as it was typed.
        """
        more = {"poster": poster, "offered_minutes": shared_minutes, "wrong_code": wrong_code}
        return self._draw("landing.html", frame, join=join, **more)

    def came(self, frame: Frame, *, poster: PosterPage, choice: str) -> str:
        """What a poster's link opens for somebody who has joined: what it leads to, and a button where it is open."""
        return self._draw("came.html", frame, poster=poster, choice=choice)

    def invite(self, frame: Frame, *, role: str, action: str) -> str:
        """What an invite's link opens: a button. `role` is "" for one's own second door.

        Only posting to `action` redeems it.
        """
        return self._draw("invite.html", frame, role=role, action=action)

    def changed(self, frame: Frame, told: PageMeta, main: str) -> str:
        """A page of what changed; `main` is what `listing` or `outcome` drew."""
        return self._draw("changed.html", frame, page=told, main=Markup(main))  # noqa: S704 - our own template drew it

    def listing(self, frame: Frame, listing: Listing) -> str:
        """What changed, for everybody, newest first: only the main part, which is the same around whomever."""
        return self._draw("listing.html", frame, listing=listing)

    def outcome(self, frame: Frame, told: PageMeta, card: Card, back: str) -> str:
        """One outcome alone: only the main part. `back` is where all of them are."""
        return self._draw("outcome.html", frame, page=told, card=card, back=back)

    def text(self, frame: Frame, title: str, chapters: Sequence[Chapter]) -> str:
        """Privacy, help, and whatever else is only read."""
        return self._draw("page.html", frame, title=title, chapters=chapters)

    def fault(self, frame: Frame, kind: ErrorKind, number: str) -> str:
        """What went wrong, and the way on; where it was our fault, with the number that stands in the logs too."""
        return self._draw("error.html", frame, kind=kind, number=number)

    def left(self, frame: Frame, *, back: bool = False) -> str:
        """The blank page that leads away, after "Leave this page" without a script; or, with `back`, the one that
        somebody meets who comes back with Back.
        """
        return self._draw("left.html", frame, back=back)

    def _draw(self, template: str, frame: Frame, **context: object) -> str:
        told = telling(frame.words, frame.known, frame.doable, frame.chosen)
        return _templates().get_template(template).render(_=frame.words, frame=frame, told=told, **context)


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
    found.globals["static"] = ADDRESSES
    return found
