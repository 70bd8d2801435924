"""Notices signs of danger, in two tiers.

*Firm*: a word list has the sign, or the classifier is nearly sure. It opens a case and alerts the team. *Soft*: the classifier
finds it likely. It brings a quiet line of help and puts the text first among those to read, and alerts nobody.
"""

from typing import Literal

from conversations.core.record import Record
from conversations.safeguarding.classifier import Classifier
from conversations.safeguarding.detector import DangerKind, Signs, Whose, scan
from conversations.safeguarding.normaliser import normalise

Tier = Literal["firm", "soft"]
Finder = Literal["list", "classifier"]


class Noticed(Record):
    """A sign of danger, firm or soft. `whose` is "other" if it seems to be about somebody else; `denied`: it is negated."""

    tier: Tier
    kind: DangerKind
    whose: Whose = "own"
    denied: bool = False
    by: Finder = "list"


class Lookout(Record):
    """What noticing goes by: the word lists of all languages, and the classifier."""

    signs: Signs
    classifier: Classifier


def notice(text: str, lookout: Lookout) -> Noticed | None:
    """The sign in the text, or None. It never raises, and takes time in proportion to the length.

    None does not mean that all is well.
    """
    listed = scan(text, lookout.signs)
    if listed is not None:
        return Noticed("firm", listed.kind, listed.whose, listed.denied)
    classifier = lookout.classifier
    score = classifier.score(normalise(text, lookout.signs.spelling).words)
    if score < classifier.thresholds.soft:
        return None
    tier: Tier = "firm" if score >= classifier.thresholds.firm else "soft"
    return Noticed(tier, "request_for_help", by="classifier")


def explain(text: str, lookout: Lookout) -> list[tuple[str, float]]:
    """The words of the text as they were read, and how much each weighed for the classifier; the heaviest first."""
    words = normalise(text, lookout.signs.spelling).words
    weights = lookout.classifier.weigh(words)
    return sorted(zip(words, weights, strict=True), key=lambda weighed: -weighed[1])
