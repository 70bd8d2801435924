"""All question kinds. To add one, write its file in this folder and add its line below."""

from conversations.consultations.form import Question, Shape
from conversations.consultations.kinds.acknowledge import ACKNOWLEDGE
from conversations.consultations.kinds.integer import INTEGER
from conversations.consultations.kinds.kind import QuestionKind
from conversations.consultations.kinds.note import NOTE
from conversations.consultations.kinds.range import RANGE
from conversations.consultations.kinds.select_multiple import SELECT_MULTIPLE
from conversations.consultations.kinds.select_one import SELECT_ONE
from conversations.consultations.kinds.text import TEXT

KINDS: dict[str, QuestionKind] = {
    kind.name: kind for kind in (TEXT, INTEGER, SELECT_ONE, SELECT_MULTIPLE, RANGE, NOTE, ACKNOWLEDGE)
}

# XLSForm types that are planned. A form that uses one is told that it is not supported yet.
COMING = ("decimal", "date", "rank", "audio", "image", "photo", "calculate")


def kind_of(question: Question) -> QuestionKind:
    return KINDS[question.kind]


def shape_of(question: Question) -> Shape:
    return KINDS[question.kind].shape
