"""Loads the word lists and the classifier's weights that ship with Heard."""

import tomllib
from functools import cache
from importlib.resources import files

from bot.config.languages import load_language_share
from conversations.safeguarding.classifier import classifier_from
from conversations.safeguarding.detector import Signs, signs_from
from conversations.safeguarding.guard import NoticingGuard
from conversations.safeguarding.noticing import Lookout


@cache
def load_signs() -> Signs:
    """The signs of danger in every language that has a list. Read once. Raises ValueError if a list is invalid."""
    lists = (files("conversations") / "wordlists").iterdir()
    named = sorted(lists, key=lambda found: found.name)
    wanted = [found for found in named if found.name.startswith("danger.") and found.name.endswith(".toml")]
    return signs_from(*(tomllib.loads(found.read_text("utf-8")) for found in wanted))


@cache
def load_lookout() -> Lookout:
    """What noticing goes by. Read once. Raises ValueError if a list, or the file of weights, is invalid."""
    weights = files("conversations") / "wordlists" / "danger.weights"
    return Lookout(load_signs(), classifier_from(weights.read_bytes()))


@cache
def load_guard() -> NoticingGuard:
    """The guard that looks at what young people write. Raises as `load_lookout` does."""
    return NoticingGuard(load_lookout(), load_language_share())
