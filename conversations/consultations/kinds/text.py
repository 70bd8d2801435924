"""Free text."""

from conversations.consultations.form import Question, Shape, Value
from conversations.consultations.form_text import FormWords
from conversations.consultations.kinds.kind import QuestionKind, Unfit
from conversations.core.i18n import N_, Words
from conversations.core.messages import Expects
from conversations.core.text import TYPED_MOST, shorten

TEXT_MOST = TYPED_MOST


class TextKind(QuestionKind):
    def how_many(self, n: int, _: Words) -> str:
        # For staff.
        return _.many("{n} in their own words", "{n} in their own words", n)

    def expects(self, _question: Question) -> Expects:
        return "text"

    def parse_text(self, _question: Question, text: str) -> Value | Unfit:
        text = text.strip()
        if not text:
            return Unfit(N_("I need a few words here."))
        if len(text) > TEXT_MOST:
            return Unfit(
                N_("That's longer than I can keep. Can you say it in {most} letters?"), {"most": TEXT_MOST}
            )
        return text

    def answer_text(self, _question: Question, value: Value, _said: FormWords, most: int) -> str:
        return f'"{shorten(str(value), most)}"'


TEXT = TextKind("text", types=("text", "string"), shape=Shape.TEXT, seconds=60)
