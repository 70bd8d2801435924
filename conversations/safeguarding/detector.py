"""Detects signs of danger in what a person wrote. It relies on word lists, so it misses some."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Literal, get_args

from conversations.core.record import Record, replace
from conversations.safeguarding.normaliser import Reading, Spelling, normalise, plain, spelling_from
from conversations.safeguarding.phrase_matcher import (
    Match,
    Phrase,
    PhraseIndex,
    find,
    index_phrases,
    phrase_from,
)

DangerKind = Literal[
    "suicide",
    "self_harm",
    "abuse",
    "exploitation",
    "violence",
    "harm_to_others",
    "unsafe_now",
    "neglect",
    "radicalisation",
    "eating",
    "request_for_help",
]
Whose = Literal["own", "other"]

KINDS: tuple[DangerKind, ...] = get_args(DangerKind)  # gravest first

# In these kinds, the person spoken of is at risk. In the others, "he" may well be the danger.
_OF_ONESELF: frozenset[DangerKind] = frozenset(
    {"suicide", "self_harm", "unsafe_now", "neglect", "eating", "request_for_help"}
)
_LOOK_BACK = 6  # words before a sign that are searched for its subject
_DENIAL = 4  # words before a sign that are searched for a denial


# The languages with a word list. In other languages, signs of danger go unnoticed.
CHECKED_LANGUAGES = frozenset({"en", "pl"})

# The end of the first Unicode blocks of Latin letters, and the bounds of the later one.
_LAST_LATIN, _LATIN_AGAIN, _LATIN_END = "\u02af", "\u1e00", "\u1eff"
_KNOWN_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyząćęłńóśźż")
_FEW = 2  # letters; so few in another script mean nothing
_LOOK_AT = 1000  # letters
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENOUGH_WORDS = 5  # in fewer, a language is not told reliably
_UNLIKELY = 0.2

# How likely a text is in one of some languages, from 0 to 1.
LanguageShare = Callable[[str, Collection[str]], float]


class Danger(Record):
    """A sign of danger.

    `whose` is "other" if it seems to be about somebody else. `denied`: it is negated ("I don't want to kill
    myself"). Both still count as signs, because a rule of grammar must not turn anybody away.
    """

    kind: DangerKind
    whose: Whose = "own"
    denied: bool = False


class Signs(Record):
    """The word lists, indexed. Texts in other languages than `languages` are not understood.

    `meanings` maps the meaning of a phrase in `signs` to its danger.
    """

    languages: frozenset[str]
    spelling: Spelling
    signs: PhraseIndex
    idioms: PhraseIndex
    not_denials: PhraseIndex
    meanings: Mapping[str, Danger]
    denials: frozenset[str]
    me: frozenset[str]
    others: frozenset[str]
    turns: frozenset[str]


def signs_from(*lists: Mapping[str, object]) -> Signs:
    """Builds `Signs` from parsed word lists, one mapping for each language. All languages are matched at once.

    Raises ValueError, with the line, for a list that cannot be read.
    """
    groups = _table(lists, "groups")
    readings = _readings(lists)
    meanings = {f"signs.{kind}": Danger(kind) for kind in KINDS}
    meanings |= {f"about_others.{kind}": Danger(kind, "other") for kind in KINDS}
    lines = [*_lines(lists, "signs", meanings), *_lines(lists, "about_others", meanings)]
    signs = [phrase_from(line, meaning, groups, readings) for meaning, line in lines]
    idioms = [phrase_from(line, "", groups, readings) for line in _list(lists, "idioms")]
    not_denials = [phrase_from(line, "", groups, readings) for line in _list(lists, "not_denials")]
    return Signs(
        languages=frozenset(str(one["language"]) for one in lists if "language" in one),
        spelling=_spelling([*signs, *idioms, *not_denials], readings),
        signs=index_phrases(signs),
        idioms=index_phrases(idioms),
        not_denials=index_phrases(not_denials),
        meanings=meanings,
        denials=_words(lists, "denials"),
        me=_words(lists, "me"),
        others=_words(lists, "others"),
        turns=_words(lists, "turns"),
    )


def is_unread(text: str, languages: Collection[str], share_of: LanguageShare) -> bool:
    """Whether no word list can read the text, where `languages` have one: it is in another script, or has five words or
    more and is hardly in any of these languages.
    """
    if not text.isascii() and _has_other_letters(text):
        return True
    return len(_WORD.findall(text[:_LOOK_AT])) >= _ENOUGH_WORDS and share_of(text, languages) < _UNLIKELY


def _has_other_letters(text: str) -> bool:
    """Whether most letters are in another script (Arabic, Cyrillic, Gujarati…), or a third of the words have letters that
    neither English nor Polish uses.
    """
    letters = [letter for letter in text[:_LOOK_AT] if letter.isalpha()]
    other = sum(letter > _LAST_LATIN and not _LATIN_AGAIN <= letter <= _LATIN_END for letter in letters)
    if other > _FEW and other * 2 > len(letters):
        return True
    words = text[:_LOOK_AT].casefold().split()
    foreign = sum(
        not _KNOWN_LETTERS.issuperset(letter for letter in word if letter.isalpha()) for word in words
    )
    return len(words) > 1 and foreign * 3 >= len(words)


def scan(text: str, signs: Signs) -> Danger | None:
    """The gravest sign in the text, or None. It never raises, and takes time in proportion to the length.

    None does not mean that all is well: the lists miss what they do not know.
    """
    return scan_reading(normalise(text, signs.spelling), signs)


def scan_reading(reading: Reading, signs: Signs) -> Danger | None:
    """`scan` for a text that was normalised already."""
    found = find(reading, signs.signs)
    if not found:
        return None
    context = _Context(
        reading,
        signs,
        idiomatic=_covered_places(find(reading, signs.idioms)),
        undenying=_covered_places(find(reading, signs.not_denials)),
        of_others=_covered_places(
            hit for hit in found if signs.meanings[hit.phrase.meaning].whose == "other"
        ),
    )
    dangers = (_danger(hit, context) for hit in found if _is_counted(hit, context))
    return min(dangers, key=_gravity, default=None)


class _Context(Record):
    """A text's reading, and the places of words in idioms, in harmless negations and in signs about others."""

    reading: Reading
    signs: Signs
    idiomatic: frozenset[int]
    undenying: frozenset[int]
    of_others: frozenset[int]


def _gravity(danger: Danger) -> tuple[bool, int, bool]:
    return danger.denied, KINDS.index(danger.kind), danger.whose == "other"


def _is_counted(hit: Match, context: _Context) -> bool:
    return hit.phrase.firm or context.idiomatic.isdisjoint(hit.places)


def _danger(hit: Match, context: _Context) -> Danger:
    meant = context.signs.meanings[hit.phrase.meaning]
    whose: Whose = "other" if meant.whose == "other" or _is_about_others(hit, meant, context) else "own"
    return replace(meant, whose=whose, denied=_is_denied(hit, context))


def _is_about_others(hit: Match, meant: Danger, context: _Context) -> bool:
    """Whether the sign has no "me", and either overlaps a sign about others or follows a word for another person."""
    if any(context.reading.words[at] in context.signs.me for at in hit.places):
        return False
    if not context.of_others.isdisjoint(hit.places):
        return True
    if meant.kind not in _OF_ONESELF:
        return False
    for at in _places_before(hit, _LOOK_BACK, context.reading):
        word = context.reading.words[at]
        if word in context.signs.others or word in context.signs.me:
            return word in context.signs.others
    return False


def _is_denied(hit: Match, context: _Context) -> bool:
    """Whether a denial comes shortly before the sign in the same clause, or within it (unless the phrase has one)."""
    words, signs = context.reading.words, context.signs
    for at in _places_before(hit, _DENIAL, context.reading):
        if words[at] in signs.denials:
            return at not in context.undenying
        if words[at] in signs.turns:
            break
    if hit.phrase.says(signs.denials):
        return False
    return any(words[at] in signs.denials and at not in context.undenying for at in hit.places)


def _places_before(hit: Match, count: int, reading: Reading) -> Iterator[int]:
    """The places of the words before a sign in its sentence, nearest first."""
    for at in range(hit.first - 1, max(hit.first - 1 - count, -1), -1):
        if reading.sentences[at] != reading.sentences[hit.first]:
            return
        yield at


def _covered_places(hits: Iterable[Match]) -> frozenset[int]:
    return frozenset(at for hit in hits for at in hit.places)


def _spelling(phrases: list[Phrase], readings: Mapping[str, tuple[str, ...]]) -> Spelling:
    parts = [part for phrase in phrases for part in phrase.parts]
    words = {word for part in parts for word in part.words} | {w for said in readings.values() for w in said}
    return spelling_from(words, {stem for part in parts for stem in part.stems}, readings)


def _lines(
    lists: tuple[Mapping[str, object], ...], name: str, meanings: Mapping[str, Danger]
) -> Iterator[tuple[str, str]]:
    for kind, lines in _tables(lists, name):
        meaning = f"{name}.{kind}"
        if meaning not in meanings:
            raise ValueError(f"No kind of danger is called {meaning}")
        yield from ((meaning, line) for line in _clean(lines))


def _readings(lists: tuple[Mapping[str, object], ...]) -> dict[str, tuple[str, ...]]:
    """The meanings of slang and contractions by word; fillers have none."""
    said = {plain(word): tuple(plain(words).split()) for word, words in _tables(lists, "readings")}
    return said | dict.fromkeys(_words(lists, "fillers"), ())


def _table(lists: tuple[Mapping[str, object], ...], name: str) -> dict[str, str]:
    return dict(_tables(lists, name))


def _tables(lists: tuple[Mapping[str, object], ...], name: str) -> Iterator[tuple[str, str]]:
    for one in lists:
        table = one.get(name, {})
        if not isinstance(table, Mapping):
            raise ValueError(f"{name} must be a table of words, not {table!r}")  # noqa: TRY004  a list that cannot be read is one kind of failure
        yield from ((str(key), str(value)) for key, value in table.items())


def _list(lists: tuple[Mapping[str, object], ...], name: str) -> list[str]:
    return [line for one in lists for line in _clean(str(one.get(name, "")))]


def _words(lists: tuple[Mapping[str, object], ...], name: str) -> frozenset[str]:
    return frozenset(plain(word) for one in lists for word in str(one.get(name, "")).split())


def _clean(lines: str) -> Iterator[str]:
    """The lines without blank ones and comments."""
    return (line.strip() for line in lines.splitlines() if line.strip() and not line.strip().startswith("#"))
