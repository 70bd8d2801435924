"""Which public page is shown, and its address. Pages with the same query have the same content."""

from collections.abc import Mapping

from yarl import URL

from conversations.changes.register import Register, RegisterFilter
from conversations.core.i18n import Library
from conversations.core.record import Record, field, replace

A_PAGE = 20  # outcomes on one page
_PLACE_MOST = 7  # digits of the largest `from`


class PageQuery(Record):
    """One page of the list, starting at index `first`; or, if `outcome` is not 0, that outcome's page."""

    language: str
    version: str
    narrowing: RegisterFilter = field(default_factory=RegisterFilter)
    first: int = 0
    outcome: int = 0

    def address(self, path: str = "") -> str:
        """The address on this site. With a `path`, the address there with the same filters."""
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

    def in_language(self, language: str, version: str = "normal") -> "PageQuery":
        return replace(self, language=language, version=version)

    def with_narrowing(self, narrowing: RegisterFilter) -> "PageQuery":
        """The first page of another list, in the same language and version."""
        return PageQuery(self.language, self.version, narrowing)

    def outcome_page(self, outcome: int) -> "PageQuery":
        return PageQuery(self.language, self.version, outcome=outcome)


def list_query(asked: Mapping[str, str], register: Register, reader: tuple[str, str]) -> PageQuery:
    """The list that a request asks for. Unknown values are ignored, so that there are only as many pages to cache as
    there are different contents.
    """
    narrowing, place = register.filter_from(asked), asked.get("from", "")
    first = int(place) if place.isascii() and place.isdecimal() and len(place) <= _PLACE_MOST else 0
    if first:  # skipped for the first page, which is requested most
        first = min(first, max(len(register.matching(narrowing)) - 1, 0)) // A_PAGE * A_PAGE
    return PageQuery(*reader, narrowing, first)


def reader(
    asked: Mapping[str, str], offered: tuple[str, ...], library: Library, theirs: tuple[str, str]
) -> tuple[str, str]:
    """The language and reading version of a page: from the request, else the reader's own (`theirs`)."""
    language = asked.get("lang", "")
    if language not in offered:
        language = theirs[0]
    version = asked.get("version", "" if language != theirs[0] else theirs[1])
    return language, version if version in library.versions(language) else "normal"
