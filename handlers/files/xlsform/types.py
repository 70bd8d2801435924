"""The types of the survey sheet: what each word in the column `type` stands for."""

import re
from functools import lru_cache
from typing import Literal

from conversations.consultations.kinds.kind import QuestionKind
from conversations.consultations.kinds.registry import COMING, KINDS
from conversations.core.record import Record

# "ignored" are things that a phone would note down by itself: Heard collects none of them.
Word = Literal["begin", "end", "ignored", "repeat", "later", "never"]

_WORDS: dict[str, Word] = {
    "begin group": "begin",
    "end group": "end",
    "begin repeat": "repeat",
    "end repeat": "end",
    **dict.fromkeys(
        (
            "start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "email",
            "audit",
        ),
        "ignored",
    ),
    **dict.fromkeys(COMING, "later"),
}  # fmt: skip
_LIST = r"(?: (?P<list>\S+))?(?P<other> or[_ ]other| or specify other)?"


class QuestionType(Record):
    """`options` is the option list that a choice draws on; `with_other` asks for an "other" that is not here."""

    kind: QuestionKind
    options: str = ""
    with_other: bool = False


def type_of(written: str) -> QuestionType | Word:
    """What a type means, in any of the ways in which XLSForm lets it be written."""
    plain = " ".join(written.split())
    for kind in KINDS.values():
        if found := _pattern(kind.types, with_list=kind.has_list).fullmatch(plain):
            named = found.groupdict()
            return QuestionType(kind, named.get("list") or "", bool(named.get("other")))
    simple = plain.lower().replace("_", " ")
    return _WORDS.get(simple, "later" if simple.startswith("rank ") else "never")


def asked_types() -> str:
    """The kinds of question that there are, for whoever wrote something else."""
    return ", ".join(KINDS)


@lru_cache
def _pattern(types: tuple[str, ...], *, with_list: bool) -> re.Pattern[str]:
    """Matches each of these types, the longest first; with the list behind it where there is one."""
    words = "|".join(word.replace("_", "[_ ]") for word in sorted(types, key=len, reverse=True))
    return re.compile(f"(?:{words}){_LIST if with_list else ''}", re.IGNORECASE)
