"""The list as it is seen: its cards, the picture of what came of everything, what is late, and ways to narrow it."""

from collections.abc import Callable, Iterator, Mapping

from conversations.changes.register import (
    DECISIONS,
    Narrowing,
    PartEntry,
    Register,
    RegisterEntry,
    StatusFilter,
    Unanswered,
    counted,
    themes_of,
)
from conversations.consultations.form import wording
from conversations.core.config import Rules
from conversations.core.i18n import RIGHT_TO_LEFT, Library, Words
from conversations.core.record import replace
from conversations.core.text import shorten
from conversations.core.themes import theme_names
from conversations.outcomes.outcome import Outcome
from conversations.outcomes.wording import done, moved, read_in, text_of, title_of
from conversations.people.names import LANGUAGES, version_names
from handlers.web.public.cards import card
from handlers.web.public.query import A_PAGE, Seen
from handlers.web.templates_api import Bar, Card, Late, Listing, PageMeta, Select, Tongue

LATE_SHOWN = 10  # promises of outcomes; the others are a link away
_LATE_MOST = 160  # letters of what was promised
_GAP = 6  # thousandths between two pieces of the picture

Read = Callable[[list[int]], Mapping[int, Outcome]]


def listing(register: Register, seen: Seen, library: Library, rules: Rules, read: Read) -> Listing:
    """`read` gets outcomes by their ids; one that is gone meanwhile is left out."""
    _ = library.words(seen.language, seen.version)
    entries = register.under(seen.narrowing)
    shown = entries[seen.first : seen.first + A_PAGE]
    first_page = not seen.first
    late = tuple(_late(register, seen, library, read)) if first_page else ()
    more = len(register.late(seen.narrowing)) > LATE_SHOWN
    bars = tuple(_bars(entries, seen, _)) if first_page else ()
    last = seen.first + A_PAGE >= len(entries)
    return Listing(
        told=told(seen, library, rules, title=_("What changed"), about=_about(_)),
        cards=_cards(shown, seen, library, rules, read),
        counted=_.many("{n} answer", "{n} answers", len(entries)),
        bars=bars,
        in_words=_in_words(counted(entries), _) if bars else "",
        late=late,
        more_late=_more_late(seen, _) if more and first_page else None,
        selects=tuple(one for one in _selects(register, seen.narrowing, _) if one.values),
        hidden=(("lang", seen.language), *((("version", seen.version),) if seen.version != "normal" else ())),
        narrowed=bool(seen.narrowing),
        everything=seen.narrowed(Narrowing()).address(),
        newer=replace(seen, first=max(0, seen.first - A_PAGE)).address() if seen.first else "",
        older="" if last else replace(seen, first=seen.first + A_PAGE).address(),
    )


def told(seen: Seen, library: Library, rules: Rules, *, title: str, about: str) -> PageMeta:
    """What is said of a page, and where it can be read otherwise."""
    names = version_names(library.words(seen.language, seen.version))
    return PageMeta(
        title=title,
        about=about,
        address=rules.public_url + Seen("", "", seen.narrowing, outcome=seen.outcome).address(),
        feed=seen.narrowed(seen.narrowing.of_what()).address("/changed.atom"),
        data=replace(seen, first=0).address("/changed.json"),
        tongues=tuple(
            Tongue(
                code,
                LANGUAGES[code],
                seen.read_in(code).address(),
                "rtl" if code in RIGHT_TO_LEFT else "ltr",
            )
            for code in rules.languages
        ),
        versions=tuple(
            (names[version], seen.read_in(seen.language, version).address(), version == seen.version)
            for version in library.versions(seen.language)
        ),
    )


def _about(_: Words) -> str:
    return _(
        "What young people said, and what was done about it. If the answer was no, you'll find the reason too."
    )


def _cards(
    shown: tuple[RegisterEntry, ...], seen: Seen, library: Library, rules: Rules, read: Read
) -> tuple[Card, ...]:
    found = read([entry.id for entry in shown])
    return tuple(
        card(found[entry.id], entry, seen, library, rules.small_number)
        for entry in shown
        if entry.id in found
    )


# --- the picture ----------------------------------------------------------------------------------


def _bars(entries: tuple[RegisterEntry, ...], seen: Seen, _: Words) -> Iterator[Bar]:
    """A piece for each decision, as wide as there are many of it; from where reading begins."""
    of_each = counted(entries)
    whole = sum(of_each[decision] for decision in DECISIONS)
    if not whole:
        return
    names = _decision_names(_)
    pieces = sum(bool(of_each[decision]) for decision in DECISIONS)
    room, x = 1000 - _GAP * (pieces - 1), 0.0
    for decision in DECISIONS:
        width = round(room * of_each[decision] / whole, 1)
        at = 1000 - x - width if _.direction == "rtl" else x
        only = seen.narrowed(replace(seen.narrowing, decision=decision))
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


def _late(register: Register, seen: Seen, library: Library, read: Read) -> Iterator[Late]:
    """Answers that did not come, then promises whose day has passed; the longest first."""
    for one in register.late_answers(seen.narrowing):
        yield _unanswered(one, seen, library)
    found = register.late(seen.narrowing)[:LATE_SHOWN]
    outcomes = read([entry.id for entry, _part in found])
    for entry, part in found:
        if entry.id in outcomes:
            yield _promise(outcomes[entry.id], part, seen, library)


def _unanswered(one: Unanswered, seen: Seen, library: Library) -> Late:
    _ = library.words(seen.language, seen.version)
    has_it = one.title.get(seen.language) or one.title.get(f"{seen.language}-{seen.version}")
    read = _ if has_it else library.words(one.language, seen.version)
    who = wording(one.who, read.language, read.version, one.language)
    return Late(
        words=wording(one.title, read.language, read.version, one.language),
        promise=_("An answer was promised by {day}. It hasn't come yet.", day=_.long_date(one.reply_by)),
        read=read,
        who=read("Who decides: {who}.", who=who) if who else "",
        since=tuple(moved(one.moves, _)),
    )


def _promise(outcome: Outcome, entry: PartEntry, seen: Seen, library: Library) -> Late:
    _ = library.words(seen.language, seen.version)
    read = read_in(outcome, _, library)
    part, day = outcome.part(entry.place), _.long_date(entry.due) if entry.due else ""
    owner = text_of(outcome, part.owner, read)
    what = done(entry.decision, text_of(outcome, part.what, read), read)
    return Late(
        words=f"{title_of(outcome.about, read)}: {shorten(what, _LATE_MOST)}",
        promise=_("Promised by {day}. We haven't said that it's done.", day=day),
        read=read,
        who=read("Who: {who}", who=owner) if owner else "",
        address=seen.one(outcome.id).address(),
    )


def _more_late(seen: Seen, _: Words) -> tuple[str, str]:
    only = replace(seen.narrowing.of_what(), decision="late")
    return _("All that is late"), seen.narrowed(only).address()


# --- narrowing ------------------------------------------------------------------------------------


def _selects(register: Register, narrowing: Narrowing, _: Words) -> Iterator[Select]:
    """Only what there is to choose from."""
    names, decisions = theme_names(_), _decision_names(_)
    themes = themes_of((*register.entries, *register.unanswered))
    yield Select("theme", _("Theme"), tuple((key, names[key]) for key in themes), narrowing.theme)
    yield Select("area", _("Area"), tuple((area, area) for area in register.areas), narrowing.area)
    there: list[StatusFilter] = [one for one, many in counted(register.entries).items() if many]
    came = tuple((one, decisions[one]) for one in there)
    yield Select("decision", _("What came of it"), came, narrowing.decision)
    years = tuple((str(year), str(year)) for year in register.years)
    yield Select("year", _("Year"), years if len(years) > 1 else (), str(narrowing.year or ""))
