"""A classifier of texts: hashed character and word n-grams with logistic regression.

Training is offline (`training/`); here texts are only scored. Every word of a text adds the weights of its features: the
word, its character n-grams, the word together with those before it. The score of a span of words is the sum of what they add,
divided by a measure of the span's length; the score of a text is the highest of its spans, so that a sign at the end of a long
answer counts as much as one alone.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from math import sqrt
from zlib import crc32

from conversations.core.record import Record

_CACHED_WORDS = 4096
_LONGEST_WORD = 24  # letters: the rest of a longer one is not looked at
_GRAMS = range(2, 6)  # letters of a character n-gram
_SPAN, _STEP = 12, 4  # words

# Odd multipliers that combine the numbers of words into that of a pair or a triple.
_PAIR, _SKIPPED, _TRIPLE = 0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35


class WordFeatures(Record):
    """A word's number, and the features of the word alone."""

    number: int
    alone: tuple[int, ...]


def word_features(word: str) -> WordFeatures:
    letters = word[:_LONGEST_WORD].encode()
    framed = b"_" + letters + b"_"
    number = crc32(letters)
    grams = [crc32(framed[at : at + size]) for size in _GRAMS for at in range(len(framed) - size + 1)]
    return WordFeatures(number, (number, *grams))


def joint_features(numbers: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """For each word the features that it has together with the words before it."""
    before, earlier = 1, 2
    for number in numbers:
        pair = before * _PAIR + number
        yield pair, earlier * _SKIPPED + number, (earlier * _TRIPLE ^ pair) * _PAIR
        before, earlier = number, before


class Thresholds(Record):
    firm: float
    soft: float


class Classifier:
    """Weights, ready to score."""

    def __init__(self, weights: bytes, scale: float, bias: float, thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        self._bias = bias
        self._weights = memoryview(weights).cast("b")
        self._scale = scale
        self._mask = len(weights) - 1
        self._known: Callable[[str], tuple[int, int]] = lru_cache(_CACHED_WORDS)(self._look_up)

    def _look_up(self, word: str) -> tuple[int, int]:
        features, weights, mask = word_features(word), self._weights, self._mask
        return features.number, sum(weights[feature & mask] for feature in features.alone)

    def contributions(self, words: Sequence[str]) -> list[int]:
        """What each word adds."""
        known, weights, mask = self._known, self._weights, self._mask
        looked_up = [known(word) for word in words]
        joint = joint_features([number for number, _ in looked_up])
        return [
            alone + weights[a & mask] + weights[b & mask] + weights[c & mask]
            for (_, alone), (a, b, c) in zip(looked_up, joint, strict=True)
        ]

    def score(self, words: Sequence[str]) -> float:
        """How much like a sign the text is; 0 is even. It takes time in proportion to the length."""
        added = self.contributions(words)
        sums = [0, *accumulate(added)]
        return self._bias + self._scale * max(
            (sums[end] - sums[start]) / length_measure(end - start) for start, end in spans(len(added))
        )

    def weigh(self, words: Sequence[str]) -> list[float]:
        """What each word, with those before it, adds to the score of the whole text."""
        measure = self._scale / length_measure(len(words))
        return [round(added * measure, 2) for added in self.contributions(words)]


def length_measure(words: int) -> float:
    return sqrt(words + 2)


def spans(words: int) -> Iterator[tuple[int, int]]:
    """The whole text, and spans of a few words that overlap."""
    yield 0, words
    for start in range(0, words - _SPAN, _STEP):
        yield start, start + _SPAN
    if words > _SPAN:
        yield words - _SPAN, words


def classifier_from(file: bytes) -> Classifier:
    """Reads a file of weights: a line of JSON, then the weights, one byte each. Raises ValueError if it is not one."""
    head, _, weights = file.partition(b"\n")
    try:
        about: Mapping[str, float] = json.loads(head)
        thresholds = Thresholds(about["firm"], about["soft"])
        classifier = Classifier(weights, about["scale"], about["bias"], thresholds)
    except (ValueError, KeyError, TypeError) as why:
        raise ValueError("These are not the weights of a classifier.") from why
    if len(weights) & (len(weights) - 1) or not weights:
        raise ValueError("The weights are cut off.")
    return classifier
