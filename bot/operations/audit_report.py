"""The audit log, read from end to end: what was found is told by line and date, never by content."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.cli.console import OnProgress
from bot.operations.startup_recovery import read_erasure_log
from bot.operations.store import Store
from conversations.core.config import Rules
from conversations.core.record import Record
from storage.security import audit_verify
from storage.security.audit_verify import AuditFault, Walk
from storage.security.erasure_log import Restored


class AuditReport(Record):
    """How the walk went, and when older databases were found in place."""

    walk: Walk
    restores: tuple[Restored, ...] = ()


async def verify(store: Store, rules: Rules, step: OnProgress) -> AuditReport:
    """The whole walk, in pieces; `step` is told how far it is. Nothing is changed."""
    total = await store.read(rules, audit_verify.count_lines)
    walk, seen = Walk(), 0
    while going := await store.read(rules, partial(audit_verify.walk_on, walk=walk)):
        walk, seen = going, min(total, seen + audit_verify.PIECE)
        step(seen, total)
    walk = await store.read(rules, partial(audit_verify.check_end, walk=walk))
    log = await read_erasure_log(store, rules)
    return AuditReport(
        await store.read(rules, partial(audit_verify.check_against_log, walk=walk, log=log)), log.restores
    )


def intact_message(walk: Walk, zone: ZoneInfo) -> str:
    """What is said of a log in which nothing was found."""
    if walk.began is None or walk.at is None:
        return "The audit log is empty, and nothing says that it ever was not."
    lines = "1 line" if walk.line == 1 else f"{walk.line:,} lines"
    days = dict.fromkeys((_day(walk.began, zone), _day(walk.at, zone)))  # in order, each once
    return f"The audit log is whole: {lines}, {' to '.join(days)}."


def restore_notice(line: Restored, zone: ZoneInfo) -> str:
    """What is said, as long as backups are kept, of an older database that was put in place."""
    lost = f"of {line.lines_before:,} lines of the audit log {line.lines:,} were left"
    return f"On {_day(line.at, zone)} an older database was found in place: {lost}."


def describe_fault(fault: AuditFault, zone: ZoneInfo) -> str:
    """One finding, for a person."""
    day = _day(fault.at, zone) if fault.at else ""
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
        case "rolled back":
            return (
                f"On {day} the log had {fault.last:,} lines, and now it has {fault.first - 1:,}: an older database was put"
                " in its place, or the log was cut off and its record with it."
            )
        case "replaced":
            return (
                f"{lines} {'is' if one else 'are'} not what stood there on {day}: the log was written anew."
            )


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d %B %Y}"
