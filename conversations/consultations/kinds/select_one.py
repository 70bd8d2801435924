"""One of several options."""

from collections.abc import Sequence

from conversations.consultations.form import Question, Shape, Value
from conversations.consultations.form_text import FormWords
from conversations.consultations.kinds.kind import FormRow, QuestionKind, Unfit
from conversations.consultations.kinds.options import (
    chosen_labels,
    numbered_lines,
    option_buttons,
    options_named_in,
)
from conversations.core.i18n import N_, Words
from conversations.core.messages import Expects, Row
from conversations.core.record import replace


class SelectOneKind(QuestionKind):
    def question(self, row: FormRow) -> Question:
        return replace(QuestionKind.question(self, row), options=row.options)

    def how_many(self, n: int, _: Words) -> str:
        # For staff.
        return _.many("{n} with one choice", "{n} with one choice", n)

    def option_lines(self, question: Question, said: FormWords) -> tuple[str, ...]:
        return numbered_lines(said.labels(question))

    def expects(self, _question: Question) -> Expects:
        return "words"

    def buttons(self, question: Question, said: FormWords, _ticked: Sequence[int]) -> tuple[Row, ...]:
        return option_buttons(said.labels(question))

    def parse_text(self, question: Question, text: str) -> Value | Unfit:
        picked = options_named_in(question, text)
        if picked is None:
            return Unfit(N_("I can't find that choice. Tap one, or write what stands on it."))
        return picked[0].name if len(picked) == 1 else Unfit(N_("Choose just one."))

    def parse_places(self, question: Question, places: Sequence[int]) -> Value | Unfit:
        return question.options[places[0]].name

    def answer_text(self, question: Question, value: Value, said: FormWords, most: int) -> str:
        return chosen_labels(question, value, said, most)


SELECT_ONE = SelectOneKind(
    "select_one",
    types=("select_one", "select_one_from", "select1"),
    shape=Shape.OPTION,
    seconds=15,
    has_list=True,
)
