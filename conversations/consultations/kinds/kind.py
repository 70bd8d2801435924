"""The base of question kinds: how a form declares one, how it is asked, parsed and shown as text."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from conversations.consultations.conditions import ConditionError
from conversations.consultations.form import Option, Question, Shape, Texts, Value
from conversations.consultations.form_text import FormWords
from conversations.core.i18n import N_, Words
from conversations.core.messages import Expects, Row
from conversations.core.record import Record, field


class Unfit(Record):
    """Why something is not an answer: a catalogue message and its values.

    `own` is the form's own message in its languages. If there is one, it is shown instead.
    """

    words: str
    values: Mapping[str, object] = field(default_factory=dict)
    own: Texts = field(default_factory=dict)


class FormRow(Record):
    """A question's row in a form. `options` come from its option list; `parameters` is the cell's raw text."""

    name: str
    label: Texts
    hint: Texts = field(default_factory=dict)
    required: bool = False
    relevant: tuple[str, ...] = ()
    constraint: str = ""
    constraint_message: Texts = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    parameters: str = ""


class QuestionKind(Record):
    """One kind of question. The methods here have defaults that suit most kinds; a subclass overrides the others.

    `name` is stored with each question and never changes. `types` are its names in a form's column `type`; an
    underscore in one may be a space. With `has_list`, the name of an option list follows the type. `seconds` is the
    time that a thoughtful answer takes.
    """

    name: str
    types: tuple[str, ...]
    shape: Shape
    seconds: int
    has_list: bool = False

    @property
    def is_answered(self) -> bool:
        """False for a kind that is only shown."""
        return self.shape is not Shape.NOTHING

    # --- read from a form -------------------------------------------------------------------------

    def question(self, row: FormRow) -> Question:
        """Builds the question from a row without problems."""
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
        """What is wrong with the column `parameters`; None if nothing is."""
        # For staff.
        return ConditionError(N_("This isn't read for this type. Empty it.")) if parameters else None

    @abstractmethod
    def how_many(self, n: int, _: Words) -> str:
        """How a summary for staff counts the questions of this kind: "3 numbers"."""

    # --- asked ------------------------------------------------------------------------------------

    def points(self, _question: Question) -> range:
        """The numbers on its scale; empty if it has no scale."""
        return range(0)

    def option_lines(self, _question: Question, _said: FormWords) -> tuple[str, ...]:
        """Lines under the question that list options too long for buttons."""
        return ()

    def hint(self, _question: Question, _: Words) -> str:
        """The default hint, shown if the form has none."""
        return ""

    def expects(self, _question: Question) -> Expects:
        """What may be typed instead of a tap."""
        return "nothing"

    def buttons(self, _question: Question, _said: FormWords, _ticked: Sequence[int]) -> tuple[Row, ...]:
        """The answer buttons. A button's key is its place, from 0; `ticked` are the places ticked so far."""
        return ()

    # --- parsed -----------------------------------------------------------------------------------

    @abstractmethod
    def parse_text(self, question: Question, text: str) -> Value | Unfit:
        """Parses a typed answer."""

    def parse_places(self, question: Question, _places: Sequence[int]) -> Value | Unfit:
        """Parses a tapped answer. Raises IndexError if there is no such button."""
        raise IndexError(question.kind)

    # --- shown as text ----------------------------------------------------------------------------

    @abstractmethod
    def answer_text(self, question: Question, value: Value, said: FormWords, most: int) -> str:
        """The answer as text for the person who gave it, at most `most` letters long."""
