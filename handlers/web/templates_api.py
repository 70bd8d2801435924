"""Every page of the web channel: one typed function for each template."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from conversations.core.config import Rules
from conversations.core.engine import Command
from conversations.core.i18n import Words
from conversations.core.record import Private, Record, field
from handlers.web.linkify import linkifier
from handlers.web.public.views import Card, LanguageLink, Listing, PageMeta
from handlers.web.static_files import ADDRESSES
from handlers.web.view_model import Block, View

HERE = Path(__file__).parent

# The media type of fragments, which the script asks for. A browser does not show it as a page.
FRAGMENT = "text/vnd.heard.fragment+html"

# A harmless page, for leaving quickly.
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


class Frame(Record):
    """What surrounds the content of every page.

    `once` makes a form count once, however often it is sent. `known` are all commands. `commands` are those in the
    menu, empty before joining. `doable` are the commands that this person may use; empty for a stranger. `chosen` is
    the language that a stranger chose, to keep in links. `shared_minutes` is 0 unless this is a shared device. `wide`
    gives staff a wider page.
    """

    words: Words
    organisation: str
    csrf: str = ""
    once: str = ""
    known: Mapping[str, Command] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    staff_commands: tuple[str, ...] = ()
    doable: frozenset[str] = frozenset()
    languages: tuple[LanguageLink, ...] = ()
    chosen: str = ""
    shared_minutes: int = 0
    wide: bool = False
    leave_to: str = LEAVE_TO

    @property
    def names(self) -> Mapping[str, str]:
        """The labels of the commands."""
        return {word: self.words(command.label) for word, command in self.known.items() if command.label}


class ThreadItem(Record):
    """One entry of the thread: what Heard said (`view`), or what the person did (`said`).

    `key` is stable and unique in the thread; the script uses it to find new entries. `live` keeps the command buttons,
    for a message that did not follow from a turn.
    """

    key: str
    view: View | None = None
    said: str = ""
    live: bool = False


class Thread(Record):
    """The conversation so far, and the current question (`now`). `draft` is the text in its field. `remarks` are about
    what was just sent. `new` is the key of the first entry that was not shown before. `kept` are the keys of older
    entries that the page already shows. `is_last`: its person is gone, so nothing comes after it.
    """

    entries: tuple[ThreadItem, ...]
    now: ThreadItem | None
    draft: str = ""
    remarks: tuple[str, ...] = ()
    new: str = ""
    kept: tuple[str, ...] = ()
    is_last: bool = False


class Chapter(Record):
    """A section of a text page, with its heading."""

    heading: str
    blocks: tuple[Block, ...]


class PosterPage(Record):
    """The consultation that a poster leads to, and its state. `opens` is the opening time, written out."""

    state: Literal["open", "soon", "closed", "unknown"]
    title: str = ""
    opens: str = ""


class WordsOfCase(Record):
    """One text of a case, with the time and place of writing, and the question that it answers, if it does."""

    words: Private[str]
    at: str
    place: str
    question: str = ""


class CaseLine(Record):
    """An entry of a case's thread, or a note: who wrote it ("" for the person of the case), what, and when."""

    by: str
    text: Private[str]
    at: str


class OwnPasskey(Record):
    """One of a member's passkeys: the name that they gave it, and when it was made and used."""

    id: int
    name: str
    told: str


class OwnSignIns(Record):
    """How and where a member signs in. `others`: they have other pages. `no_passkeys` says why none can be added.
    `council`: there is the council's own sign-in; `linked` says since when it lets them in.
    """

    keys: tuple[OwnPasskey, ...]
    doors: tuple[str, ...]
    others: bool
    no_passkeys: str = ""
    council: bool = False
    linked: str = ""
    problem: str = ""


class CaseWords(Record):
    """The page for the words of a case. `texts` is None before somebody decides to look. `draft` is the beginning of a
    note that was longer than `note_most` letters.
    """

    number: int
    texts: tuple[WordsOfCase, ...] | None = None
    thread: tuple[CaseLine, ...] = ()
    notes: tuple[CaseLine, ...] = ()
    note_most: int = 0
    draft: str = ""


class RegisterTable(Record):
    """The register of cases as a table, and the numbers by month, a line for each."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    months: tuple[str, ...]


class TextToRead(Record):
    """A text that waits to be read: its number, when and where it was written, and why it should be read."""

    number: int
    at: str
    place: str
    why: str


class Pages:
    """Renders the templates."""

    def conversation(self, frame: Frame, thread: Thread) -> str:
        """The page with a person's conversation."""
        return self._draw("conversation.html", frame, thread=thread)

    def fragment(self, frame: Frame, thread: Thread) -> str:
        """The part of the page that changes from turn to turn, for the script. Serve it as `FRAGMENT`."""
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
        """The landing page. `join` and `poster` come from a poster's code. `wrong_code` is an unknown return code, as
        typed.
        """
        more = {"poster": poster, "offered_minutes": shared_minutes, "wrong_code": wrong_code}
        return self._draw("landing.html", frame, join=join, **more)

    def poster_link(self, frame: Frame, *, poster: PosterPage, choice: str) -> str:
        """A poster's link, for somebody with a page: its consultation, and a button if that is open."""
        return self._draw("came.html", frame, poster=poster, choice=choice)

    def invite(self, frame: Frame, *, role: str, action: str) -> str:
        """An invite's link: a button that posts to `action`, which redeems it. `role` is "" for another door of the
        same person.
        """
        return self._draw("invite.html", frame, role=role, action=action)

    def sign_out(self, frame: Frame, *, lead: str, without_code: bool, others: bool) -> str:
        """Asks before it signs out. `lead` says how to come back; `others`: this person has other pages."""
        return self._draw("sign_out.html", frame, lead=lead, without_code=without_code, others=others)

    def sign_in(self, frame: Frame, *, no_passkeys: str, council: bool, problem: str) -> str:
        """Where staff sign in. `no_passkeys` says why there are none; empty if there are."""
        return self._draw("sign_in.html", frame, no_passkeys=no_passkeys, council=council, problem=problem)

    def onward(self, frame: Frame, *, address: str) -> str:
        """A page that moves on to the council's own sign-in."""
        return self._draw("onward.html", frame, address=address)

    def own_sign_ins(self, frame: Frame, own: OwnSignIns, name_most: int) -> str:
        """How and where a member signs in. `name_most` is the most letters of a passkey's name."""
        return self._draw("signing_in.html", frame, own=own, name_most=name_most)

    def case(self, frame: Frame, case: CaseWords) -> str:
        """The words of a case; or, before a look, a button that looks."""
        return self._draw("case.html", frame, case=case)

    def case_register(self, frame: Frame, register: RegisterTable) -> str:
        """The register of safeguarding cases."""
        return self._draw("case_register.html", frame, register=register)

    def texts_to_read(self, frame: Frame, texts: Sequence[TextToRead]) -> str:
        """The texts that a safeguarding lead reads first, without their words."""
        return self._draw("texts.html", frame, texts=texts)

    def text_to_read(self, frame: Frame, number: int, text: WordsOfCase) -> str:
        """One of them, with its words."""
        return self._draw("text.html", frame, number=number, text=text)

    def changed(self, frame: Frame, meta: PageMeta, main: str) -> str:
        """A public page. `main` is the HTML from `listing` or `outcome`."""
        return self._draw("changed.html", frame, page=meta, main=Markup(main))  # noqa: S704 - rendered by our own template

    def listing(self, frame: Frame, listing: Listing) -> str:
        """The main part of the public list, newest first. It is the same for everybody."""
        return self._draw("listing.html", frame, listing=listing)

    def outcome(self, frame: Frame, meta: PageMeta, card: Card, back: str) -> str:
        """The main part of one outcome's page. `back` is the address of the list."""
        return self._draw("outcome.html", frame, page=meta, card=card, back=back)

    def withdrawn(self, frame: Frame, meta: PageMeta, notice: str, back: str) -> str:
        """The main part of the page of an outcome that was withdrawn."""
        return self._draw("withdrawn.html", frame, page=meta, notice=notice, back=back)

    def archive(self, frame: Frame, cards: Sequence[Card]) -> str:
        """All outcomes as one page that needs no server, for when the site ends."""
        return self._draw("archive.html", frame, cards=cards)

    def text(self, frame: Frame, title: str, chapters: Sequence[Chapter]) -> str:
        """A text page, such as privacy or help."""
        return self._draw("page.html", frame, title=title, chapters=chapters)

    def accessibility(self, frame: Frame, rules: Rules) -> str:
        """The accessibility statement, in English: its sentences are the law's."""
        return self._draw("accessibility.html", frame, rules=rules)

    def error(self, frame: Frame, kind: ErrorKind, number: str) -> str:
        """An error page. `number` is the request's number in the logs, shown for errors on our side."""
        return self._draw("error.html", frame, kind=kind, number=number)

    def leaving_page(self, frame: Frame, *, back: bool = False) -> str:
        """The blank page after "Leave this page", which moves on to another site; or, with `back`, the page for
        somebody who then presses Back.
        """
        return self._draw("left.html", frame, back=back)

    def _draw(self, template: str, frame: Frame, **context: object) -> str:
        linkify = linkifier(frame.words, frame.known, frame.doable, frame.chosen)
        return TEMPLATES.get_template(template).render(_=frame.words, frame=frame, linkify=linkify, **context)


def load_templates(folder: Path) -> Environment:
    """Reads all templates now. An update replaces the files while this process still runs, and those need its code."""
    sources = {file.name: (file.read_text("utf-8"), str(file), None) for file in folder.glob("*.html")}
    found = Environment(
        loader=FunctionLoader(sources.get),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["static"] = ADDRESSES
    return found


TEMPLATES = load_templates(HERE / "templates")
