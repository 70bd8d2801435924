"""The result of parsing an XLSForm workbook."""

from collections.abc import Mapping

from conversations.consultations.form import Form
from conversations.core.events import ReadFile
from conversations.core.record import Record, field


class Problem(Record):
    """One problem in a workbook: where it is and how to fix it.

    `words` is a catalogue message and `values` its values, so that it can be said in any language.
    """

    sheet: str
    row: int
    column: str
    words: str
    values: Mapping[str, str] = field(default_factory=dict)


class Workbook(ReadFile):
    """A form, or every problem of the workbook; never both."""

    form: Form | None
    problems: tuple[Problem, ...] = ()
