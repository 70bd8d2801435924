"""The lookout of tests: the real word lists, and a classifier that knows one word, whatever the shipped one was taught."""

from functools import cache

from bot.config.languages import load_language_share
from bot.config.word_lists import load_signs
from conversations.safeguarding.classifier.features import Vocabulary, word_features
from conversations.safeguarding.classifier.scoring import Classifier, Model, Thresholds, row_of
from conversations.safeguarding.guard import NoticingGuard
from conversations.safeguarding.noticing import Lookout

# One of it in a text is a soft sign, three in a row are a firm one. What a list finds is firm.
SOFT_WORD = "hollow"
_NO_CLASSES = Vocabulary({}, {})


@cache
def lookout() -> Lookout:
    names = ("request_for_help", "any", "other", "denied")
    model = Model(
        version=1,
        made_from="",
        names=names,
        scales=(1.0, 1.0, 1.0, 1.0),
        biases=(0.0, 0.0, -1.0, -1.0),
        listed=(0.0, 0.0, 0.0, 0.0),
        thresholds=Thresholds(firm=2.25, soft=0.25, listed=-1.0, dismissed=-1.0),
        unknown_gram=0,
        unknown=0,
    )
    known = {word_features(SOFT_WORD, _NO_CLASSES).number ^ 0xFFFFFFFF: row_of((1, 1, 0, 0), 0)}
    return Lookout(load_signs(), Classifier(model, known, _NO_CLASSES))


@cache
def guard() -> NoticingGuard:
    return NoticingGuard(lookout(), load_language_share())
