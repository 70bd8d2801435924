"""Per-app state and the page frame, read from a request."""

from functools import cached_property
from ipaddress import IPv4Network, IPv6Network

from aiohttp import web
from yarl import URL

from conversations.core.engine import at_home
from conversations.core.i18n import RIGHT_TO_LEFT, Words
from conversations.core.person import Person
from conversations.core.record import Record
from conversations.people.names import LANGUAGES
from handlers.turns import Runtime
from handlers.web import tokens
from handlers.web.public.views import LanguageLink
from handlers.web.strangers.address_pace import AddressPace
from handlers.web.templates_api import Frame, Pages
from storage.core.door import Door
from storage.people.signed_in import SHARED_FOR

GUESSES = 60  # wrong codes and invites from one address at once, and one a second after that: a school mistypes fewer
# From one address at once, of which none has answered anything yet; after that ten a second. A school opens 1,000.
NEW_PAGES, NEW_PAGE_SECONDS = 2000, 0.1
SHARED_MINUTES = int(SHARED_FOR.total_seconds()) // 60

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1", "0.0.0.0")  # noqa: S104 - compared with, never bound


class WebContext(Record, dict=True):
    """The state of the web app. `proxies` are the trusted proxies."""

    runtime: Runtime
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    @cached_property
    def pages(self) -> Pages:
        return Pages()

    @cached_property
    def guesses(self) -> AddressPace:
        """Which addresses try too many wrong return codes and invites."""
        return AddressPace(GUESSES)

    @cached_property
    def new_pages(self) -> AddressPace:
        """Which addresses open too many pages that answer nothing."""
        return AddressPace(NEW_PAGES, NEW_PAGE_SECONDS)

    @cached_property
    def origin(self) -> str:
        """The origin that browsers send with requests from our own pages."""
        return str(URL(self.runtime.rules.public_url).origin())

    @cached_property
    def origins(self) -> frozenset[str]:
        """The origins of our own pages: the public address or, where only this machine asks, all of its names."""
        url = URL(self.runtime.rules.public_url)
        names = _THIS_MACHINE if url.host in _THIS_MACHINE else ()
        return frozenset({self.origin, *(str(url.with_host(name).origin()) for name in names)})

    @property
    def is_secure(self) -> bool:
        """Whether browsers use HTTPS."""
        return self.origin.startswith("https://")

    def address(self, request: web.Request) -> str:
        """The page address in this browser's cookie; empty for a stranger."""
        return tokens.cookie(request, secure=self.is_secure)


CONTEXT: web.AppKey[WebContext] = web.AppKey("page", WebContext)


def html(text: str, status: int = 200) -> web.Response:
    """An HTML response."""
    return web.Response(text=text, status=status, content_type="text/html")


def without_traces(request: web.Request, answer: web.Response) -> web.Response:
    """Has the browser forget what it holds of a page that is over."""
    tokens.delete_cookies(answer, secure=request.app[CONTEXT].is_secure)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def frame(request: web.Request, door: Door | None = None) -> Frame:
    """The frame around a page, for somebody with a door or for a stranger."""
    page = request.app[CONTEXT]
    rules, person = page.runtime.rules, door.person if door else None
    words = _page_words(request, page, person)
    return Frame(
        words=words,
        organisation=rules.organisation,
        csrf=tokens.csrf(page.runtime.vault, page.address(request)),
        once=tokens.new(),
        known=page.runtime.flows.commands,
        commands=_menu(page, person, staff=False) if person and at_home(person) else (),
        staff_commands=_menu(page, person, staff=True) if person else (),
        doable=_allowed_commands(page, person),
        languages=_language_links(request, rules.languages),
        chosen="" if person and person.language else chosen_language(request, rules.languages),
        shared_minutes=SHARED_MINUTES if door and door.shared else 0,
        wide=person is not None and person.is_staff,
    )


def chosen_language(request: web.Request, offered: tuple[str, ...]) -> str:
    """The language that a stranger chose with a link; empty if none."""
    asked = request.query.get("lang", "")
    return asked if asked in offered else ""


def asked_language(request: web.Request, offered: tuple[str, ...]) -> str:
    """The language for a stranger: the one they chose, else their browser's, else the team's first."""
    spoken = (
        part.partition(";")[0].strip()[:2] for part in request.headers.get("Accept-Language", "").split(",")
    )
    found = next((language for language in spoken if language in offered), offered[0])
    return chosen_language(request, offered) or found


def _page_words(request: web.Request, page: WebContext, person: Person | None) -> Words:
    if person and person.language:
        return page.runtime.library.words_for(person)
    return page.runtime.library.words(asked_language(request, page.runtime.rules.languages), None)


def _language_links(request: web.Request, offered: tuple[str, ...]) -> tuple[LanguageLink, ...]:
    here = request.rel_url if request.method == "GET" and _is_ours(request.path) else URL("/")
    return tuple(
        LanguageLink(
            code,
            LANGUAGES[code],
            str(here.with_query(lang=code)),
            "rtl" if code in RIGHT_TO_LEFT else "ltr",
        )
        for code in offered
    )


def _is_ours(path: str) -> bool:
    """Whether a link to this path stays here. With two slashes at its beginning, it leads to another host."""
    return not path.startswith(("//", "/\\"))


def _allowed_commands(page: WebContext, person: Person | None) -> frozenset[str]:
    if person is None:
        return frozenset()
    return frozenset(one.word for one in page.runtime.flows.commands.values() if one.may_be_given(person))


def _menu(page: WebContext, person: Person, *, staff: bool) -> tuple[str, ...]:
    """The commands in the page's menu: those for everybody, or those that need a staff right."""
    theirs = (one for one in page.runtime.flows.commands.values() if person.may(one.right))
    placed = {
        one.page: one.word for one in theirs if one.page is not None and (one.right is not None) == staff
    }
    return tuple(word for _place, word in sorted(placed.items()))
