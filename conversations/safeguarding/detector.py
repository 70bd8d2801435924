"""Signs that somebody may be in danger, looked for in what a person wrote; a word list, so it misses some."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, get_args

from conversations.core.record import Record, replace
from conversations.safeguarding.normaliser import Reading, Spelling, plain, read, spelling_from
from conversations.safeguarding.phrase_matcher import Book, Match, Phrase, book_of, find, phrase_from

DangerKind = Literal[
    "suicide", "self_harm", "abuse", "exploitation", "violence", "unsafe_now", "request_for_help"
]
Whose = Literal["own", "other"]

KINDS: tuple[DangerKind, ...] = get_args(DangerKind)  # the gravest first

# Here the person spoken of is the one at risk; in the other kinds "he" may well be the danger.
_OF_ONESELF: frozenset[DangerKind] = frozenset({"suicide", "self_harm", "unsafe_now", "request_for_help"})
_LOOK_BACK = 6  # words before a sign in which its subject is looked for
_DENIAL = 4  # words before a sign in which a denial counts


# The languages that there are word lists for; in others, signs of danger are not noticed.
LOOKED_THROUGH = frozenset({"en", "pl"})

# Where Latin letters end, and where they go on and end again (Unicode's blocks).
_LAST_LATIN, _LATIN_AGAIN, _LATIN_END = "\u02af", "\u1e00", "\u1eff"
_OURS = frozenset("abcdefghijklmnopqrstuvwxyząćęłńóśźż")
_FEW = 2  # letters that say nothing yet


class Danger(Record):
    """A sign of danger.

    `whose` is "other" where it seems to be about somebody else; `denied` where it is negated ("I don't want
    to kill myself"). Both are still signs: nobody is turned away by a rule of grammar.
    """

    kind: DangerKind
    whose: Whose = "own"
    denied: bool = False


class Signs(Record):
    """The word lists, ready for use. `languages` are those looked for: a text in another one is not seen through.

    `meanings` says what each phrase of `signs` is.
    """

    languages: frozenset[str]
    spelling: Spelling
    signs: Book
    idioms: Book
    not_denials: Book
    meanings: Mapping[str, Danger]
    denials: frozenset[str]
    me: frozenset[str]
    others: frozenset[str]
    turns: frozenset[str]


def signs_from(*lists: Mapping[str, object]) -> Signs:
    """Signs from word lists as parsed, one mapping a language; all languages are looked for at once.

    Raises ValueError, with the line, where a list cannot be read.
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
        signs=book_of(signs),
        idioms=book_of(idioms),
        not_denials=book_of(not_denials),
        meanings=meanings,
        denials=_words(lists, "denials"),
        me=_words(lists, "me"),
        others=_words(lists, "others"),
        turns=_words(lists, "turns"),
    )


def is_unread(text: str) -> bool:
    """Whether a text is in letters that no word list has: most of it in Arabic, Cyrillic, Gujarati…, or a third of
    its words with letters that neither English nor Polish is written with. Other languages without such letters
    go unnoticed.
    """
    letters = [letter for letter in text[:1000] if letter.isalpha()]
    other = sum(letter > _LAST_LATIN and not _LATIN_AGAIN <= letter <= _LATIN_END for letter in letters)
    if other > _FEW and other * 2 > len(letters):
        return True
    words = text[:1000].casefold().split()
    foreign = sum(not _OURS.issuperset(letter for letter in word if letter.isalpha()) for word in words)
    return len(words) > 1 and foreign * 3 >= len(words)


def scan(text: str, signs: Signs) -> Danger | None:
    """The gravest sign in the text, or None; never raises, and takes time in proportion to the length.

    None does not mean that all is well: what the lists do not know is missed.
    """
    reading = read(text, signs.spelling)
    found = find(reading, signs.signs)
    if not found:
        return None
    context = _Context(
        reading,
        signs,
        idiomatic=_covered(find(reading, signs.idioms)),
        undenying=_covered(find(reading, signs.not_denials)),
        of_others=_covered(hit for hit in found if signs.meanings[hit.phrase.meaning].whose == "other"),
    )
    dangers = (_danger(hit, context) for hit in found if _counts(hit, context))
    return min(dangers, key=_gravity, default=None)


class _Context(Record):
    """A text's reading, and the places of words that idioms, harmless negations and signs about others cover."""

    reading: Reading
    signs: Signs
    idiomatic: frozenset[int]
    undenying: frozenset[int]
    of_others: frozenset[int]


def _gravity(danger: Danger) -> tuple[bool, int, bool]:
    return danger.denied, KINDS.index(danger.kind), danger.whose == "other"


def _counts(hit: Match, context: _Context) -> bool:
    return hit.phrase.firm or context.idiomatic.isdisjoint(hit.places)


def _danger(hit: Match, context: _Context) -> Danger:
    meant = context.signs.meanings[hit.phrase.meaning]
    whose: Whose = "other" if meant.whose == "other" or _is_about_others(hit, meant, context) else "own"
    return replace(meant, whose=whose, denied=_is_denied(hit, context))


def _is_about_others(hit: Match, meant: Danger, context: _Context) -> bool:
    """Nothing in the sign says "me", and it is part of one about others, or they are named last before it."""
    if any(context.reading.words[at] in context.signs.me for at in hit.places):
        return False
    if not context.of_others.isdisjoint(hit.places):
        return True
    if meant.kind not in _OF_ONESELF:
        return False
    for at in _before(hit, _LOOK_BACK, context.reading):
        word = context.reading.words[at]
        if word in context.signs.others or word in context.signs.me:
            return word in context.signs.others
    return False


def _is_denied(hit: Match, context: _Context) -> bool:
    """A denial shortly before, with no new clause between; or within, where the phrase itself has none."""
    words, signs = context.reading.words, context.signs
    for at in _before(hit, _DENIAL, context.reading):
        if words[at] in signs.denials:
            return at not in context.undenying
        if words[at] in signs.turns:
            break
    if hit.phrase.says(signs.denials):
        return False
    return any(words[at] in signs.denials and at not in context.undenying for at in hit.places)


def _before(hit: Match, count: int, reading: Reading) -> Iterator[int]:
    """The places of the words before a sign, nearest first, within its sentence."""
    for at in range(hit.first - 1, max(hit.first - 1 - count, -1), -1):
        if reading.sentences[at] != reading.sentences[hit.first]:
            return
        yield at


def _covered(hits: Iterable[Match]) -> frozenset[int]:
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
    """What slang and contractions stand for; fillers stand for nothing."""
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
    """The lines that say something: no blank ones, no comments."""
    return (line.strip() for line in lines.splitlines() if line.strip() and not line.strip().startswith("#"))
