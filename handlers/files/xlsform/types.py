"""The types of the survey sheet: what each word in the column `type` stands for."""

import re
from typing import Literal

from conversations.consultations.form import QuestionKind
from conversations.core.record import record

# "ignored" are things that a phone would note down by itself: Heard collects none of them.
Word = QuestionKind | Literal["begin", "end", "ignored", "repeat", "later", "never"]

ASKED = "text, integer, select_one, select_multiple, range, note, acknowledge"
_SIMPLE: dict[str, Word] = {
    "text": "text",
    "string": "text",
    "integer": "integer",
    "int": "integer",
    "range": "range",
    "note": "note",
    "acknowledge": "acknowledge",
    "trigger": "acknowledge",
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
    **dict.fromkeys(("decimal", "date", "rank", "audio", "image", "photo", "calculate"), "later"),
}  # fmt: skip
_SELECT = re.compile(
    r"(?:(?P<one>select[_ ]one(?:[_ ]from)?|select1)|select[_ ]multiple(?:[_ ]from)?|select all that apply(?: from)?)"
    r"(?: (?P<list>\S+))?(?P<other> or[_ ]other| or specify other)?",
    re.IGNORECASE,
)


@record
class Type:
    """`options` is the option list that a choice draws on; `with_other` asks for an "other" that is not here."""

    word: Word
    options: str = ""
    with_other: bool = False


def type_of(written: str) -> Type:
    """What a type means, in any of the ways in which XLSForm lets it be written."""
    plain = " ".join(written.split())
    simple = plain.lower().replace("_", " ")
    if simple in _SIMPLE:
        return Type(_SIMPLE[simple])
    if found := _SELECT.fullmatch(plain):
        kind: Word = "select_one" if found["one"] else "select_multiple"
        return Type(kind, found["list"] or "", bool(found["other"]))
    return Type("later" if simple.startswith("rank ") else "never")
