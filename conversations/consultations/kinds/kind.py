"""What every kind of question says about itself: how a form writes it, how it is asked, taken and told in words."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import field

from conversations.consultations.conditions import ConditionError
from conversations.consultations.form import Option, Question, Shape, Texts, Value
from conversations.consultations.form_text import FormWords
from conversations.core.i18n import N_, Words
from conversations.core.messages import Expects, Row
from conversations.core.record import record


@record
class Unfit:
    """Why something is not an answer: a message of the catalogue and what fills it.

    `own` is the form's own message in its languages; where there is one, it is said instead.
    """

    words: str
    values: Mapping[str, object] = field(default_factory=dict)
    own: Texts = field(default_factory=dict)


@record
class FormRow:
    """What a form's row says about a question. `options` are those of its list, `parameters` the cell as written."""

    name: str
    label: Texts
    hint: Texts = field(default_factory=dict)
    required: bool = False
    relevant: tuple[str, ...] = ()
    constraint: str = ""
    constraint_message: Texts = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    parameters: str = ""


@record
class QuestionKind(ABC):
    """One kind of question. What the methods here return is right for most kinds; a kind's own class says what is
    different.

    `name` is stored with each question and never changes. `types` are the words of a form's column `type`; an
    underscore in one may be a space. With `has_list`, the name of an option list follows the type. `seconds` is how
    long somebody takes who thinks before they answer.
    """

    name: str
    types: tuple[str, ...]
    shape: Shape
    seconds: int
    has_list: bool = False

    @property
    def is_answered(self) -> bool:
        """False for what is only said."""
        return self.shape is not Shape.NOTHING

    # --- read from a form -------------------------------------------------------------------------

    def question(self, row: FormRow) -> Question:
        """The question that a row without problems asks."""
        return Question(
            name=row.name,
            kind=self.name,
            label=row.label,
            hint=row.hint,
            required=row.required,
            relevant=row.relevant,
            constraint=row.constraint,
            constraint_message=row.constraint_message,
        )

    def wrong_parameters(self, parameters: str) -> ConditionError | None:
        """What is wrong with the column `parameters`; None where nothing is."""
        # For staff.
        return ConditionError(N_("This isn't read for this type. Empty it.")) if parameters else None

    @abstractmethod
    def how_many(self, n: int, _: Words) -> str:
        """How a summary for staff counts the questions of this kind: "3 numbers"."""

    # --- asked ------------------------------------------------------------------------------------

    def points(self, _question: Question) -> range:
        """The numbers that it offers, where it offers numbers."""
        return range(0)

    def listed(self, _question: Question, _said: FormWords) -> tuple[str, ...]:
        """Lines under the question, for options that no button holds."""
        return ()

    def hint(self, _question: Question, _: Words) -> str:
        """What somebody needs to know to answer, where the form has no hint of its own."""
        return ""

    def expects(self, _question: Question) -> Expects:
        """What may be typed instead of a tap."""
        return "nothing"

    def buttons(self, _question: Question, _said: FormWords, _ticked: Sequence[int]) -> tuple[Row, ...]:
        """The buttons that answer. A button's key is its place, from 0; `ticked` are the places ticked so far."""
        return ()

    # --- taken ------------------------------------------------------------------------------------

    @abstractmethod
    def typed(self, question: Question, text: str) -> Value | Unfit:
        """What somebody wrote, as an answer."""

    def tapped(self, question: Question, _places: Sequence[int]) -> Value | Unfit:
        """What somebody tapped, as an answer. Raises IndexError for a place that there is not."""
        raise IndexError(question.kind)

    # --- told in words ----------------------------------------------------------------------------

    @abstractmethod
    def told(self, question: Question, value: Value, said: FormWords, most: int) -> str:
        """An answer as its person reads it again, in at most so many letters."""
