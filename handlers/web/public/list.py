"""The public list: cards, the chart of all decisions, what is late, and filters."""

from collections.abc import Callable, Iterator, Mapping

from conversations.changes.register import (
    DECISIONS,
    LateAnswer,
    PartEntry,
    Register,
    RegisterEntry,
    RegisterFilter,
    StatusFilter,
    count_parts,
    themes_of,
)
from conversations.consultations.form import wording
from conversations.core.config import Rules
from conversations.core.i18n import RIGHT_TO_LEFT, Library, Words
from conversations.core.record import replace
from conversations.core.text import shorten
from conversations.core.themes import theme_names
from conversations.outcomes.outcome import Outcome
from conversations.outcomes.wording import (
    decision_sentence,
    postponement_lines,
    reading_words,
    text_of,
    title_of,
)
from conversations.people.names import LANGUAGES, version_names
from handlers.web.public.cards import card
from handlers.web.public.query import A_PAGE, PageQuery
from handlers.web.public.views import Bar, Card, LanguageLink, Late, Listing, PageMeta, Select

LATE_SHOWN = 10  # late promises on the first page; a link leads to the others
_LATE_MOST = 160  # characters of what was promised
_GAP = 6  # thousandths between two bars

Read = Callable[[list[int]], Mapping[int, Outcome]]


def listing(register: Register, query: PageQuery, library: Library, rules: Rules, read: Read) -> Listing:
    """Builds one page of the list. `read` loads outcomes by id, without those that were retracted meanwhile."""
    _ = library.words(query.language, query.version)
    entries = register.matching(query.narrowing)
    shown = entries[query.first : query.first + A_PAGE]
    first_page = not query.first
    late = tuple(_late(register, query, library, read)) if first_page else ()
    more = len(register.late(query.narrowing)) > LATE_SHOWN
    bars = tuple(_bars(entries, query, _)) if first_page else ()
    last = query.first + A_PAGE >= len(entries)
    return Listing(
        meta=page_meta(query, library, rules, title=_("What changed"), about=_about(_)),
        cards=_cards(shown, query, library, rules, read),
        counted=_.many("{n} answer", "{n} answers", len(entries)),
        bars=bars,
        in_words=_in_words(count_parts(entries), _) if bars else "",
        late=late,
        more_late=_more_late(query, _) if more and first_page else None,
        selects=tuple(one for one in _selects(register, query.narrowing, _) if one.values),
        hidden=(
            ("lang", query.language),
            *((("version", query.version),) if query.version != "normal" else ()),
        ),
        narrowed=bool(query.narrowing),
        everything=query.with_narrowing(RegisterFilter()).address(),
        newer=replace(query, first=max(0, query.first - A_PAGE)).address() if query.first else "",
        older="" if last else replace(query, first=query.first + A_PAGE).address(),
    )


def page_meta(query: PageQuery, library: Library, rules: Rules, *, title: str, about: str) -> PageMeta:
    """The metadata of a page, and its address in other languages, versions and formats."""
    names = version_names(library.words(query.language, query.version))
    return PageMeta(
        title=title,
        about=about,
        address=rules.public_url + PageQuery("", "", query.narrowing, outcome=query.outcome).address(),
        feed=query.with_narrowing(query.narrowing.without_status()).address("/changed.atom"),
        data=replace(query, first=0).address("/changed.json"),
        languages=tuple(
            LanguageLink(
                code,
                LANGUAGES[code],
                query.in_language(code).address(),
                "rtl" if code in RIGHT_TO_LEFT else "ltr",
            )
            for code in rules.languages
        ),
        versions=tuple(
            (names[version], query.in_language(query.language, version).address(), version == query.version)
            for version in library.versions(query.language)
        ),
    )


def _about(_: Words) -> str:
    return _(
        "What young people said, and what was done about it. If the answer was no, you'll find the reason too."
    )


def _cards(
    shown: tuple[RegisterEntry, ...], query: PageQuery, library: Library, rules: Rules, read: Read
) -> tuple[Card, ...]:
    found = read([entry.id for entry in shown])
    return tuple(
        card(found[entry.id], entry, query, library, rules.small_number)
        for entry in shown
        if entry.id in found
    )


# --- the picture ----------------------------------------------------------------------------------


def _bars(entries: tuple[RegisterEntry, ...], query: PageQuery, _: Words) -> Iterator[Bar]:
    """A bar for each decision, as wide as its share, starting on the side where reading starts."""
    of_each = count_parts(entries)
    whole = sum(of_each[decision] for decision in DECISIONS)
    if not whole:
        return
    names = _decision_names(_)
    pieces = sum(bool(of_each[decision]) for decision in DECISIONS)
    room, x = 1000 - _GAP * (pieces - 1), 0.0
    for decision in DECISIONS:
        width = round(room * of_each[decision] / whole, 1)
        at = 1000 - x - width if _.direction == "rtl" else x
        only = query.with_narrowing(replace(query.narrowing, decision=decision))
        yield Bar(decision, names[decision], of_each[decision], round(at, 1), width, only.address())
        x += width + (_GAP if of_each[decision] else 0)


def _in_words(of_each: Mapping[StatusFilter, int], _: Words) -> str:
    names = _decision_names(_)
    return _.comma_list(f"{names[decision]}: {of_each[decision]}" for decision in DECISIONS)


def _decision_names(_: Words) -> dict[StatusFilter, str]:
    return {
        "did": _("We did"), "doing": _("We are doing"), "will": _("We will"), "cant": _("We can't"),
        "late": _("Promised, and late"),
    }  # fmt: skip


# --- what is late ---------------------------------------------------------------------------------


def _late(register: Register, query: PageQuery, library: Library, read: Read) -> Iterator[Late]:
    """Late answers, then late promises, the longest overdue first."""
    for one in register.late_answers(query.narrowing):
        yield _unanswered(one, query, library)
    found = register.late(query.narrowing)[:LATE_SHOWN]
    outcomes = read([entry.id for entry, _part in found])
    for entry, part in found:
        if entry.id in outcomes:
            yield _promise(outcomes[entry.id], part, query, library)


def _unanswered(one: LateAnswer, query: PageQuery, library: Library) -> Late:
    _ = library.words(query.language, query.version)
    has_it = one.title.get(query.language) or one.title.get(f"{query.language}-{query.version}")
    read = _ if has_it else library.words(one.language, query.version)
    who = wording(one.who, read.language, read.version, one.language)
    return Late(
        words=wording(one.title, read.language, read.version, one.language),
        promise=_("An answer was promised by {day}. It hasn't come yet.", day=_.long_date(one.reply_by)),
        read=read,
        who=read("Who decides: {who}.", who=who) if who else "",
        since=tuple(postponement_lines(one.moves, _)),
    )


def _promise(outcome: Outcome, entry: PartEntry, query: PageQuery, library: Library) -> Late:
    _ = library.words(query.language, query.version)
    read = reading_words(outcome, _, library)
    part, day = outcome.part(entry.place), _.long_date(entry.due) if entry.due else ""
    owner = text_of(outcome, part.owner, read)
    what = decision_sentence(entry.decision, text_of(outcome, part.what, read), read)
    return Late(
        words=f"{title_of(outcome.about, read)}: {shorten(what, _LATE_MOST)}",
        promise=_("Promised by {day}. We haven't said that it's done.", day=day),
        read=read,
        who=read("Who: {who}", who=owner) if owner else "",
        address=query.outcome_page(outcome.id).address(),
    )


def _more_late(query: PageQuery, _: Words) -> tuple[str, str]:
    only = replace(query.narrowing.without_status(), decision="late")
    return _("All that is late"), query.with_narrowing(only).address()


# --- narrowing ------------------------------------------------------------------------------------


def _selects(register: Register, narrowing: RegisterFilter, _: Words) -> Iterator[Select]:
    """The filters, with only the values that occur."""
    names, decisions = theme_names(_), _decision_names(_)
    themes = themes_of((*register.entries, *register.unanswered))
    yield Select("theme", _("Theme"), tuple((key, names[key]) for key in themes), narrowing.theme)
    yield Select("area", _("Area"), tuple((area, area) for area in register.areas), narrowing.area)
    there: list[StatusFilter] = [one for one, many in count_parts(register.entries).items() if many]
    came = tuple((one, decisions[one]) for one in there)
    yield Select("decision", _("What came of it"), came, narrowing.decision)
    years = tuple((str(year), str(year)) for year in register.years)
    yield Select("year", _("Year"), years if len(years) > 1 else (), str(narrowing.year or ""))
