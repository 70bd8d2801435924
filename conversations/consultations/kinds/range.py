"""A number on a scale: tapped if the scale is short, typed if it is long."""

import re
from collections.abc import Sequence

from conversations.consultations.conditions import ConditionError
from conversations.consultations.form import Question, Shape, Value
from conversations.consultations.form_text import FormWords
from conversations.consultations.kinds.integer import whole_number
from conversations.consultations.kinds.kind import FormRow, QuestionKind, Unfit
from conversations.core.i18n import N_, Words
from conversations.core.messages import Choice, Expects, Row
from conversations.core.pagination import in_rows
from conversations.core.record import replace

_ON_BUTTONS_MOST = 11  # points; a longer scale is typed
_SIDE_BY_SIDE = 6
_PARAMETER = re.compile(r"(\w[\w-]*)\s*=\s*([^\s,;]+)")


class RangeKind(QuestionKind):
    def question(self, row: FormRow) -> Question:
        start, end, step = _scale(row.parameters) or (0, 0, 1)
        return replace(QuestionKind.question(self, row), start=start, end=end, step=step)

    def wrong_parameters(self, parameters: str) -> ConditionError | None:
        if _scale(parameters) is not None:
            return None
        # For staff.
        words = N_("Write whole numbers, at most 101 of them, like {example}.")
        return ConditionError(words, {"example": "start=1 end=5 step=1"})

    def how_many(self, n: int, _: Words) -> str:
        # For staff.
        return _.many("{n} on a scale", "{n} on a scale", n)

    def points(self, question: Question) -> range:
        return range(question.start, question.end + 1, question.step)

    def hint(self, question: Question, _: Words) -> str:
        if self._on_buttons(question):
            return ""
        least, most = self.points(question)[0], self.points(question)[-1]
        return _("Write a number from {least} to {most}.", least=least, most=most)

    def expects(self, question: Question) -> Expects:
        return "words" if self._on_buttons(question) else "number"

    def buttons(self, question: Question, _said: FormWords, _ticked: Sequence[int]) -> tuple[Row, ...]:
        if not self._on_buttons(question):
            return ()
        numbers = [Choice(str(n), str(point)) for n, point in enumerate(self.points(question))]
        return tuple(in_rows(numbers, _SIDE_BY_SIDE))

    def parse_text(self, question: Question, text: str) -> Value | Unfit:
        numbers = self.points(question)
        value = whole_number(text)
        if isinstance(value, int) and value in numbers:
            return value
        if question.step == 1:
            return Unfit(
                N_("Choose a number from {least} to {most}."), {"least": numbers[0], "most": numbers[-1]}
            )
        return Unfit(N_("Choose one of these: {numbers}."), {"numbers": ", ".join(map(str, numbers))})

    def parse_places(self, question: Question, places: Sequence[int]) -> Value | Unfit:
        return self.points(question)[places[0]]

    def answer_text(self, _question: Question, value: Value, _said: FormWords, _most: int) -> str:
        return str(value)

    def _on_buttons(self, question: Question) -> bool:
        return len(self.points(question)) <= _ON_BUTTONS_MOST


def _scale(parameters: str) -> tuple[int, int, int] | None:
    """(start, end, step), with XLSForm's defaults for missing ones.

    None if they do not make a scale of at most 101 whole numbers.
    """
    values = {"start": "1", "end": "10", "step": "1", **dict(_PARAMETER.findall(parameters.lower()))}
    strange = _PARAMETER.sub("", parameters).strip(" ,;")
    try:
        start, end, step = (int(values.pop(name)) for name in ("start", "end", "step"))
    except ValueError:
        return None
    sensible = 1 <= step <= end - start <= 100 * step and max(abs(start), abs(end)) <= 1_000_000
    return (start, end, step) if sensible and not values and not strange else None


RANGE = RangeKind("range", types=("range",), shape=Shape.NUMBER, seconds=15)
