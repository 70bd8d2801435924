"""The features of texts as a matrix."""

from collections import Counter
from functools import cache
from math import log

import numpy as np
from scipy.sparse import csr_matrix

from bot.config.word_lists import load_signs, load_vocabulary
from conversations.core.record import Record
from conversations.safeguarding.classifier.features import WordFeatures, joint_features, word_features
from conversations.safeguarding.detector import scan
from conversations.safeguarding.normaliser import normalise

GRAM = 0.5  # how much a character n-gram counts beside a word
LEAST = 2  # texts that a feature must be in
MOST_SQUARE = 127  # fits a byte

_signs = load_signs()


@cache
def _features_of(word: str) -> WordFeatures:
    return word_features(word, load_vocabulary())


class Text(Record):
    """A text's features: character n-grams, and all others; and whether a list finds a sign in it."""

    grams: list[int]
    others: list[int]
    listed: bool


def read_text(text: str) -> Text:
    words = [_features_of(word) for word in normalise(text, _signs.spelling).words]
    return Text(
        [gram for word in words for gram in word.grams],
        [
            *(other for word in words for other in word.others),
            *(joint for found in joint_features(words) for joint in found),
        ],
        scan(text, _signs) is not None,
    )


class Weighing:
    """Which features count, and how much: rarer ones more. Learnt from texts that were not made from others."""

    def __init__(self, texts: list[Text]) -> None:
        seen = Counter(gram for text in texts for gram in set(text.grams))
        grams = frozenset(seen)
        seen.update(other for text in texts for other in set(text.others))
        rarity = {
            feature: log((1 + len(texts)) / (1 + count)) + 1
            for feature, count in seen.items()
            if count >= LEAST
        }
        self.value = {
            feature: value * (GRAM if feature in grams else 1) for feature, value in sorted(rarity.items())
        }
        most = log((1 + len(texts)) / 2) + 1
        self.unknown_gram, self.unknown = square(GRAM * most), square(most)
        self.column = {feature: at for at, feature in enumerate(self.value)}
        self.values = np.array(list(self.value.values()))
        self.squares = np.array([square(value) for value in self.values], np.uint8)

    def matrix(self, texts: list[Text]) -> csr_matrix:
        """A row for each text: its features' values, over the length of their vector."""
        rows, columns, values = [0], [], []
        for text in texts:
            counts = Counter(self.column[each] for each in (*text.grams, *text.others) if each in self.column)
            length = np.sqrt(1 + self._square(text))
            columns += counts.keys()
            values += [count * self.values[at] / length for at, count in counts.items()]
            rows.append(len(columns))
        shape = (len(texts), len(self.column))
        return csr_matrix((np.array(values, np.float32), np.array(columns), np.array(rows)), shape)

    def _square(self, text: Text) -> int:
        known = self.value
        return sum(square(known[each]) if each in known else self.unknown_gram for each in text.grams) + sum(
            square(known[each]) if each in known else self.unknown for each in text.others
        )


def square(value: float) -> int:
    return min(round(value * value), MOST_SQUARE)
