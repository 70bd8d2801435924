"""The features of a text for the classifier: numbers that stand for its words, parts of words, and words together.

A word alone gives its own number, its character n-grams, and its classes: groups of words that mean something alike here
("mum", "nan", "foster carer"). A word with those before it gives pairs, a pair that skips one, a triple, and pairs of classes
up to a few words apart. Training and scoring both ask here.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

from conversations.core.record import Record

LONGEST_WORD = 24  # letters: the rest of a longer one is not looked at
_GRAMS = range(2, 6)  # letters of a character n-gram
_FAR = 5  # words between two classes that count together
_FUZZY = 6  # letters: shorter words of a class are not looked for misspelt
_WHOLE = 0xFFFFFFFF
START = 1  # stands for the word before the first

# Odd multipliers that make one number of two or three.
_PAIR, _SKIPPED, _TRIPLE, _CLASSES = 0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F


class WordFeatures(Record):
    """The features of a word alone: its character n-grams, then all others, and the classes that it is in."""

    number: int
    grams: tuple[int, ...]
    others: tuple[int, ...]
    classes: tuple[int, ...]


class Vocabulary(Record):
    """The classes of each word, and each word that is one letter away from a word of a class."""

    classes: Mapping[str, tuple[int, ...]]
    misspelt: Mapping[str, str]

    def classes_of(self, word: str) -> tuple[int, ...]:
        found = self.classes.get(word)
        if found is None:
            meant = self._meant(word) if len(word) >= _FUZZY - 1 else None
            found = self.classes[meant] if meant else ()
        return found

    def _meant(self, word: str) -> str | None:
        """The word of a class that this one misspells: with a letter too many, too few, or a wrong one."""
        meant = self.misspelt.get(word) or next(
            (self.misspelt[short] for short in _shorter(word) if short in self.misspelt), None
        )
        return meant if meant and meant[0] == word[0] else None


def vocabulary_from(*lists: Mapping[str, object]) -> Vocabulary:
    """Reads lists of classes: `[classes]` with words by name. Raises ValueError if one cannot be read."""
    classes: dict[str, list[int]] = {}
    for one in lists:
        table = one.get("classes")
        if not isinstance(table, Mapping):
            raise ValueError("A list of classes needs the table [classes].")  # noqa: TRY004  a list that cannot be read is one kind of failure
        for name, words in table.items():
            number = crc32(f"class {name}".encode())
            for word in str(words).split():
                if number not in classes.setdefault(word, []):
                    classes[word].append(number)
    misspelt: dict[str, str] = {}
    for word in (word for word in classes if len(word) >= _FUZZY):
        for short in (word, *_shorter(word)):
            misspelt.setdefault(short, word)
    return Vocabulary({word: tuple(numbers) for word, numbers in classes.items()}, misspelt)


def _shorter(word: str) -> Iterator[str]:
    """The word without each one of its letters but the first."""
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def word_features(word: str, vocabulary: Vocabulary) -> WordFeatures:
    word = word[:LONGEST_WORD]
    letters = word.encode()
    framed = b"_" + letters + b"_"
    number = crc32(letters)
    grams = tuple(
        crc32(framed[at : at + size]) ^ size for size in _GRAMS for at in range(len(framed) - size + 1)
    )
    classes = vocabulary.classes_of(word)
    return WordFeatures(number, grams, (number ^ _WHOLE, *classes), classes)


def joint_features(words: Sequence[WordFeatures]) -> Iterator[list[int]]:
    """For each word the features that it has together with the words before it."""
    before = earlier = START
    near: deque[tuple[int, tuple[int, ...]]] = deque()
    for at, word in enumerate(words):
        yield [
            *features_with_words(earlier, before, word.number)[: 3 if at > 1 else 1],
            *(
                pair
                for classes in (classes_near(near, at, word.classes) if word.classes else ())
                for pair in class_pairs(classes, word.classes)
            ),
        ]
        before, earlier = word.number, before


def features_with_words(earlier: int, before: int, number: int) -> tuple[int, int, int]:
    """A word with the one before it, with the one before that, and with both."""
    pair = before * _PAIR + number
    return (
        pair & _WHOLE,
        (earlier * _SKIPPED + number) & _WHOLE,
        (earlier * _TRIPLE + pair * _SKIPPED) & _WHOLE,
    )


def classes_near(
    near: deque[tuple[int, tuple[int, ...]]], at: int, classes: tuple[int, ...]
) -> list[tuple[int, ...]]:
    """The classes of the words before one with classes that count together with its own. Adds its own to `near`."""
    while near and at - near[0][0] > _FAR:
        near.popleft()
    found = [others for _, others in near]
    near.append((at, classes))
    return found


def class_pairs(first: tuple[int, ...], second: tuple[int, ...]) -> list[int]:
    return [(one * _CLASSES + other) & _WHOLE for one in first for other in second]
