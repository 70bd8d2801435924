"""Any number of options: taps tick them, and Done submits them."""

from collections.abc import Iterable, Sequence

from conversations.consultations.form import Option, Question, Shape, Value
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


class SelectMultipleKind(QuestionKind):
    def question(self, row: FormRow) -> Question:
        return replace(QuestionKind.question(self, row), options=row.options)

    def how_many(self, n: int, _: Words) -> str:
        # For staff.
        return _.many("{n} with several choices", "{n} with several choices", n)

    def option_lines(self, question: Question, said: FormWords) -> tuple[str, ...]:
        return numbered_lines(said.labels(question))

    def hint(self, _question: Question, _: Words) -> str:
        return _("Choose as many as you like.")

    def expects(self, _question: Question) -> Expects:
        return "words"

    def buttons(self, question: Question, said: FormWords, ticked: Sequence[int]) -> tuple[Row, ...]:
        return option_buttons(said.labels(question), ticked)

    def parse_text(self, question: Question, text: str) -> Value | Unfit:
        picked = options_named_in(question, text)
        if picked is None:
            return Unfit(
                N_("I can't find those choices. Tap them, or write what stands on them, with commas between.")
            )
        return _in_form_order(question, picked)

    def parse_places(self, question: Question, places: Sequence[int]) -> Value | Unfit:
        return _in_form_order(question, (question.options[place] for place in places))

    def answer_text(self, question: Question, value: Value, said: FormWords, most: int) -> str:
        return chosen_labels(question, value, said, most)


def _in_form_order(question: Question, picked: Iterable[Option]) -> Value | Unfit:
    """The names in form order, whatever the order of the taps."""
    names = {option.name for option in picked}
    return tuple(o.name for o in question.options if o.name in names) or Unfit(N_("Choose at least one."))


SELECT_MULTIPLE = SelectMultipleKind(
    "select_multiple",
    types=(
        "select_multiple",
        "select_multiple_from",
        "select all that apply",
        "select all that apply from",
    ),
    shape=Shape.OPTIONS,
    seconds=25,
    has_list=True,
)
