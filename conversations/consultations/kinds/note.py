"""Text to read, with nothing to answer. A group's label becomes one too."""

from collections.abc import Sequence

from conversations.consultations.form import Question, Shape, Value
from conversations.consultations.form_text import FormWords
from conversations.consultations.kinds.kind import FormRow, QuestionKind, Unfit
from conversations.core.i18n import N_, Words
from conversations.core.messages import Choice, Row


class NoteKind(QuestionKind):
    def question(self, row: FormRow) -> Question:
        return Question(row.name, self.name, row.label, row.hint, relevant=row.relevant)

    def how_many(self, n: int, _: Words) -> str:
        # For staff.
        return _.many("{n} note besides, only to read.", "{n} notes besides, only to read.", n)

    def buttons(self, _question: Question, said: FormWords, _ticked: Sequence[int]) -> tuple[Row, ...]:
        return ((Choice("go", said.words("Go on")),),)

    def parse_text(self, _question: Question, _text: str) -> Value | Unfit:
        return Unfit(N_("There's nothing to answer here. Go on when you're ready."))

    def answer_text(self, _question: Question, _value: Value, _said: FormWords, _most: int) -> str:
        return ""


NOTE = NoteKind("note", types=("note",), shape=Shape.NOTHING, seconds=10)
