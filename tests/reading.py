"""How hard a text is to read: its sentences, their length, and the Flesch-Kincaid grade."""

import re
from collections.abc import Iterable

# A line counts as a sentence, with or without a full stop, because people read it so.
_ENDS = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n+")
# "/mydata" is a word; so is "0800 1111", "don't" and "16–17". A punctuation mark alone is not.
_WORD = re.compile(r"[/\w][\w'’@:.–-]*\w|\w")
_LETTERS = re.compile(r"[a-z]+")

# The rules of Greg Fast's Lingua::EN::Syllable (CPAN): groups of vowels, with these corrections.
_ONE_MORE = re.compile(
    r"ia|riet|dien|iu|io|ii|[aeiou]{3}|^mc|ism|[^l]lien|^coa[dglx].|[^gq]ua[^auieo]|[^aeiou]n't$|[^aeiouy]le$"
)
_ONE_LESS = re.compile(r"cial|tia|cius|cious|giu|ion|iou|sia$|.ely$|[^td]ed$")


def sentences(text: str) -> list[str]:
    return [part for part in _ENDS.split(text) if _WORD.search(part)]


def words(sentence: str) -> list[str]:
    return _WORD.findall(sentence)


def syllables(word: str) -> int:
    """Of an English word: as in the CMU dictionary for 98 % of Heard's own words, and 1 % too many in all."""
    word = word.lower().replace("’", "'")
    groups = len(re.findall(r"[aeiouy]+", word.removesuffix("e")))
    return max(1, groups + len(_ONE_MORE.findall(word)) - len(_ONE_LESS.findall(word)))


def longest(text: str) -> str:
    """The sentence with the most words."""
    return max(sentences(text), key=lambda one: len(words(one)), default="")


def mean_length(texts: Iterable[str]) -> float:
    """Words in a sentence, on average."""
    lengths = [len(words(one)) for text in texts for one in sentences(text)]
    return sum(lengths) / len(lengths)


def grade(texts: Iterable[str]) -> float:
    """The Flesch-Kincaid grade of all texts together: years at school that they ask for (Kincaid 1975)."""
    said = [
        [word for word in words(one) if _LETTERS.search(word.lower())]
        for text in texts
        for one in sentences(text)
    ]
    counted = [word for sentence in said for word in sentence]
    spoken = sum(syllables(word) for word in counted)
    return 0.39 * len(counted) / len([one for one in said if one]) + 11.8 * spoken / len(counted) - 15.59
