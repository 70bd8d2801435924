"""Translations: looks up every sentence in the catalogue of a language and reading version."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list

from conversations.core.person import Person
from conversations.core.record import Record

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ku", "ps", "ur"})
_ARABIC_SCRIPT = RIGHT_TO_LEFT - {"he"}
_ARABIC_COMMA = "، "
VERSIONS = ("normal", "young", "easy")
AnyDay = date | datetime
_ENGLISH = "en"
_A_MONDAY = date(2024, 1, 1)
_HALF_A_YEAR = timedelta(days=183)
_ISOLATE, _POP = "\u2068", "\u2069"


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Marks a sentence for the catalogues before the reader's language is known."""
    return message


class Words(Record):
    """Call it with an English message to get the sentence: `_("{n} of {total}", n=2, total=5)`.

    Without values, braces in the sentence are plain text. `today` is the day on the team's calendar: a day that is far from
    it is said with its year.
    """

    language: str
    version: str
    catalogue: NullTranslations
    zone: ZoneInfo
    today: date | None = None

    def __call__(self, message: str, /, **values: object) -> str:
        return self._fill_in(self.catalogue.gettext(message), values)

    def many(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The sentence in the plural form that `n` needs; `{n}` is filled in."""
        return self._fill_in(self.catalogue.ngettext(one, many, n), {"n": n, **values})

    @property
    def direction(self) -> str:
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def comma_list(self, things: Iterable[str]) -> str:
        """Joins items with this language's comma."""
        return (_ARABIC_COMMA if self.language in _ARABIC_SCRIPT else ", ").join(things)

    def and_list(self, things: Iterable[str]) -> str:
        """Joins items with commas, and this language's "and" before the last."""
        return format_list(list(things), locale=Locale.parse(self.language))

    def short_date(self, day: AnyDay) -> str:
        """A day as people say it: "Friday 20 December"; more than half a year away, "Wednesday 20 December 2028"."""
        local = self._local(day)
        near = self.today is not None and abs(local - self.today) <= _HALF_A_YEAR
        return _date(local, "EEEE d MMMM" if near else "EEEE d MMMM y", self.language)

    def long_date(self, day: AnyDay) -> str:
        """A day with its year, however near it is: "20 December 2026"."""
        return _date(self._local(day), "d MMMM y", self.language)

    def weekday(self, number: int) -> str:
        """A weekday's name; Monday is 0."""
        return _date(_A_MONDAY + timedelta(days=number), "EEEE", self.language)

    def date_time(self, at: datetime) -> str:
        """A day and a time on the team's clock: "Friday 20 December, 16:00"."""
        local = at.astimezone(self.zone)
        return f"{self.short_date(at)}, {format_time(local, 'HH:mm', locale=Locale.parse(self.language))}"

    def _local(self, day: AnyDay) -> date:
        return day.astimezone(self.zone).date() if isinstance(day, datetime) else day

    def _fill_in(self, sentence: str, values: Mapping[str, object]) -> str:
        if not values:
            return sentence
        if self.direction == "rtl":
            values = {key: f"{_ISOLATE}{value}{_POP}" for key, value in values.items()}
        return sentence.format_map(values)


# Every turn needs the same few.
_words = lru_cache(maxsize=64)(Words)
_UNTRANSLATED = NullTranslations()


@lru_cache(maxsize=256)
def _date(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=Locale.parse(language))


class Library(Record):
    """All catalogues. A key is a language, or a language and a version: "pl", "en-easy". `staffed` are the languages
    with translations of the sentences for staff. `today` is the day on the team's calendar.
    """

    catalogues: Mapping[str, NullTranslations]
    zone: ZoneInfo
    staff_languages: frozenset[str] = frozenset({"en"})
    today: date | None = None

    def words_for(self, person: Person) -> Words:
        """The words for one person. Staff whose language has no staff translations read everything in English."""
        if person.is_staff and person.language not in self.staff_languages:
            return self.words(_ENGLISH, None)
        return self.words(person.language, person.version)

    def words(self, language: str | None, version: str | None) -> Words:
        """The words for a language and reading version; the normal version if the language lacks this one."""
        language, version = language or "en", version or "normal"
        found = self.catalogues.get(f"{language}-{version}") or self.catalogues.get(language)
        return _words(language, version, found or _UNTRANSLATED, self.zone, self.today)

    def offered(self, languages: Iterable[str]) -> tuple[Words, ...]:
        """The words of each of these languages, in each reading version."""
        return tuple(self.words(one, version) for one in languages for version in self.versions(one))

    def speaks(self, language: str) -> bool:
        """Whether Heard itself is translated into this language."""
        return language == _ENGLISH or language in self.catalogues

    def versions(self, language: str) -> tuple[str, ...]:
        """The reading versions that this language has."""
        return tuple(v for v in VERSIONS if v == "normal" or f"{language}-{v}" in self.catalogues)


def capitalise(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def language_name(language: str, said_in: str) -> str:
    """A language's name in another language: "Polish"."""
    try:
        return Locale.parse(language).get_display_name(said_in) or language
    except (UnknownLocaleError, ValueError):  # a workbook may name a language that Babel does not know
        return language
