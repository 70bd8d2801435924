"""The survey sheet: its questions in order, with the groups around them."""

from collections.abc import Iterator

from conversations.consultations.form import Question
from conversations.consultations.kinds.kind import FormRow
from conversations.consultations.kinds.note import NOTE
from conversations.core.record import Record
from handlers.files.xlsform.choices import options_of
from handlers.files.xlsform.languages import Languages, texts
from handlers.files.xlsform.sheets import SheetRow, Worksheet
from handlers.files.xlsform.types import QuestionType, type_of

_YES = frozenset({"yes", "true", "true()", "1"})
_NO = frozenset({"", "no", "false", "false()", "0"})


class SurveyItem(Record):
    """A row that people will see: a question, a note, or a group whose label is shown before its questions."""

    row: SheetRow
    asks: QuestionType
    relevant: tuple[tuple[SheetRow, str], ...]  # each condition with its row

    @property
    def name(self) -> str:
        return self.row.text("name") or f"note_{self.row.number}"


def survey_items(survey: Worksheet, languages: Languages) -> Iterator[SurveyItem]:
    """The rows that become questions, each with the conditions of its groups."""
    around: list[tuple[tuple[SheetRow, str], ...]] = []
    for row in survey.rows:
        own = ((row, row.text("relevant")),) if row.text("relevant") else ()
        conditions = (*(condition for group in around for condition in group), *own)
        match type_of(row.text("type")):
            case "begin" | "repeat":
                around.append(own)
                if texts(row, "label", languages):
                    yield SurveyItem(row, QuestionType(NOTE), conditions)
            case "end":
                around = around[:-1]
            case "ignored" | "later" | "never":
                pass
            case asks:
                yield SurveyItem(row, asks, conditions)


def question_of(each: SurveyItem, choices: Worksheet | None, languages: Languages) -> Question:
    """Builds the question from a row of a workbook without problems."""
    row, asks = each.row, each.asks
    return asks.kind.question(
        FormRow(
            name=each.name,
            label=texts(row, "label", languages),
            hint=texts(row, "hint", languages),
            required=row.text("required").lower() in _YES,
            relevant=tuple(condition for _row, condition in each.relevant),
            constraint=row.text("constraint"),
            constraint_message=texts(row, "constraint_message", languages),
            options=options_of(choices, asks.options, languages) if asks.options else (),
            parameters=row.text("parameters"),
        )
    )


def is_yes_or_no(written: str) -> bool:
    return written.lower() in _YES | _NO


def is_no(written: str) -> bool:
    return written.lower() in _NO
