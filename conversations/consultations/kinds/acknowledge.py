"""Text to read and say OK to."""

from collections.abc import Sequence

from conversations.consultations.form import Question, Shape, Value
from conversations.consultations.form_text import FormWords
from conversations.consultations.kinds.kind import QuestionKind, Unfit
from conversations.core.i18n import N_, Words
from conversations.core.messages import Choice, Row

_AGREEING = frozenset({"ok", "okay", "yes", "y", "👍", "tak", "نعم"})


class AcknowledgeKind(QuestionKind):
    def how_many(self, n: int, _: Words) -> str:
        # For staff.
        return _.many("{n} to say OK to", "{n} to say OK to", n)

    def buttons(self, _question: Question, said: FormWords, _ticked: Sequence[int]) -> tuple[Row, ...]:
        return ((Choice("0", said.words("OK")),),)

    def parse_text(self, _question: Question, text: str) -> Value | Unfit:
        agreed = text.strip().casefold().strip(".!") in _AGREEING
        return agreed or Unfit(N_("Tap the button when you're ready to go on."))

    def parse_places(self, _question: Question, _places: Sequence[int]) -> Value | Unfit:
        return True

    def answer_text(self, _question: Question, _value: Value, said: FormWords, _most: int) -> str:
        return said.words("OK")


ACKNOWLEDGE = AcknowledgeKind("acknowledge", types=("acknowledge", "trigger"), shape=Shape.TICK, seconds=10)
