"""Loads the word lists and the classifier's weights that ship with Heard."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from bot.config.languages import load_language_share
from conversations.safeguarding.classifier.features import Vocabulary, vocabulary_from
from conversations.safeguarding.classifier.scoring import classifier_from
from conversations.safeguarding.detector import Signs, signs_from
from conversations.safeguarding.guard import NoticingGuard
from conversations.safeguarding.noticing import Lookout

_HOME = files("conversations") / "wordlists"


@cache
def load_signs() -> Signs:
    """The signs of danger in every language that has a list. Read once. Raises ValueError if a list is invalid."""
    return signs_from(*_lists("danger."))


@cache
def load_vocabulary() -> Vocabulary:
    """The classes of words that the classifier knows. Read once. Raises ValueError if a list is invalid."""
    return vocabulary_from(*_lists("classes."))


@cache
def load_lookout() -> Lookout:
    """What noticing goes by. Read once. Raises ValueError if a list, or the file of weights, is invalid."""
    weights = (_HOME / "danger.weights").read_bytes()
    return Lookout(load_signs(), classifier_from(weights, load_vocabulary()))


@cache
def load_guard() -> NoticingGuard:
    """The guard that looks at what young people write. Raises as `load_lookout` does."""
    return NoticingGuard(load_lookout(), load_language_share())


def _lists(start: str) -> Iterator[dict[str, object]]:
    named = sorted(_HOME.iterdir(), key=lambda found: found.name)
    wanted = [found for found in named if found.name.startswith(start) and found.name.endswith(".toml")]
    return (tomllib.loads(found.read_text("utf-8")) for found in wanted)
