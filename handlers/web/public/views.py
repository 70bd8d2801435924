"""What the public pages show of published outcomes."""

from typing import Literal

from conversations.core.i18n import Words
from conversations.core.record import Record

PartKind = Literal["did", "doing", "will", "cant"]


class LanguageLink(Record):
    """A language on offer: its name in that language, and the address of the current page in it."""

    code: str
    name: str
    address: str
    dir: str = "ltr"


class PartView(Record):
    """One part of an outcome. `who` and `by` say who does it and by when; `because` is the reason for *can't*. `quote`
    is used with consent. `since` says what has happened since it was published, one sentence each.
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
    """One published outcome in the language of `read`. `only_in` says so if that is not the page's language. `day` is
    written out. `sample` marks an example that nobody really decided. `picture` is an address, and `described` its
    text alternative. `address` is the outcome's own page. `people` says how many took part. `corrected` says when and why
    it was corrected. `filed` names its themes and area.
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
    corrected: tuple[str, ...] = ()
    filed: tuple[str, ...] = ()


class Bar(Record):
    """One bar of the chart of all decisions. `x` and `width` are in thousandths of the chart's width."""

    kind: PartKind
    label: str
    count: int
    x: float
    width: float
    address: str


class Late(Record):
    """A promise or an answer that is late. `words` is what was promised, in the language of `read`; `promise` says by
    when, and `who` by whom. `address` is its page, if it has one.
    """

    words: str
    promise: str
    read: Words
    who: str = ""
    address: str = ""
    since: tuple[str, ...] = ()


class Select(Record):
    """One filter of the list: a form field, its values with their labels, and the `chosen` value."""

    name: str
    label: str
    values: tuple[tuple[str, str], ...]
    chosen: str = ""


class PageMeta(Record):
    """The metadata of a public page, for link previews, and its alternatives. `address`, `feed`, `data` and `picture`
    are addresses. `languages` are the page in each language. `versions` are (name, address, is_current) in each
    reading version.
    """

    title: str
    about: str
    address: str
    feed: str
    data: str
    languages: tuple[LanguageLink, ...] = ()
    versions: tuple[tuple[str, str, bool], ...] = ()
    picture: str = ""


class Listing(Record):
    """One page of the list of published outcomes, perhaps filtered."""

    meta: PageMeta
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
