"""The lookout of tests: the real word lists, and a classifier that knows one word, whatever the shipped one was taught."""

from functools import cache

from bot.config.languages import load_language_share
from bot.config.word_lists import load_signs
from conversations.safeguarding.classifier import Classifier, Thresholds, word_features
from conversations.safeguarding.guard import NoticingGuard
from conversations.safeguarding.noticing import Lookout

# One of it in a text is a soft sign, three in a row are a firm one.
SOFT_WORD = "hollow"
_SIZE = 1 << 18


@cache
def lookout() -> Lookout:
    weights = bytearray(_SIZE)
    weights[word_features(SOFT_WORD).number % _SIZE] = 127
    return Lookout(load_signs(), Classifier(bytes(weights), 0.05, 0.0, Thresholds(firm=7.0, soft=1.0)))


@cache
def guard() -> NoticingGuard:
    return NoticingGuard(lookout(), load_language_share())
