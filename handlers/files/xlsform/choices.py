"""The choices sheet, with the option lists of the questions."""

import re
from collections.abc import Collection, Iterator

from conversations.consultations.form import Option
from conversations.consultations.workbook import Problem
from conversations.core.i18n import N_
from handlers.files.xlsform.columns import REFUSED
from handlers.files.xlsform.labels import problems_of_words
from handlers.files.xlsform.languages import Languages, gap_problems, head, texts
from handlers.files.xlsform.limits import MOST_OPTIONS, OPTION_MOST
from handlers.files.xlsform.sheets import SheetRow, Worksheet

_NAME = re.compile(r"[^\s,;]{1,64}")


def options_of(sheet: Worksheet | None, name: str, languages: Languages) -> tuple[Option, ...]:
    """The options of a list in sheet order."""
    return tuple(Option(row.text("name"), texts(row, "label", languages)) for row in rows_of(sheet, name))


def rows_of(sheet: Worksheet | None, name: str) -> list[SheetRow]:
    return [row for row in sheet.rows if row.text("list_name") == name] if sheet else []


def problems_of_choices(sheet: Worksheet, used: Collection[str], languages: Languages) -> Iterator[Problem]:
    """The problems of the lists that questions use. Other lists are not checked."""
    rows = [row for row in sheet.rows if row.text("list_name") in used]
    for row in sheet.rows:
        if not row.text("list_name") and (row.text("name") or texts(row, "label", languages)):
            yield Problem(sheet.name, row.number, "list_name", N_("Say which list this option belongs to."))
    for row in rows:
        yield from _problems_of_option(sheet, row, languages)
    yield from gap_problems(sheet, rows, languages)
    for name in sorted(used):
        yield from _problems_of_list(sheet, name)


def _problems_of_option(sheet: Worksheet, row: SheetRow, languages: Languages) -> Iterator[Problem]:
    if not _NAME.fullmatch(row.text("name")):
        words = N_("Give this option a short name without spaces or commas, like {example}.")
        yield Problem(sheet.name, row.number, "name", words, {"example": "not_safe"})
    if not texts(row, "label", languages):
        written = head(sheet, "label", languages.default, languages)
        yield Problem(sheet.name, row.number, written, N_("Write the words that people choose."))
    yield from problems_of_words(sheet, row, {"label": OPTION_MOST})
    yield from _problems_of_signs(sheet, row)
    for column in sheet.columns:
        if column.name in REFUSED["choices"] and row.text(column.name, column.language):
            yield Problem(
                sheet.name, row.number, column.written, N_("This column isn't read here yet. Empty it.")
            )


def _problems_of_signs(sheet: Worksheet, row: SheetRow) -> Iterator[Problem]:
    for column in sheet.columns:
        text = row.text("label", column.language) if column.name == "label" else ""
        if text and not re.search(r"\w", text):
            words = N_("Put a word beside the sign, for people who can't see it.")
            yield Problem(sheet.name, row.number, column.written, words)


def _problems_of_list(sheet: Worksheet, name: str) -> Iterator[Problem]:
    rows = rows_of(sheet, name)
    if len(rows) > MOST_OPTIONS:
        words = N_("This list has too many options. Up to {most} fit one question.")
        yield Problem(sheet.name, rows[MOST_OPTIONS].number, "list_name", words, {"most": str(MOST_OPTIONS)})
    seen: set[str] = set()
    for row in rows:
        option = row.text("name")
        if option and option in seen:
            words = N_('The list "{list}" already has an option named "{name}".')
            yield Problem(sheet.name, row.number, "name", words, {"list": name, "name": option})
        seen.add(option)
