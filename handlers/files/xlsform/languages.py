"""The languages and reading versions of a workbook, and missing translations."""

import re
from collections.abc import Iterator, Mapping

from conversations.consultations.form import Texts
from conversations.consultations.workbook import Problem
from conversations.core.i18n import N_
from conversations.core.record import Record
from handlers.files.xlsform.columns import TRANSLATED, Column, code_of, likely_column
from handlers.files.xlsform.sheets import SheetRow, Worksheet

_LANGUAGE = re.compile(r"[a-z]{2,3}")


class Languages(Record):
    """The languages of a workbook. `default` is the code for columns that name no language.

    `spoken` maps the code of each language, without versions, to its text in a head: {"pl": "Polski (pl)"}.
    """

    default: str
    spoken: Mapping[str, str]

    def key(self, language: str) -> str:
        return language or self.default


def languages_of(sheets: Mapping[str, Worksheet]) -> Languages:
    """The languages in the heads and the setting `default_language`. Without the setting, the default is English or the
    first one named.
    """
    columns = [column for sheet in sheets.values() for column in _translated_columns(sheet)]
    written = {
        c.language: c.written.split(":")[-1].strip() for c in columns if c.is_understood and c.language
    }
    bases = {code: words for code, words in written.items() if "-" not in code}
    default = _chosen_default(sheets.get("settings"), bases)
    if not default:
        unnamed = any(not column.language for column in columns)
        default = "en" if unnamed or "en" in bases or not bases else next(iter(bases))
    return Languages(default, {default: default, **bases})


def texts(row: SheetRow, name: str, languages: Languages) -> Texts:
    """A row's text in all its variants."""
    return {languages.key(lang): text for (column, lang), text in row.cells.items() if column == name}


def head(sheet: Worksheet, name: str, language: str, languages: Languages) -> str:
    """The head of the column for this text in this language: as written or, if it is missing, as it should be."""
    for column in sheet.columns:
        if column.name == name and languages.key(column.language) == language:
            return column.written
    return name if language == languages.default else f"{name}::{languages.spoken.get(language, language)}"


def problems_of_columns(sheet: Worksheet, languages: Languages) -> Iterator[Problem]:
    """The problems of heads: an unclear language, a reading version without its language, duplicates, misspellings."""
    seen: set[tuple[str, str]] = set()
    for column in sheet.columns:
        if right := likely_column(sheet.name, column.name):
            words = N_('Did you mean "{name}"? Write that, or take this column out.')
            yield Problem(sheet.name, 1, column.written, words, {"name": right})
        if column.name in TRANSLATED[sheet.name]:
            yield from _problem_of_language(sheet.name, column, languages)
        key = (column.name, languages.key(column.language))
        if key in seen and not right:
            yield Problem(sheet.name, 1, column.written, N_("Two columns say the same thing. Take one out."))
        seen.add(key)


def gap_problems(sheet: Worksheet, rows: list[SheetRow], languages: Languages) -> Iterator[Problem]:
    """Texts that are missing in one language but present in another.

    A language must be complete. A reading version may have gaps, which its language fills.
    """
    there = {(column.name, languages.key(column.language)) for column in sheet.columns}
    words = N_("The words are missing here. Every text needs every language of the form.")
    for name in sorted(TRANSLATED[sheet.name]):
        used = [row for row in rows if texts(row, name, languages)]
        for language in languages.spoken:
            written = head(sheet, name, language, languages)
            if used and (name, language) not in there:
                yield Problem(
                    sheet.name, 1, written, N_("This column is missing. Every text needs every language.")
                )
                continue
            for row in used:
                if language not in texts(row, name, languages):
                    yield Problem(sheet.name, row.number, written, words)


def _problem_of_language(sheet: str, column: Column, languages: Languages) -> Iterator[Problem]:
    if not column.is_understood:
        words = N_("Put the language's code in brackets, like {example} or {version}.")
        examples = {
            "example": f"{column.name}::Polski (pl)",
            "version": f"{column.name}::Easy English (en-easy)",
        }
        yield Problem(sheet, 1, column.written, words, examples)
    elif "-" in column.language and column.language.split("-")[0] not in languages.spoken:
        yield Problem(
            sheet,
            1,
            column.written,
            N_("This is a reading version of a language that the form doesn't have."),
        )


def _chosen_default(settings: Worksheet | None, bases: Mapping[str, str]) -> str:
    written = settings.rows[0].text("default_language") if settings and settings.rows else ""
    named = (code for code, words in bases.items() if words.lower().startswith(written.lower() + " ("))
    return code_of(written) or next(named, "") or written.lower()


def is_language(code: str) -> bool:
    return _LANGUAGE.fullmatch(code) is not None


def _translated_columns(sheet: Worksheet) -> list[Column]:
    return [column for column in sheet.columns if column.name in TRANSLATED[sheet.name]]
