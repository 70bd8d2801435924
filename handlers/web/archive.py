"""What stays when an installation ends: what was public, the counts, and the case register. No answers, and no addresses."""

from collections.abc import Iterator

from conversations.changes.register import Register
from conversations.consultations.consultation import Consultation
from conversations.core.config import Rules
from conversations.core.i18n import Library
from conversations.core.record import replace
from conversations.outcomes.outcome import Outcome
from conversations.results.counting import hide_small, to_results
from handlers.files.case_register import register_csv, register_xlsx
from handlers.files.export import results_xlsx
from handlers.web.public.cards import card
from handlers.web.public.feed import archive_data
from handlers.web.public.query import PageQuery
from handlers.web.public.views import Card
from handlers.web.templates_api import Frame, Pages
from storage.changes.published import published_by_id
from storage.changes.register import register
from storage.consultations import consultations
from storage.core.unit_of_work import Db
from storage.outcomes import pictures
from storage.results import counts
from storage.safeguarding import case_register

Outcomes = dict[int, Outcome]
_ASKED = frozenset({"open", "closed", "answered", "revisited"})


def archive_files(db: Db, library: Library) -> Iterator[tuple[str, bytes]]:
    """Every file of the archive, as its path in there and its content."""
    public = register(db)
    outcomes = published_by_id(db, [entry.id for entry in public.entries])
    yield "public/changed.json", archive_data(public, library, db.rules, outcomes)
    for language in db.rules.languages:
        page = _page(public, outcomes, language, library, db.rules)
        yield f"public/changed-{language}.html", page.encode()
    for number, outcome in outcomes.items():
        content = pictures.content(db, number, published_only=True) if outcome.picture else None
        if content:
            yield f"public/{_picture(number)}", content
    yield from _results(db, library)
    yield from _cases(db, library)


def _page(public: Register, outcomes: Outcomes, language: str, library: Library, rules: Rules) -> str:
    query = PageQuery(language, "normal")
    cards = [
        _standing_alone(entry.id, card(outcomes[entry.id], entry, query, library, rules.small_number))
        for entry in public.entries
        if entry.id in outcomes
    ]
    return Pages().archive(Frame(library.words(language, "normal"), rules.organisation), cards)


def _standing_alone(number: int, one: Card) -> Card:
    """The card with addresses inside the archive."""
    return replace(one, address=f"#outcome-{number}", picture=_picture(number) if one.picture else "")


def _picture(number: int) -> str:
    return f"picture-{number}.jpg"


def _results(db: Db, library: Library) -> Iterator[tuple[str, bytes]]:
    """The counts of each consultation, as they may be published: small numbers are hidden."""
    for code in consultations.codes(db):
        about = consultations.by_code(db, code)
        if about and about.state in _ASKED:
            yield f"public/results-{code}.xlsx", _workbook(db, about, library)


def _workbook(db: Db, about: Consultation, library: Library) -> bytes:
    words = library.words(about.form.default_language, "normal")
    found = counts.count_now(db, about.id)
    results = to_results(about.form, found.tallies, people=found.people, words=words)
    return results_xlsx(hide_small(results, db.rules.small_number))


def _cases(db: Db, library: Library) -> Iterator[tuple[str, bytes]]:
    cases, words = case_register.every_case(db).cases, library.words(db.rules.languages[0], None)
    yield "safeguarding/cases.xlsx", register_xlsx(cases, words)
    yield "safeguarding/cases.csv", register_csv(cases, words)
