"""Figures are looked at where they are typed: sums that are wrong, shares that are more than all, more than took part.

It would rather miss something than doubt what is right: whoever typed it is asked, and may keep it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from conversations.core.i18n import N_
from conversations.core.record import Record, field

_SENTENCE = re.compile(r"(?<=[.!?;؟])\s+|\n+")
_NUMBER = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_SHARE = r"\s*(?:%|٪|per\s?cent|procent)"
_ADDEND = rf"(?:{_NUMBER})(?:{_SHARE})?"
_SUM = re.compile(rf"({_ADDEND}(?:\s*\+\s*{_ADDEND})+)(?:\s*=\s*({_ADDEND}))?", re.IGNORECASE)
_SLASHES = re.compile(rf"({_NUMBER})\D{{0,60}}?[:(,]\s*((?:\d+)(?:\s*/\s*\d+){{2,}})(?!\s*/)")
_PERCENT = re.compile(rf"(?<![\d.,])({_NUMBER}){_SHARE}", re.IGNORECASE)
_OF = re.compile(
    rf"(?<![\d.,/+])({_NUMBER})\s+(?:out\s+of|of|z|من)\s+({_NUMBER})(?!{_SHARE}|[.,/]?\d)", re.IGNORECASE
)
_OF_YOU = re.compile(rf"(?<![\d.,])({_NUMBER})\s+(?:of\s+you|z\s+was|منكم)(?!\w)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u202f ](?=\d{3}(?!\d))")

_ROUNDED, _MEANT = 2, 10  # how far from 100 a list is still taken for one that should come to it


class Doubt(Record):
    """Something that looks wrong: a message of the catalogue, and what fills it in."""

    words: str
    values: Mapping[str, object] = field(default_factory=dict)


def doubts(text: str, took_part: int = 0) -> tuple[Doubt, ...]:
    """What looks wrong about the figures in a text; `took_part` is how many people did, 0 where that says nothing."""
    found: list[Doubt] = []
    for sentence in _SENTENCE.split(text):
        found += _in_sums(sentence)
        found += _in_shares(_SUM.sub(" ", sentence))
        found += _in_slashes(sentence)
        found += _in_parts(sentence)
        found += _in_you(sentence, took_part)
    return tuple(found)


# --- what is added up -----------------------------------------------------------------------------


def _in_sums(sentence: str) -> Iterator[Doubt]:
    """Such as "72 + 24 + 5 = 100", and "72 % + 24 % + 5 %"."""
    for written in _SUM.finditer(sentence):
        whole, shares = _sum(_numbers(written[1])), bool(re.search(_SHARE, written[0], re.IGNORECASE))
        said = _numbers(written[2])[0] if written[2] else None
        if said is not None and said != whole:
            yield Doubt(N_("{sum} is {right}, not {said}."), _filled(written[1], right=whole, said=said))
        elif shares and whole != 100 and abs(whole - 100) <= _MEANT:
            yield Doubt(N_("These add up to {right} %: {sum}."), _filled(written[1], right=whole))


def _in_shares(sentence: str) -> Iterator[Doubt]:
    """Such as "72 % said yes, 24 % said no and 5 % did not know": three or more that nearly come to 100. Years in the
    sentence say that they are compared, not added.
    """
    shares = [_number(found[1]) for found in _PERCENT.finditer(sentence)]
    whole = _sum(shares)
    if len(shares) > 2 and 0 < abs(whole - 100) <= _ROUNDED and not _YEAR.search(sentence):
        listed = " + ".join(f"{_plain(share)} %" for share in shares)
        yield Doubt(N_("These add up to {right} %: {sum}."), _filled(listed, right=whole))


def _in_slashes(sentence: str) -> Iterator[Doubt]:
    """Such as "250 answered: 212 / 35 / 4": a whole, and its pieces."""
    for found in _SLASHES.finditer(sentence):
        whole, pieces = _number(found[1]), _sum(_numbers(found[2]))
        if pieces != whole and abs(pieces - whole) * 10 <= whole:
            yield Doubt(N_("{sum} is {right}, not {said}."), _filled(found[2], right=pieces, said=whole))


# --- parts of a whole -----------------------------------------------------------------------------


def _in_parts(sentence: str) -> Iterator[Doubt]:
    """Such as "25 of 22"."""
    for found in _OF.finditer(sentence):
        some, whole = _number(found[1]), _number(found[2])
        if some > whole:
            yield Doubt(
                N_("{some} of {whole}: that is more than there are."),
                {"some": _plain(some), "whole": _plain(whole)},
            )


def _in_you(sentence: str, took_part: int) -> Iterator[Doubt]:
    """Such as "25 of you", where 22 took part. What is said of others is not about them."""
    most = max((_number(found[1]) for found in _OF_YOU.finditer(sentence)), default=Decimal(0))
    if took_part and most > took_part:
        yield Doubt(
            N_("It says {some} of you. Here, {took_part} took part."),
            {"some": _plain(most), "took_part": took_part},
        )


# --- numbers --------------------------------------------------------------------------------------


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def _numbers(text: str) -> list[Decimal]:
    return [_number(found[0]) for found in re.finditer(_NUMBER, text)]


def _number(text: str) -> Decimal:
    """A number as people write it: "1,200" is in thousands, "7.5" and "7,5" have a fraction."""
    return Decimal(_THOUSANDS.sub("", text).replace(",", "."))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _filled(listed: str, **numbers: Decimal) -> dict[str, object]:
    return {"sum": " ".join(listed.split()), **{name: _plain(number) for name, number in numbers.items()}}
