"""Detects empty reasons: a because made only of filler words, such as "no" or "because"."""

import re

from conversations.core.i18n import N_

SAYS_NOTHING = N_("That doesn't say why yet. Write it as you would say it to someone who asked for it.")

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

# Filler words in each language that outcomes are written in. A reason needs another word besides these.
_ENGLISH = """
a an and as at be been because can can't cannot cant cause cos couldn't did do does doesn't don't dont due for go had
has have how i if in is isn't it it's its just known might n na no none nope not nothing of ok on or our possible
reason reasons said say so sorry tba tbc tbd that that's the there there's they this to unable unfortunately unknown us
was we were what why will won't would wouldn't x yes you
"""
_POLISH = """
a ani bo brak da dlatego gdyż i jest my może można możemy możliwe nas nie niemożliwe niestety po ponieważ powodu powód
prostu przepraszamy przykro się są ta tak te tego ten to wam was wiadomo wiem że
"""
_ARABIC = """
لأن لأنه لأنها لأننا لا نعم كلا غير ممكن يمكن يمكننا نستطيع هذا هذه هو هي ذلك السبب سبب بدون بلا فقط للأسف آسف ليس لم لن
"""
_EMPTY = frozenset((_ENGLISH + _POLISH + _ARABIC).split())


def says_nothing(because: str) -> bool:
    """Whether a reason has fewer than two words, or only filler words and numbers."""
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(because)]
    return len(words) < 2 or all(word in _EMPTY or word.isdecimal() for word in words)
