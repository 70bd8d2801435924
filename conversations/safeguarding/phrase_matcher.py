"""Phrases with gaps for other words, and an index that finds them in a reading quickly."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from conversations.core.record import Record, replace
from conversations.safeguarding.normaliser import Reading, plain

_ROOM = {"~": 2, "~~": 4}
_NUMBER = "<number>"
_STEM = 4  # letters: the minimum length of a stem, so that stems can be indexed


class PhrasePart(Record):
    """One part of a phrase: the words and stems that match, and how many other words may come before it (`room`)."""

    words: frozenset[str]
    stems: tuple[str, ...] = ()
    number: bool = False
    room: int = 0

    def fits(self, word: str) -> bool:
        return word in self.words or word.startswith(self.stems) or (self.number and word.isdigit())


class Phrase(Record):
    """A phrase to look for. `firm`: it counts even inside an idiom. `alone`: it must be the whole text.

    `key` is the place of its rarest part in the index. The phrase is tried only where that part matches, and only in
    a text with one of the words in `also`, its second rarest part.
    """

    meaning: str
    parts: tuple[PhrasePart, ...]
    firm: bool = False
    alone: bool = False
    key: int = 0
    also: frozenset[str] = frozenset()

    def says(self, words: frozenset[str]) -> bool:
        return any(part.words & words for part in self.parts)


class Match(Record):
    """A phrase found at words `first` to `last`, both included."""

    phrase: Phrase
    first: int
    last: int

    @property
    def places(self) -> range:
        return range(self.first, self.last + 1)


class PhraseIndex(Record):
    """Phrases indexed by their key, so that each word of a text leads to the few phrases it could be the key of."""

    by_word: Mapping[str, tuple[Phrase, ...]]
    by_stem: Mapping[str, tuple[Phrase, ...]]


def phrase_from(
    line: str, meaning: str, groups: Mapping[str, str], readings: Mapping[str, tuple[str, ...]]
) -> Phrase:
    """Parses a line of a word list.

    `a|b` is either word, `sto*` any word with that start, `<name>` a group's words, `<number>` a number in
    digits; `~` allows up to two other words, `~~` up to four. A line that starts with `!` counts even inside an
    idiom; one that starts with `=` must be the whole text.
    Raises ValueError, with the line, if it cannot be parsed.
    """
    parts: list[PhrasePart] = []
    room = 0
    for item in line.lstrip("!= ").split():
        if item in _ROOM:
            room = _ROOM[item]
            continue
        for part in _parts(item, line, groups, readings):
            parts.append(PhrasePart(part.words, part.stems, part.number, room))
            room = 0
    if all(part.number for part in parts) or room:
        raise ValueError(f"A phrase needs words, and may not end in ~: {line!r}")
    return Phrase(meaning, tuple(parts), firm=line.startswith("!"), alone=line.startswith("="))


def index_phrases(phrases: Sequence[Phrase]) -> PhraseIndex:
    """Indexes phrases by their key, the part whose words the other phrases use least."""
    used = Counter(word for phrase in phrases for part in phrase.parts for word in (*part.words, *part.stems))
    by_word: dict[str, list[Phrase]] = defaultdict(list)
    by_stem: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        keyed = _with_key(phrase, used)
        part = keyed.parts[keyed.key]
        for word in part.words:
            by_word[word].append(keyed)
        for start in {stem[:_STEM] for stem in part.stems}:
            by_stem[start].append(keyed)
    return PhraseIndex(_to_tuples(by_word), _to_tuples(by_stem))


def find(reading: Reading, book: PhraseIndex) -> list[Match]:
    """Every phrase in the reading. The work for each word is bounded by the index."""
    found: list[Match] = []
    said = frozenset(reading.words)
    for at, word in enumerate(reading.words):
        for phrase in book.by_word.get(word, ()):
            if not phrase.also.isdisjoint(said):
                _try(phrase, at, reading, found)
        for phrase in book.by_stem.get(word[:_STEM], ()):
            if phrase.parts[phrase.key].fits(word):
                _try(phrase, at, reading, found)
    return found


def _try(phrase: Phrase, at: int, reading: Reading, found: list[Match]) -> None:
    last = _end_of(phrase.parts[phrase.key + 1 :], at, reading)
    if last is None:
        return
    first = _start_of(phrase.parts[: phrase.key + 1], at, reading)
    if first is None:
        return
    if not phrase.alone or (first == 0 and last == len(reading.words) - 1):
        found.append(Match(phrase, first, last))


def _end_of(parts: tuple[PhrasePart, ...], at: int, reading: Reading) -> int | None:
    """The nearest place where the parts after the key end; None if they do not follow."""
    words = reading.words
    places = {at}
    for part in parts:
        places = {
            there
            for here in places
            for there in range(here + 1, min(here + 2 + part.room, len(words)))
            if part.fits(words[there]) and _belong_together(here, there, reading)
        }
        if not places:
            return None
    return min(places)


def _start_of(parts: tuple[PhrasePart, ...], at: int, reading: Reading) -> int | None:
    """The nearest place where the parts up to the key begin; None if they do not precede it."""
    words = reading.words
    places = {at}
    for place in range(len(parts) - 1, 0, -1):
        part, room = parts[place - 1], parts[place].room
        places = {
            there
            for here in places
            for there in range(max(here - 1 - room, 0), here)
            if part.fits(words[there]) and _belong_together(there, here, reading)
        }
        if not places:
            return None
    return max(places)


def _belong_together(one: int, two: int, reading: Reading) -> bool:
    """Whether two words may be in one phrase: neighbours always, because people put full stops anywhere; others only
    in the same sentence.
    """
    return two == one + 1 or reading.sentences[one] == reading.sentences[two]


def _parts(
    item: str, line: str, groups: Mapping[str, str], readings: Mapping[str, tuple[str, ...]]
) -> list[PhrasePart]:
    if item == _NUMBER:
        return [PhrasePart(frozenset(), number=True)]
    choices = _choices(item, line, groups)
    said = [_words_of_choice(choice, readings) for choice in choices]
    if not all(said):
        raise ValueError(f"A word in {line!r} is read as nothing")
    if len(said) == 1:
        return [_part([word]) for word in said[0]]
    if any(len(words) > 1 for words in said):
        raise ValueError(f"A choice in {line!r} reads as several words; give it a line of its own")
    return [_part([words[0] for words in said])]


def _choices(item: str, line: str, groups: Mapping[str, str]) -> list[str]:
    choices: list[str] = []
    for choice in item.split("|"):
        name = choice[1:-1]
        if not choice.startswith("<"):
            choices.append(choice)
        elif name in groups:
            choices += groups[name].split()
        else:
            raise ValueError(f"No group is called {choice} in {line!r}")
    return choices


def _words_of_choice(choice: str, readings: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    word = plain(choice)
    return readings.get(word, (word,))


def _part(choices: Iterable[str]) -> PhrasePart:
    stems = tuple(choice[:-1] for choice in choices if choice.endswith("*"))
    if any(len(stem) < _STEM for stem in stems):
        raise ValueError(f"A stem needs {_STEM} letters or more: {stems}")
    return PhrasePart(frozenset(choice for choice in choices if not choice.endswith("*")), stems)


def _with_key(phrase: Phrase, used: Counter[str]) -> Phrase:
    def rarity(place: int) -> tuple[int, int]:
        part = phrase.parts[place]
        names = (*part.words, *part.stems)
        return sum(used[name] for name in names), -min(map(len, names))

    named = [place for place, part in enumerate(phrase.parts) if not part.number]
    key, *rest = sorted(named, key=rarity)
    also = next((phrase.parts[place].words for place in rest if not phrase.parts[place].stems), None)
    return replace(phrase, key=key, also=also or phrase.parts[key].words)


def _to_tuples(phrases: Mapping[str, list[Phrase]]) -> dict[str, tuple[Phrase, ...]]:
    return {start: tuple(found) for start, found in phrases.items()}
