"""Regular expressions from forms: checked on import, and matched with a time limit for each and for a whole turn."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from math import prod

import regex

MOST_LETTERS = 200
SECONDS = 0.05  # for one match
TURN_SECONDS = 0.1  # for all matches of one turn together
# Compiling `(?:(?:a{1000}){1000}){1000}` would fill the memory.
_MOST_REPEATS = 10_000
_COUNTS = re.compile(r"\{\s*(\d+)\s*(?:,\s*(\d*)\s*)?\}")


class OutOfTime(Exception):
    """Nobody knows whether a text matches: finding out would take too long."""


class _Budget:
    """The seconds that are left for matching. `clock` measures what a match takes."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self.clock, self.left = clock, seconds


_STOPPED_CLOCK = _Budget(lambda: 0.0, SECONDS)  # outside a turn, each match has its own time
_BUDGET: ContextVar[_Budget] = ContextVar("budget", default=_STOPPED_CLOCK)


@contextmanager
def one_turn(clock: Callable[[], float]) -> Iterator[None]:
    """Within it, all matches together get `TURN_SECONDS`: nobody else waits for a form's slow patterns."""
    before = _BUDGET.set(_Budget(clock, TURN_SECONDS))
    try:
        yield
    finally:
        _BUDGET.reset(before)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches the pattern. Raises OutOfTime after `SECONDS`, or when the turn's time is spent.

    The pattern must have passed `is_readable`.
    """
    budget = _BUDGET.get()
    if budget.left <= 0:
        raise OutOfTime
    began = budget.clock()
    try:
        # concurrent: other threads go on meanwhile.
        found = _compile(pattern).fullmatch(text, timeout=min(SECONDS, budget.left), concurrent=True)
    except TimeoutError:
        raise OutOfTime from None
    finally:
        budget.left -= budget.clock() - began
    return found is not None


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
