"""Finds text that is hard to read for young people: unexplained abbreviations, and long sentences.

As with figures, the writer is asked once, and may keep it.
"""

import re
from collections.abc import Iterator

from conversations.core.i18n import N_
from conversations.outcomes.number_checks import Doubt

_SENTENCE = re.compile(r"(?<=[.!?…;])\s+|\n+")
_WORD = re.compile(r"\w[\w'’.:/-]*")
_LETTERS = re.compile(r"(?<![\w.&/-])([A-Z]{2,7}|[A-Z]+[a-z]?[A-Z]+|[A-Z]&[A-Z])(?:s|'s|’s)?(?![\w&/-])")
_LONG = 25  # words: the longest sentence that people can follow

# Abbreviations that everybody knows.
_EVERYDAY = """
A&E AI AIDS BBC CCTV CD COVID CV DJ DVD EU FAQ GCSE GP HIV ID II III IT IV LED LGBT LGBTQ LGBTQIA MP NHS OK PC PE PIN PS
PSHE QR RAF SMS SOS TV UK UN USA USB VIP VR
"""
_KNOWN = frozenset(_EVERYDAY.split())


def hard_words(text: str) -> Iterator[Doubt]:
    """What may be hard to read in a text: abbreviations without an explanation ("the LAC review"), and sentences of
    more than 25 words.
    """
    letters = list(dict.fromkeys(_unexplained_letters(text)))
    if letters:
        yield Doubt(
            N_("Not everybody knows what this stands for: {letters}. Say it in words."),
            {"letters": ", ".join(letters)},
        )
    for sentence in _SENTENCE.split(text):
        many = len(_WORD.findall(sentence))
        if many > _LONG:
            yield Doubt(
                N_("One sentence has {many} words. Two short ones are easier to read."), {"many": many}
            )


def _unexplained_letters(text: str) -> Iterator[str]:
    if text == text.upper():  # all in capitals, so abbreviations cannot be told apart
        return
    for found in _LETTERS.finditer(text):
        before, after = text[: found.start()].rstrip(), text[found.end() :].lstrip()
        explains = before.endswith("(") and after.startswith(")")  # "the safeguarding hub (MASH)"
        if found[1] not in _KNOWN and not explains and not after.startswith("("):
            yield found[1]
