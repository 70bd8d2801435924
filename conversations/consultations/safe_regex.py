"""The patterns that a form's writer gives: run with a time limit, and looked over before they are taken in."""

import re
from functools import lru_cache
from math import prod

import regex

MOST_LETTERS = 200
SECONDS = 0.05
# `(?:(?:a{1000}){1000}){1000}` would fill the memory while it is being compiled.
_MOST_REPEATS = 10_000
_COUNTS = re.compile(r"\{\s*(\d+)\s*(?:,\s*(\d*)\s*)?\}")


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits the pattern. One that takes longer than `SECONDS` does not fit.

    The pattern must have passed `is_readable`.
    """
    try:
        return _compiled(pattern).fullmatch(text, timeout=SECONDS) is not None
    except TimeoutError:
        return False


def is_readable(pattern: str) -> bool:
    """Whether it is a pattern at all, and one that stays small when it is compiled."""
    counts = [max(int(least), int(most or 0)) for least, most in _COUNTS.findall(pattern)]
    if len(pattern) > MOST_LETTERS or prod(count + 1 for count in counts) > _MOST_REPEATS:
        return False
    try:
        _compiled(pattern)
    except (regex.error, ValueError, OverflowError, RecursionError):
        return False
    return True


def is_quick(pattern: str) -> bool:
    """Whether it gives up in time on long texts made of its own letters and one that it does not expect."""
    letters = sorted(set(re.findall(r"\w", pattern)) | set("a1 "))[:20]
    probes = [letter * 60 + "!\x00" for letter in letters] + ["ab" * 30 + "!", "a1 " * 20 + "\x00"]
    try:
        for probe in probes:
            _compiled(pattern).fullmatch(probe, timeout=SECONDS)
    except TimeoutError:
        return False
    return True


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> "regex.Pattern[str]":
    return regex.compile(pattern)
