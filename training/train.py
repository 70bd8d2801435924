"""Trains the classifier of signs of danger from the sentences, and writes its weights: `make train`."""

import json
import zlib
from concurrent.futures import ProcessPoolExecutor
from random import Random
from typing import Any

import numpy as np
from scipy.sparse import vstack

from training.augment import augmented
from training.matrix import Text, Weighing, read_text
from training.models import KINDS, NAMES, SEED, Fitted, fit, likeness
from training.provenance import SENTENCES, WEIGHTS, made_from
from training.sentences import Sentence, read_folder

VERSION = 1
MOST_BYTES = 1_950_000
# The false alarms on writers who were left out, from which the thresholds follow.
FIRM, SOFT = 0.012, 0.085
# How much lower the score may be of a sign that a list has found: to be firm, and to be one at all.
LISTED, DISMISSED = 1.0, 2.5


def main() -> None:
    sentences = read_folder(SENTENCES)
    more = augmented(sentences, Random(SEED))  # noqa: S311  a repeatable choice is meant
    texts = [read_text(one.text) for one in sentences]
    weighing = Weighing(texts)
    data = Data(sentences, texts, more, [read_text(one.text) for one in more], weighing)
    print(f"{len(sentences):,} sentences, {len(weighing.column):,} features", flush=True)
    with ProcessPoolExecutor(2) as pool:
        whole = pool.submit(data.fit_without, None)
        left_out = [pool.submit(data.score_left_out, writer) for writer in data.writers]
        thresholds = thresholds_from(np.concatenate([scores.result() for scores in left_out]))
        write(whole.result(), weighing, thresholds)


class Data:
    """The sentences with their features, and those made from them."""

    def __init__(
        self,
        sentences: list[Sentence],
        texts: list[Text],
        more: list[Sentence],
        made: list[Text],
        weighing: Weighing,
    ) -> None:
        self.sentences, self.all = sentences, [*sentences, *more]
        self.matrix = vstack([weighing.matrix(texts), weighing.matrix(made)]).tocsr()
        self.listed = np.array([text.listed for text in (*texts, *made)], float)
        self.writers = sorted({one.writer for one in sentences if not one.is_polish})

    def fit_without(self, writer: str | None) -> Fitted:
        rows = [at for at, one in enumerate(self.all) if one.writer != writer]
        return fit(self.matrix[rows], self.listed[rows], [self.all[at] for at in rows])

    def score_left_out(self, writer: str) -> np.ndarray:
        """The scores of a writer's own ordinary sentences by models that learnt from all other writers. What a list finds
        counts more, as it does for a firm sign.
        """
        rows = [at for at, one in enumerate(self.sentences) if one.writer == writer and not one.is_sign]
        listed = self.listed[rows]
        return likeness(self.fit_without(writer).scores(self.matrix[rows], listed)) + LISTED * listed


def thresholds_from(ordinary: np.ndarray) -> dict[str, float]:
    firm, soft = (float(np.quantile(ordinary, 1 - share)) for share in (FIRM, SOFT))
    thresholds = {"firm": firm, "soft": soft, "listed": firm - LISTED, "dismissed": soft - DISMISSED}
    return {name: round(score, 3) for name, score in thresholds.items()}


def write(fitted: Fitted, weighing: Weighing, thresholds: dict[str, float]) -> None:
    weights = fitted.weights * weighing.values[:, None]
    scales = np.abs(weights).max(axis=0) / 127
    rounded = np.round(weights / scales).astype(int)
    order = np.argsort(-np.abs(weights).sum(axis=1), kind="stable")
    packed, count = pack(rounded, weighing, order)
    about: dict[str, Any] = {
        "version": VERSION,
        "seed": SEED,
        "made_from": made_from(),
        "thresholds": thresholds,
        "features": count,
        "unknown": {"gram": weighing.unknown_gram, "other": weighing.unknown},
        "models": {
            name: {
                "scale": float(scales[at]),
                "bias": float(fitted.biases[at]),
                "listed": float(fitted.listed[at]),
            }
            for at, name in enumerate(NAMES)
        },
    }
    WEIGHTS.write_bytes(json.dumps(about).encode() + b"\n" + packed)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size:,} bytes, {count:,} features, {len(KINDS)} kinds")


def pack(rounded: np.ndarray, weighing: Weighing, order: np.ndarray) -> tuple[bytes, int]:
    """The features that weigh most, as many as fit: their numbers, the weights of each model, the squares."""
    numbers, squares = np.array([*weighing.column], np.uint32), weighing.squares
    count = len(order)
    while True:
        kept = np.sort(order[:count])
        raw = (
            numbers[kept].tobytes()
            + (rounded[kept].T + 128).astype(np.uint8).tobytes()
            + squares[kept].tobytes()
        )
        packed = zlib.compress(raw, 9)
        if len(packed) <= MOST_BYTES:
            return packed, count
        count = int(count * 0.97 * max(0.8, MOST_BYTES / len(packed)))


if __name__ == "__main__":
    main()
