"""The question types in the column `type` of the survey sheet."""

import re
from functools import lru_cache
from typing import Literal

from conversations.consultations.kinds.kind import QuestionKind
from conversations.consultations.kinds.registry import COMING, KINDS
from conversations.core.record import Record

# "ignored" types are metadata that a phone would record by itself. Heard collects none of it.
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
    """A type as parsed. `options` is the name of its option list; `with_other`: it asks for an "other" option, which is
    not supported.
    """

    kind: QuestionKind
    options: str = ""
    with_other: bool = False


def type_of(written: str) -> QuestionType | Word:
    """Parses a type in any spelling that XLSForm allows."""
    plain = " ".join(written.split())
    for kind in KINDS.values():
        if found := _pattern(kind.types, with_list=kind.has_list).fullmatch(plain):
            named = found.groupdict()
            return QuestionType(kind, named.get("list") or "", bool(named.get("other")))
    simple = plain.lower().replace("_", " ")
    return _WORDS.get(simple, "later" if simple.startswith("rank ") else "never")


def supported_types() -> str:
    """The supported types, for an error message."""
    return ", ".join(KINDS)


@lru_cache
def _pattern(types: tuple[str, ...], *, with_list: bool) -> re.Pattern[str]:
    """A pattern for these types, longest first. `with_list`: the name of an option list may follow."""
    words = "|".join(word.replace("_", "[_ ]") for word in sorted(types, key=len, reverse=True))
    return re.compile(f"(?:{words}){_LIST if with_list else ''}", re.IGNORECASE)
