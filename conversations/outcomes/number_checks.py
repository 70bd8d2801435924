"""Checks figures in typed text: wrong sums, shares that exceed the whole, more people than took part.

It prefers missing a mistake to doubting a correct figure. The writer is asked, and may keep the text.
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

_ROUNDED, _MEANT = 2, 10  # how far from 100 a sum may be and still be meant to reach it


class Doubt(Record):
    """Something that looks wrong: a catalogue message and its values."""

    words: str
    values: Mapping[str, object] = field(default_factory=dict)


def doubts(text: str, took_part: int = 0) -> tuple[Doubt, ...]:
    """What looks wrong about the figures in a text. `took_part` is the number of participants; 0 skips that check."""
    found: list[Doubt] = []
    for sentence in _SENTENCE.split(text):
        found += _doubts_in_sums(sentence)
        found += _doubts_in_shares(_SUM.sub(" ", sentence))
        found += _doubts_in_slashes(sentence)
        found += _doubts_in_parts(sentence)
        found += _doubts_in_participants(sentence, took_part)
    return tuple(found)


# --- sums -----------------------------------------------------------------------------------------


def _doubts_in_sums(sentence: str) -> Iterator[Doubt]:
    """Such as "72 + 24 + 5 = 100", and "72 % + 24 % + 5 %"."""
    for written in _SUM.finditer(sentence):
        whole, shares = _sum(_numbers(written[1])), bool(re.search(_SHARE, written[0], re.IGNORECASE))
        said = _numbers(written[2])[0] if written[2] else None
        if said is not None and said != whole:
            yield Doubt(N_("{sum} is {right}, not {said}."), _sum_values(written[1], right=whole, said=said))
        elif shares and whole != 100 and abs(whole - 100) <= _MEANT:
            yield Doubt(N_("These add up to {right} %: {sum}."), _sum_values(written[1], right=whole))


def _doubts_in_shares(sentence: str) -> Iterator[Doubt]:
    """Such as "72 % said yes, 24 % said no and 5 % did not know": three or more shares that come close to 100. In a
    sentence with years they are compared, not added.
    """
    shares = [_number(found[1]) for found in _PERCENT.finditer(sentence)]
    whole = _sum(shares)
    if len(shares) > 2 and 0 < abs(whole - 100) <= _ROUNDED and not _YEAR.search(sentence):
        listed = " + ".join(f"{_digits(share)} %" for share in shares)
        yield Doubt(N_("These add up to {right} %: {sum}."), _sum_values(listed, right=whole))


def _doubts_in_slashes(sentence: str) -> Iterator[Doubt]:
    """Such as "250 answered: 212 / 35 / 4": a whole and its parts."""
    for found in _SLASHES.finditer(sentence):
        whole, pieces = _number(found[1]), _sum(_numbers(found[2]))
        if pieces != whole and abs(pieces - whole) * 10 <= whole:
            yield Doubt(N_("{sum} is {right}, not {said}."), _sum_values(found[2], right=pieces, said=whole))


# --- parts of a whole -----------------------------------------------------------------------------


def _doubts_in_parts(sentence: str) -> Iterator[Doubt]:
    """Such as "25 of 22"."""
    for found in _OF.finditer(sentence):
        some, whole = _number(found[1]), _number(found[2])
        if some > whole:
            yield Doubt(
                N_("{some} of {whole}: that is more than there are."),
                {"some": _digits(some), "whole": _digits(whole)},
            )


def _doubts_in_participants(sentence: str, took_part: int) -> Iterator[Doubt]:
    """Such as "25 of you" when 22 took part. Figures about other people are not checked."""
    most = max((_number(found[1]) for found in _OF_YOU.finditer(sentence)), default=Decimal(0))
    if took_part and most > took_part:
        yield Doubt(
            N_("It says {some} of you. Here, {took_part} took part."),
            {"some": _digits(most), "took_part": took_part},
        )


# --- numbers --------------------------------------------------------------------------------------


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def _numbers(text: str) -> list[Decimal]:
    return [_number(found[0]) for found in re.finditer(_NUMBER, text)]


def _number(text: str) -> Decimal:
    """Parses a number as people write it: in "1,200" the comma groups thousands, in "7,5" it is a decimal point."""
    return Decimal(_THOUSANDS.sub("", text).replace(",", "."))


def _digits(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _sum_values(listed: str, **numbers: Decimal) -> dict[str, object]:
    return {"sum": " ".join(listed.split()), **{name: _digits(number) for name, number in numbers.items()}}
