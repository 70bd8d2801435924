"""What was read of an XLSForm workbook."""

from collections.abc import Mapping
from dataclasses import field

from conversations.consultations.form import Form
from conversations.core.events import ReadFile
from conversations.core.record import record


@record
class Problem:
    """One thing that a workbook has and that Heard does not read: where it is and what to do about it.

    `words` is a message of the catalogue and `values` fill it in, so that it can be said in any language.
    """

    sheet: str
    row: int
    column: str
    words: str
    values: Mapping[str, str] = field(default_factory=dict)


@record
class Workbook(ReadFile):
    """What was read of an XLSForm workbook: a form, or every problem at once. Never both."""

    form: Form | None
    problems: tuple[Problem, ...] = ()
