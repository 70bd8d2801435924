"""Notices signs of danger, in two tiers.

*Firm*: a word list has the sign and the classifier does not find it ordinary, or the classifier is nearly sure. It opens a case and
alerts the team. *Soft*: likely. It brings a quiet line of help and puts the text first among those to read, and alerts nobody.
"""

from typing import Literal

from conversations.core.record import Record
from conversations.safeguarding.classifier.scoring import Classifier
from conversations.safeguarding.detector import DangerKind, Signs, Whose, scan_reading
from conversations.safeguarding.normaliser import normalise

Tier = Literal["firm", "soft"]
Finder = Literal["list", "classifier"]

# What the classifier tells apart, and the kind of danger that each is.
KIND_OF: dict[str, DangerKind] = {
    "suicide": "suicide",
    "farewell": "suicide",
    "overdose": "suicide",
    "self_harm": "self_harm",
    "physical": "abuse",
    "sexual": "abuse",
    "domestic_violence": "abuse",
    "control": "abuse",
    "honour_fgm": "abuse",
    "age_gap": "exploitation",
    "sextortion": "exploitation",
    "county_lines": "exploitation",
    "weapon": "violence",
    "bullying_injury": "violence",
    "harm_to_others": "harm_to_others",
    "trapped": "unsafe_now",
    "missing": "unsafe_now",
    "neglect": "neglect",
    "radicalisation": "radicalisation",
    "eating": "eating",
    "request_for_help": "request_for_help",
}


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
    signs, classifier = lookout.signs, lookout.classifier
    reading = normalise(text, signs.spelling)
    listed = scan_reading(reading, signs)
    verdict = classifier.judge(reading.words, listed=listed is not None)
    thresholds = classifier.model.thresholds
    if listed is not None and verdict.score >= thresholds.dismissed:
        tier: Tier = "firm" if verdict.score >= thresholds.listed else "soft"
        return Noticed(tier, listed.kind, listed.whose, listed.denied)
    if listed is not None or verdict.score < thresholds.soft:
        return None
    whose: Whose = "other" if verdict.other > 0 else "own"
    tier = "firm" if verdict.score >= thresholds.firm else "soft"
    return Noticed(tier, KIND_OF[verdict.kind], whose, denied=verdict.denied > 0, by="classifier")


def explain(text: str, lookout: Lookout) -> tuple[str, list[tuple[str, float]]]:
    """The kind of sign that the text is nearest to for the classifier, and how much each of its words, as they were read,
    weighed for that; the heaviest first.
    """
    words = normalise(text, lookout.signs.spelling).words
    kind, weights = lookout.classifier.weigh(words)
    return kind, sorted(zip(words, weights, strict=True), key=lambda weighed: -weighed[1])
