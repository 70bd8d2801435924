"""The reasons for which a case may be closed."""

from collections.abc import Iterable, Mapping
from zlib import crc32

from conversations.core.i18n import Words

REASONS_MOST, REASON_MOST = 12, 40  # reasons on a team's list, and letters in one
FALSE_ALARM = "false_alarm"


def usual_reasons(_: Words) -> Mapping[str, str]:
    """The reasons that a team begins with, by key."""
    return {
        "passed_on": _("Passed on to children's services"),
        "safe": _("Spoke with them: they are safe"),
        "known": _("Already known to their worker"),
        FALSE_ALARM: _("False alarm: it meant something else"),
        "unreachable": _("Nobody could be reached"),
        "other": _("Another reason"),
    }


def reason_name(reason: str, _: Words) -> str:
    return usual_reasons(_).get(reason, reason)


def reason_numbered(number: int | None, reasons: Iterable[str]) -> str | None:
    """The reason with this number; None if it is not among these any more."""
    return next((one for one in reasons if reason_number(one) == number), None)


def reason_number(reason: str) -> int:
    """A number for a reason, which stays the same when the list changes."""
    return crc32(reason.encode())
