"""The survey sheet: the questions in the order of asking, and the groups around them."""

import re
from collections.abc import Iterator

from conversations.consultations.form import Question
from conversations.core.record import record
from handlers.files.xlsform.choices import options_of
from handlers.files.xlsform.languages import Languages, texts
from handlers.files.xlsform.sheets import Row, Sheet
from handlers.files.xlsform.types import Type, type_of

_YES = frozenset({"yes", "true", "true()", "1"})
_NO = frozenset({"", "no", "false", "false()", "0"})
_PARAMETER = re.compile(r"(\w[\w-]*)\s*=\s*([^\s,;]+)")


@record
class Asked:
    """A row that people will meet: a question, a note, or a group whose words are said before its questions."""

    row: Row
    type: Type
    relevant: tuple[tuple[Row, str], ...]  # each condition with the row that it stands in

    @property
    def name(self) -> str:
        return self.row.text("name") or f"note_{self.row.number}"


def asked(survey: Sheet, languages: Languages) -> Iterator[Asked]:
    """The rows that become questions, with the conditions of the groups that they stand in."""
    around: list[tuple[tuple[Row, str], ...]] = []
    for row in survey.rows:
        kind = type_of(row.text("type"))
        own = ((row, row.text("relevant")),) if row.text("relevant") else ()
        conditions = (*(condition for group in around for condition in group), *own)
        match kind.word:
            case "begin" | "repeat":
                around.append(own)
                if texts(row, "label", languages):
                    yield Asked(row, Type("note"), conditions)
            case "end":
                around = around[:-1]
            case "ignored" | "later" | "never":
                pass
            case _:
                yield Asked(row, kind, conditions)


def question_of(each: Asked, choices: Sheet | None, languages: Languages) -> Question:
    """The question that a row asks. The workbook has no problems."""
    row, kind = each.row, each.type
    numbers = points_of(row.text("parameters")) if kind.word == "range" else None
    start, end, step = numbers or (0, 0, 1)
    is_note = kind.word == "note"
    return Question(
        name=each.name,
        kind=kind.word,  # type: ignore[arg-type] # `asked` yields no other words
        label=texts(row, "label", languages),
        hint=texts(row, "hint", languages),
        required=not is_note and row.text("required").lower() in _YES,
        relevant=tuple(condition for _row, condition in each.relevant),
        constraint="" if is_note else row.text("constraint"),
        constraint_message={} if is_note else texts(row, "constraint_message", languages),
        options=options_of(choices, kind.options, languages) if kind.options else (),
        start=start,
        end=end,
        step=step,
    )


def is_yes_or_no(written: str) -> bool:
    return written.lower() in _YES | _NO


def is_no(written: str) -> bool:
    return written.lower() in _NO


def points_of(written: str) -> tuple[int, int, int] | None:
    """(start, end, step) of a range, as XLSForm fills in what is left out.

    None where they make no range of whole numbers, or one of more than 101.
    """
    values = {"start": "1", "end": "10", "step": "1", **dict(_PARAMETER.findall(written.lower()))}
    strange = _PARAMETER.sub("", written).strip(" ,;")
    try:
        start, end, step = (int(values.pop(name)) for name in ("start", "end", "step"))
    except ValueError:
        return None
    sensible = 1 <= step <= end - start <= 100 * step and max(abs(start), abs(end)) <= 1_000_000
    return (start, end, step) if sensible and not values and not strange else None
