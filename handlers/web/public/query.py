"""What somebody sees of the public pages, and its address: everything that one page differs from another by."""

from collections.abc import Mapping

from yarl import URL

from conversations.changes.register import Narrowing, Register
from conversations.core.i18n import Library
from conversations.core.record import Record, field, replace

A_PAGE = 20  # outcomes
_PLACE_MOST = 7  # digits


class Seen(Record):
    """A page of the list, from place `first` on; or, where `outcome` is not 0, that outcome alone."""

    language: str
    version: str
    narrowing: Narrowing = field(default_factory=Narrowing)
    first: int = 0
    outcome: int = 0

    def address(self, path: str = "") -> str:
        """Its address on this site; with a `path`, of something else that is narrowed alike."""
        narrowing = self.narrowing
        query = {
            "lang": self.language,
            "version": "" if self.version == "normal" else self.version,
            "theme": narrowing.theme,
            "area": narrowing.area,
            "decision": narrowing.decision,
            "year": str(narrowing.year or ""),
            "from": str(self.first or ""),
        }
        where = path or (f"/changed/{self.outcome}" if self.outcome else "/changed")
        return str(URL(where).with_query({name: value for name, value in query.items() if value}))

    def read_in(self, language: str, version: str = "normal") -> "Seen":
        return replace(self, language=language, version=version)

    def narrowed(self, narrowing: Narrowing) -> "Seen":
        """Another list, from its beginning, in the same words."""
        return Seen(self.language, self.version, narrowing)

    def one(self, outcome: int) -> "Seen":
        return Seen(self.language, self.version, outcome=outcome)


def listed(asked: Mapping[str, str], register: Register, reader: tuple[str, str]) -> Seen:
    """The list that a query asks for. What there is not counts as not said: so there are only as many different
    pages as there are different things to see.
    """
    narrowing, place = register.narrowed(asked), asked.get("from", "")
    first = int(place) if place.isascii() and place.isdecimal() and len(place) <= _PLACE_MOST else 0
    if first:  # looked up only here: the first page is asked for most
        first = min(first, max(len(register.under(narrowing)) - 1, 0)) // A_PAGE * A_PAGE
    return Seen(*reader, narrowing, first)


def reader(
    asked: Mapping[str, str], offered: tuple[str, ...], library: Library, theirs: tuple[str, str]
) -> tuple[str, str]:
    """The language and reading version of a page: what the query says, or else what they read otherwise."""
    language = asked.get("lang", "")
    if language not in offered:
        language = theirs[0]
    version = asked.get("version", "" if language != theirs[0] else theirs[1])
    return language, version if version in library.versions(language) else "normal"
