"""Verifies the whole audit log. Findings are reported by line and date, never by content."""

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
    """The result of the check, and every restore that the erasure log knows of."""

    walk: Walk
    restores: tuple[Restored, ...] = ()


async def verify(store: Store, rules: Rules, step: OnProgress) -> AuditReport:
    """Checks the whole log in pieces, and reports progress to `step`. Changes nothing."""
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
    """The message for a log without findings."""
    if walk.began is None or walk.at is None:
        return "The audit log is empty, and there is no sign that it ever held anything."
    lines = "1 line" if walk.line == 1 else f"{walk.line:,} lines"
    days = dict.fromkeys((_day(walk.began, zone), _day(walk.at, zone)))  # distinct, in order
    return f"The audit log is intact: {lines}, {' to '.join(days)}."


def restore_notice(line: Restored, zone: ZoneInfo) -> str:
    """The message for a restore. It is shown as long as backups are kept."""
    left = f"{line.lines:,} of {line.lines_before:,} lines of the audit log were left"
    return f"On {_day(line.at, zone)} the database was restored from an older backup: {left}."


def describe_fault(fault: AuditFault, zone: ZoneInfo) -> str:
    """One finding, in words."""
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
            return f"{lines} ({day}) {'was' if one else 'were'} not written by Heard, or the end was overwritten with an older one."
        case "end":
            return "The record of where the log ends was altered or removed: lines may have been cut off."
        case "rolled back":
            return (
                f"On {day} the log had {fault.last:,} lines, and now it has {fault.first - 1:,}: it was restored from an"
                " older backup, or the log was cut off and its record with it."
            )
        case "replaced":
            return f"{lines} {'is' if one else 'are'} not what stood there on {day}: the log was rewritten."


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d %B %Y}"
