"""Opens an untrusted workbook, and reads its sheets with every cell as text."""

import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from conversations.consultations.workbook import Problem
from conversations.core.i18n import N_
from conversations.core.record import Record
from handlers.files.xlsform.columns import READ, REFUSED, Column, parse_head
from handlers.files.xlsform.limits import MOST_BYTES, MOST_COLUMNS, MOST_FILES, MOST_ROWS, MOST_UNPACKED

SHEETS = ("survey", "choices", "settings")
# XLSForm sheets that would change what is asked. Any other sheet is ignored.
_REFUSED_SHEETS = frozenset({"external_choices", "entities", "osm"})
_NO_WORKBOOK = N_("This isn't a workbook that I can open. Save it as .xlsx and send it again.")
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"


class NotReadable(Exception):
    """The file cannot be opened at all. Its message is a catalogue key."""


class SheetRow(Record):
    """One row: its number as the spreadsheet shows it, and its non-empty cells by column name and language."""

    number: int
    cells: Mapping[tuple[str, str], str]

    def text(self, name: str, language: str = "") -> str:
        return self.cells.get((name, language), "")


class Worksheet(Record):
    """A sheet with its columns and non-empty rows. `problems` are those of single cells."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...] = ()

    def head(self, name: str, language: str = "") -> str:
        """A column's head: as written or, if it is missing, as it should be."""
        for each in self.columns:
            if (each.name, each.language) == (name, language):
                return each.written
        return f"{name}::({language})" if language else name


def open_sheets(data: bytes) -> tuple[dict[str, Worksheet], tuple[Problem, ...]]:
    """The supported sheets by name, and problems of whole sheets. Raises NotReadable."""
    _check_file(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # from openpyxl, about styles and drop-downs that it drops
            return _sheets(data)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- a broken workbook makes openpyxl raise almost anything
        raise NotReadable(_NO_WORKBOOK) from None


def _sheets(data: bytes) -> tuple[dict[str, Worksheet], tuple[Problem, ...]]:
    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        named = {name.strip().lower(): book[name] for name in book.sheetnames}
        sheets = {name: _sheet(name, named[name]) for name in SHEETS if name in named}
    finally:
        book.close()
    refused = [
        Problem(name, 0, "", N_("This sheet isn't read here yet. Take it out, and the rows that need it."))
        for name in sorted(_REFUSED_SHEETS & named.keys())
    ]
    return sheets, tuple(refused)


def _check_file(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise NotReadable(N_("This file is too big. A workbook may have up to 5 MB."))
    if data.startswith(_OLD_OR_LOCKED):
        raise NotReadable(N_("This is an old or locked workbook. Save it as .xlsx, without a password."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise NotReadable(
            N_("This isn't a workbook that I can open. Save it as .xlsx and send it again.")
        ) from None
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise NotReadable(_NO_WORKBOOK)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise NotReadable(N_("This workbook has macros. Save it as .xlsx, without macros."))
    if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NotReadable(N_("This workbook is far too big inside. Copy the three sheets into a new one."))


def _sheet(name: str, raw: Any) -> Worksheet:
    rows = raw.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1)
    heads = [_text(cell.value) for cell in next(rows, ())]
    columns = [parse_head(name, head) if head else None for head in heads]
    found: list[SheetRow] = []
    problems = list(_problems_of_size(name, heads))
    for number, cells in enumerate(rows, start=2):
        pairs = [(head, cell) for head, cell in zip(columns, cells, strict=False) if head is not None]
        problems += _problems_of_cells(name, number, pairs)
        texts = {(head.name, head.language): text for head, cell in pairs if (text := _text(cell.value))}
        if texts:
            found.append(SheetRow(number, texts))
    if found and found[-1].number > MOST_ROWS:
        words = N_("This sheet has too many rows. Up to {most} are read.")
        problems.append(Problem(name, MOST_ROWS, "", words, {"most": str(MOST_ROWS)}))
    return Worksheet(name, tuple(head for head in columns if head), tuple(found), tuple(problems))


def _problems_of_size(sheet: str, heads: list[str]) -> Iterator[Problem]:
    if any(heads[MOST_COLUMNS:]):
        words = N_("This sheet has too many columns. Up to {most} are read.")
        yield Problem(sheet, 1, "", words, {"most": str(MOST_COLUMNS)})


def _problems_of_cells(sheet: str, number: int, pairs: list[tuple[Column, Any]]) -> Iterator[Problem]:
    for head, cell in pairs:
        if head.name not in READ[sheet] | REFUSED[sheet]:
            continue
        if cell.data_type == "f":
            yield Problem(
                sheet, number, head.written, N_("This cell holds a formula. Write what it comes to.")
            )
        elif cell.data_type == "e":
            yield Problem(
                sheet,
                number,
                head.written,
                N_("The spreadsheet shows a mistake in this cell. Write it again."),
            )


def _text(value: Any) -> str:
    """A cell's value as text: 1.0 is "1", and a date is "2026-12-20"."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value).replace("\u00a0", " ").replace("_x000D_", "").replace("\r\n", "\n").strip()
