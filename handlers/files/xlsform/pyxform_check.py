"""Checks a workbook without problems against pyxform, the reference parser of XLSForm."""

import re
from collections.abc import Mapping
from typing import Any

from pyxform.builder import create_survey_element_from_dict
from pyxform.errors import PyXFormError
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import get_xlsform

from conversations.consultations.workbook import Problem
from conversations.core.i18n import N_
from handlers.files.xlsform.columns import READ, Column
from handlers.files.xlsform.sheets import SheetRow, Worksheet
from handlers.files.xlsform.types import QuestionType, type_of

_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"'(survey|choices|settings)' sheet")
_COLUMN = re.compile(r"the '([\w: ]+)' value")
_SETTINGS = frozenset({"form_id", "form_title"})


def first_problem(sheets: Mapping[str, Worksheet]) -> Problem | None:
    """Pyxform's first error as a problem, because it stops there; None if it has none."""
    try:
        # Like pyxform's own `convert`, but without writing a file.
        form = workbook_to_json(get_xlsform({name: _rows(sheet) for name, sheet in sheets.items()}))
        create_survey_element_from_dict(form).xml()
    except PyXFormError as error:
        said = str(error)
        row, sheet, column = _ROW.search(said), _SHEET.search(said), _COLUMN.search(said)
        return Problem(
            sheet[1] if sheet else "survey",
            int(row[1]) if row else 0,
            column[1] if column else "",
            N_("The checker of XLSForm says: {message}"),
            {"message": _ROW.sub("", said)},
        )
    return None


def _rows(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows as written, with empty ones, because pyxform counts them. Our own settings are left out."""
    read = _SETTINGS if sheet.name == "settings" else READ[sheet.name]
    columns = [column for column in sheet.columns if column.name in read]
    by_number = {row.number: row for row in sheet.rows}
    return [
        {c.written: text for c in columns if (text := _cell(by_number[number], c))}
        if number in by_number
        else {}
        for number in range(2, max(by_number, default=1) + 1)
    ]


def _cell(row: SheetRow, column: Column) -> str:
    """The cell's text. A question type that XLSForm lacks becomes "text", so that pyxform checks everything else."""
    written = row.text(column.name, column.language)
    if column.name != "type":
        return written
    asks = type_of(written)
    if not isinstance(asks, QuestionType) or asks.kind.has_list:
        return written
    return "text" if QUESTION_TYPE_DICT.keys().isdisjoint(asks.kind.types) else written
