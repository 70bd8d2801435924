"""The models: logistic regressions on the same features. One for each kind against ordinary texts, one for signs of any kind,
and two among signs: about somebody else, and denied.
"""

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from conversations.core.record import Record
from conversations.safeguarding.noticing import KIND_OF
from training.sentences import Sentence

SEED = 11
KINDS = tuple(KIND_OF)
NAMES = (*KINDS, "any", "other", "denied")

_LISTED = 0.5  # the value of the feature "a list finds a sign"
_C = dict.fromkeys(KINDS, 100.0) | {"any": 33.0, "other": 10.0, "denied": 10.0}
_PLAIN = 1.5  # how much a plain sign counts beside others of its kind


class Fitted(Record):
    """Models: the weights of the features, the biases, and the weights of a find in a list, a column or entry for each."""

    weights: np.ndarray
    biases: np.ndarray
    listed: np.ndarray

    def scores(self, matrix: csr_matrix, listed: np.ndarray) -> np.ndarray:
        return np.asarray(matrix @ self.weights) + self.biases + np.outer(listed, self.listed)


def fit(matrix: csr_matrix, listed: np.ndarray, sentences: list[Sentence]) -> Fitted:
    columns = hstack([matrix, csr_matrix(listed[:, None] * _LISTED)]).tocsr()
    fitted = [_fit_one(name, columns, sentences) for name in NAMES]
    weights = np.array([weights for weights, _ in fitted]).T
    return Fitted(weights[:-1], np.array([bias for _, bias in fitted]), weights[-1] * _LISTED)


def likeness(scores: np.ndarray) -> np.ndarray:
    """How like a sign each text is, as `Classifier` has it."""
    kinds = scores[:, : len(KINDS)]
    return (np.logaddexp.reduce(kinds, axis=1) + scores[:, len(KINDS)]) / 2


def _fit_one(name: str, matrix: csr_matrix, sentences: list[Sentence]) -> tuple[np.ndarray, float]:
    rows = [at for at, sentence in enumerate(sentences) if _is_asked(name, sentence)]
    yes = [_is_yes(name, sentences[at]) for at in rows]
    counts = [
        _PLAIN if said and name in KINDS and sentences[at].manner == "plain" else 1.0
        for at, said in zip(rows, yes, strict=True)
    ]
    model = LogisticRegression(C=_C[name], solver="liblinear", max_iter=100, tol=1e-2, random_state=SEED)
    model.fit(matrix[rows], yes, sample_weight=counts)
    return model.coef_[0], float(model.intercept_[0])


def _is_asked(name: str, sentence: Sentence) -> bool:
    """Whether the model learns from the sentence."""
    if name in KINDS:
        return sentence.kind in {"none", name}
    return name == "any" or sentence.is_sign


def _is_yes(name: str, sentence: Sentence) -> bool:
    match name:
        case "any":
            return sentence.is_sign
        case "other":
            return sentence.manner == "friend"
        case "denied":
            return sentence.manner == "denied"
    return sentence.kind == name
