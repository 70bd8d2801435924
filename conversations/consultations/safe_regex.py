"""Regular expressions from forms: checked on import, and matched with a time limit."""

import re
from functools import lru_cache
from math import prod

import regex

MOST_LETTERS = 200
SECONDS = 0.05
# Compiling `(?:(?:a{1000}){1000}){1000}` would fill the memory.
_MOST_REPEATS = 10_000
_COUNTS = re.compile(r"\{\s*(\d+)\s*(?:,\s*(\d*)\s*)?\}")


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches the pattern. A match that takes longer than `SECONDS` counts as none.

    The pattern must have passed `is_readable`.
    """
    try:
        return _compile(pattern).fullmatch(text, timeout=SECONDS) is not None
    except TimeoutError:
        return False


def is_readable(pattern: str) -> bool:
    """Whether it is a valid pattern that stays small when compiled."""
    counts = [max(int(least), int(most or 0)) for least, most in _COUNTS.findall(pattern)]
    if len(pattern) > MOST_LETTERS or prod(count + 1 for count in counts) > _MOST_REPEATS:
        return False
    try:
        _compile(pattern)
    except (regex.error, ValueError, OverflowError, RecursionError):
        return False
    return True


def is_quick(pattern: str) -> bool:
    """Whether it fails within `SECONDS` on long near-matches made of its own letters."""
    letters = sorted(set(re.findall(r"\w", pattern)) | set("a1 "))[:20]
    probes = [letter * 60 + "!\x00" for letter in letters] + ["ab" * 30 + "!", "a1 " * 20 + "\x00"]
    try:
        for probe in probes:
            _compile(pattern).fullmatch(probe, timeout=SECONDS)
    except TimeoutError:
        return False
    return True


@lru_cache(maxsize=512)
def _compile(pattern: str) -> "regex.Pattern[str]":
    return regex.compile(pattern)
