"""How often signs of danger are noticed, by kind and manner: tables in Markdown, each share with its 95 % interval."""

from collections.abc import Iterable, Iterator
from math import sqrt

from bot.cli.notice_command import Sample
from conversations.safeguarding.noticing import Noticed

Judged = tuple[Sample, Noticed | None]

ORDINARY = "none"
SEVERE = {"suicide", "farewell", "overdose", "self_harm", "physical", "sexual", "weapon"}
_MANNERS = ("plain", "indirect", "friend", "past", "denied")
_95 = 1.96


def table_lines(judged: Iterable[Judged]) -> Iterator[str]:
    """Both tables: by manner, and plain and other signs of each kind."""
    known = [one for one in judged if one[0].kind]
    signs = [one for one in known if one[0].kind != ORDINARY]
    plain = [one for one in signs if one[0].manner == "plain"]
    yield from ("| texts | number | firm | firm or soft |", "|---|---|---|---|")
    yield _row("plainly stated, severe", [one for one in plain if one[0].kind in SEVERE])
    for manner in _MANNERS:
        yield _row(manner, [one for one in signs if one[0].manner == manner])
    yield _row("ordinary (false alarms)", [one for one in known if one[0].kind == ORDINARY])
    yield from (
        "",
        "| kind | plain | firm | firm or soft | other | firm | firm or soft |",
        "|---|---|---|---|---|---|---|",
    )
    for kind in sorted({str(sample.kind) for sample, _ in signs}):
        other = [one for one in signs if one[0].kind == kind and one[0].manner != "plain"]
        yield _row(kind, [one for one in plain if one[0].kind == kind]) + _row("", other)[4:]


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share, square = part / whole, _95 * _95
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = _95 * sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _row(name: str, judged: list[Judged]) -> str:
    firm = sum(found is not None and found.tier == "firm" for _, found in judged)
    either = sum(found is not None for _, found in judged)
    return f"| {name} | {len(judged):,} | {_share(firm, len(judged))} | {_share(either, len(judged))} |"


def _share(part: int, whole: int) -> str:
    if not whole:
        return "–"
    low, high = interval(part, whole)
    digits = 1 if part / whole < 0.2 else 0
    return f"{part / whole:.{digits}%} ({low * 100:.{digits}f}–{high * 100:.{digits}f})".replace("%", " %")
