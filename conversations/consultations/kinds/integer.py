"""A whole number, typed."""

import re

from conversations.consultations.form import Question, Shape, Value
from conversations.consultations.form_text import FormWords
from conversations.consultations.kinds.kind import QuestionKind, Unfit
from conversations.core.i18n import N_, Words
from conversations.core.messages import Expects

_NUMBER_MOST = 999_999_999
_WHOLE = re.compile(r"\s*([+-]?\d{1,15})\s*\.?\s*")


def whole_number(text: str) -> int | Unfit:
    found = _WHOLE.fullmatch(text)
    if found is None:
        return Unfit(N_("I need a whole number here, like 3."))
    number = int(found[1])
    return number if abs(number) <= _NUMBER_MOST else Unfit(N_("That number is too big for me."))


class IntegerKind(QuestionKind):
    def how_many(self, n: int, _: Words) -> str:
        # For staff.
        return _.many("{n} number", "{n} numbers", n)

    def hint(self, _question: Question, _: Words) -> str:
        return _("Write a number.")

    def expects(self, _question: Question) -> Expects:
        return "number"

    def parse_text(self, _question: Question, text: str) -> Value | Unfit:
        return whole_number(text)

    def answer_text(self, _question: Question, value: Value, _said: FormWords, _most: int) -> str:
        return str(value)


INTEGER = IntegerKind("integer", types=("integer", "int"), shape=Shape.NUMBER, seconds=15)
