"""The audit log, read from end to end: what was found is told by line and date, never by content."""

from functools import partial
from zoneinfo import ZoneInfo

from bot.store import Store
from bot.terminal import Step
from conversations.rules import Rules
from storage import verifying
from storage.verifying import Fault, Walk


async def verify(store: Store, rules: Rules, step: Step) -> Walk:
    """The whole walk, in pieces; `step` is told how far it is."""
    total = await store.read(rules, verifying.how_many)
    walk, seen = Walk(), 0
    while going := await store.read(rules, partial(verifying.walk_on, walk=walk)):
        walk, seen = going, min(total, seen + verifying.PIECE)
        step(seen, total)
    return await store.read(rules, partial(verifying.ended, walk=walk))


def whole(walk: Walk, zone: ZoneInfo) -> str:
    """What is said of a log in which nothing was found."""
    if walk.began is None or walk.at is None:
        return "The audit log is empty, and nothing says that it ever was not."
    lines = "1 line" if walk.line == 1 else f"{walk.line:,} lines"
    days = f"{walk.began.astimezone(zone):%d %B %Y} to {walk.at.astimezone(zone):%d %B %Y}"
    return f"The audit log is whole: {lines}, {days}."


def in_words(fault: Fault, zone: ZoneInfo) -> str:
    """One finding, for a person."""
    day = f"{fault.at.astimezone(zone):%d %B %Y}" if fault.at else ""
    after = f"after {day}" if day else "at the beginning"
    one = fault.first == fault.last
    lines = f"Line {fault.first:,}" if one else f"Lines {fault.first:,} to {fault.last:,}"
    match fault.what:
        case "altered":
            return f"{lines} ({'' if one else 'from '}{day}) {'was' if one else 'were'} altered."
        case "missing":
            return f"{lines} {'is' if one else 'are'} missing, {after}."
        case "cut off":
            return f"The log was cut off {after}: {lines.lower()} {'is' if one else 'are'} missing."
        case "foreign":
            return (
                f"{lines} ({day}) {'was' if one else 'were'} not written by Heard, or the end was put back."
            )
        case "end":
            return "The record of where the log ends was altered or taken away: lines may have been cut off."
