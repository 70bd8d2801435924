"""Checks the texts that young people will read: short enough for a message, and without placeholders."""

from collections.abc import Iterator, Mapping

from conversations.consultations.workbook import Problem
from conversations.core.i18n import N_
from handlers.files.xlsform.sheets import SheetRow, Worksheet


def problems_of_words(sheet: Worksheet, row: SheetRow, most: Mapping[str, int]) -> Iterator[Problem]:
    """The problems of a row's texts. `most` is the maximum length of each column's texts, in letters."""
    for column in sheet.columns:
        if column.name not in most:
            continue
        text = row.text(column.name, column.language)
        if len(text) > most[column.name]:
            words = N_("These words are too long: {n} letters. Up to {most} are easy to read.")
            values = {"n": str(len(text)), "most": str(most[column.name])}
            yield Problem(sheet.name, row.number, column.written, words, values)
        if "${" in text:
            words = N_(
                "An answer can't be put into other words here yet. Take out the part with the dollar sign."
            )
            yield Problem(sheet.name, row.number, column.written, words)
