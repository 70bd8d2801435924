"""A classifier of texts: logistic regression on hashed character and word n-grams.

Training is offline (`training/`); here texts are only scored. There is one model for each kind of sign against ordinary texts
(how like a plain sign of that kind is this?), one for signs of any kind, and two that say whom a sign is about and whether it is
denied. All weights of a feature stand side by side in one large number, its *row*, each in a lane of 32 bits, so that one
addition adds all of them.

A model's score of a span of words is the sum of its weights there, divided by the length of the vector of their features. A text
is scored as a whole and in spans of a few words, so that a sign in a long answer counts as much as one alone.
"""

import json
import zlib
from array import array
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from math import exp, log, sqrt
from typing import Any

from conversations.core.record import Record
from conversations.safeguarding.classifier.features import (
    LONGEST_WORD,
    START,
    Vocabulary,
    class_pairs,
    classes_near,
    features_with_words,
    word_features,
)

_CACHED_WORDS, _CACHED_PAIRS = 8192, 16384
SPAN, STEP = 16, 12  # words
# More spans are more chances to be wrong: so much is taken from the score of a text that is e times as long as a span, and at most.
_DOUBT, _MOST_DOUBT = 0.5, 0.7
MOST_AT_ONCE = 200  # words: longer texts are scored in spans only

_BYTES = 4  # of a lane
_FAR_BELOW = 10.0  # a kind's score so far below the best changes nothing
_MIDDLE = 128  # is added to each weight in the file, so that none is below nought


class Thresholds(Record):
    """From which scores on a sign counts. What a list has found is firm from `listed` on, and nothing below `dismissed`."""

    firm: float
    soft: float
    listed: float
    dismissed: float


class Verdict(Record):
    """What the classifier makes of a text: how like a sign it is, and of which kind most. `other` and `denied` are over
    nought if the sign would be about somebody else, or denied.
    """

    score: float
    kind: str
    other: float
    denied: float


class Model(Record):
    """What the file says of the models: their names, and for each a scale, a bias, and the weight of a find in a list.

    `made_from` is the hash of what they were trained on. `unknown_gram` and `unknown` are the squares of the values of features
    that the file does not have.
    """

    version: int
    made_from: str
    names: tuple[str, ...]
    scales: tuple[float, ...]
    biases: tuple[float, ...]
    listed: tuple[float, ...]
    thresholds: Thresholds
    unknown_gram: int
    unknown: int


class Classifier:
    """The models, ready to score."""

    def __init__(self, model: Model, rows: Mapping[int, int], vocabulary: Vocabulary) -> None:
        self.model = model
        self._rows = rows
        self._vocabulary = vocabulary
        self._unknown_gram = row_of([0] * len(model.names), model.unknown_gram)
        self._unknown = row_of([0] * len(model.names), model.unknown)
        self._of_word = lru_cache(_CACHED_WORDS)(self._row_of_word)
        self._of_classes = lru_cache(_CACHED_PAIRS)(self._row_of_classes)

    def judge(self, words: Sequence[str], *, listed: bool) -> Verdict:
        """Scores a text, in time proportional to its length. `listed`: a list has found a sign in it."""
        sums = [0, *accumulate(self._added(words))]
        found = (self._scores(sums[end] - sums[start], listed=listed) for start, end in spans(len(words)))
        likeness, scores = max(found)
        if len(words) > SPAN:
            likeness -= min(_DOUBT * log(len(words) / SPAN), _MOST_DOUBT)
        *kinds, _, other, denied = scores
        return Verdict(likeness, self.model.names[kinds.index(max(kinds))], other, denied)

    def weigh(self, words: Sequence[str]) -> tuple[str, list[float]]:
        """The kind of sign that is nearest to the text, and what each word, with those before it, adds to it."""
        added = self._added(words)
        kind = self.judge(words, listed=False).kind
        at = self.model.names.index(kind)
        lanes = [self._lanes(each) for each in added]
        measure = self.model.scales[at] / sqrt(1 + sum(each[-1] for each in lanes))
        return kind, [round(each[at] * measure, 2) for each in lanes]

    def _added(self, words: Sequence[str]) -> list[int]:
        """The row that each word adds."""
        find, unknown, of_word, of_classes = self._rows.get, self._unknown, self._of_word, self._of_classes
        added: list[int] = []
        before = earlier = START
        near: deque[tuple[int, tuple[int, ...]]] = deque()
        for at, word in enumerate(words):
            number, row, classes = of_word(word[:LONGEST_WORD])  # the cache keeps no endless word
            pair, skipped, triple = features_with_words(earlier, before, number)
            known = find(pair)
            if at > 1:
                # A triple is known only where its pair is.
                row += find(skipped, unknown) + (unknown if known is None else find(triple, unknown))
            row += unknown if known is None else known
            if classes:
                for others in classes_near(near, at, classes):
                    row += of_classes(others, classes)
            added.append(row)
            before, earlier = number, before
        return added

    def _row_of_word(self, word: str) -> tuple[int, int, tuple[int, ...]]:
        """A word's number, the row that it adds alone, and its classes."""
        features, rows = word_features(word, self._vocabulary), self._rows
        grams = sum(rows.get(gram, self._unknown_gram) for gram in features.grams)
        alone = grams + sum(rows.get(other, self._unknown) for other in features.others)
        return features.number, alone, features.classes

    def _row_of_classes(self, first: tuple[int, ...], second: tuple[int, ...]) -> int:
        return sum(self._rows.get(pair, self._unknown) for pair in class_pairs(first, second))

    def _scores(self, row: int, *, listed: bool) -> tuple[float, list[float]]:
        """How like a sign a span is, and each model's score of it."""
        model, lanes = self.model, self._lanes(row)
        length = sqrt(1 + lanes.pop())
        weighed = zip(model.biases, model.scales, lanes, strict=True)
        scores = [bias + scale * lane / length for bias, scale, lane in weighed]
        if listed:
            scores = [score + more for score, more in zip(scores, model.listed, strict=True)]
        kinds = scores[:-3]
        best = max(kinds)
        together = best + log(sum([exp(score - best) for score in kinds if score > best - _FAR_BELOW]))
        return (together + scores[-3]) / 2, scores

    def _lanes(self, row: int) -> list[int]:
        """The sums of a row: one for each model, then the square of the length of the features' vector."""
        lanes = memoryview(row.to_bytes(_BYTES * (len(self.model.names) + 2), "little")).cast("I").tolist()
        count, square = lanes.pop(), lanes.pop()
        added = _MIDDLE * count
        return [*[lane - added for lane in lanes], square]


def spans(words: int) -> Iterator[tuple[int, int]]:
    """The whole text if it is not too long, and spans of a few words that overlap."""
    if words <= MOST_AT_ONCE:
        yield 0, words
    if words > SPAN:
        for start in range(0, words - SPAN, STEP):
            yield start, start + SPAN
        yield words - SPAN, words


def classifier_from(file: bytes, vocabulary: Vocabulary) -> Classifier:
    """Reads a file of weights: a line of JSON, then the features and their weights. Raises ValueError if it is not one."""
    head, _, packed = file.partition(b"\n")
    try:
        about = json.loads(head)
        model = _model(about)
        unpacked = zlib.decompress(packed)
        rows = _rows(unpacked, int(about["features"]), len(model.names))
    except (ValueError, KeyError, TypeError, zlib.error) as why:
        raise ValueError("These are not the weights of a classifier.") from why
    return Classifier(model, rows, vocabulary)


def _model(about: dict[str, Any]) -> Model:
    models = about["models"]
    return Model(
        version=about["version"],
        made_from=about["made_from"],
        names=tuple(models),
        scales=tuple(float(each["scale"]) for each in models.values()),
        biases=tuple(float(each["bias"]) for each in models.values()),
        listed=tuple(float(each["listed"]) for each in models.values()),
        thresholds=Thresholds(**about["thresholds"]),
        unknown_gram=about["unknown"]["gram"],
        unknown=about["unknown"]["other"],
    )


def _rows(unpacked: bytes, count: int, models: int) -> dict[int, int]:
    """The row of each feature. The file has all features' numbers, then the weights of each model, then the squares."""
    if len(unpacked) != count * (4 + models + 1):
        raise ValueError("The weights are cut off.")
    numbers = array("I", unpacked[: 4 * count])
    columns = memoryview(unpacked)[4 * count :]
    by_feature = zip(*(columns[at * count : (at + 1) * count] for at in range(models + 1)), strict=True)
    return {number: _row(lanes) for number, lanes in zip(numbers, by_feature, strict=True)}


def row_of(weights: Sequence[int], square: int) -> int:
    """The row of a feature with these weights, one for each model from -128 to 127, and this square of its value."""
    return _row((*(weight + _MIDDLE for weight in weights), square))


def _row(lanes: tuple[int, ...]) -> int:
    return int.from_bytes(array("I", (*lanes, 1)).tobytes(), "little")
