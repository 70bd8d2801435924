"""Exports all answers to a consultation as a workbook or CSV, for staff who may see them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from secrets import SystemRandom
from typing import TYPE_CHECKING

from conversations.consultations.form import Answers, Form, Question, Shape, Texts, Value, wording
from conversations.consultations.kinds.registry import kind_of, shape_of
from conversations.core.i18n import Words
from conversations.core.person import Band
from conversations.core.record import Record
from conversations.results.counting import QuestionResult, Results
from handlers.files.csv_safety import inert

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# Columns besides the answers, with an underscore as in Kobo.
OWN_COLUMNS = ("_row", "_age", "_language", "_day")

CellValue = str | int | float | date | None
_EXACT = 10**15  # beyond it a spreadsheet keeps only a number's first digits


class ExportRow(Record):
    """One person's answers, without their identity: an age band, a language, and the day but not the time."""

    age: Band | None
    language: str | None
    day: date
    answers: Answers


class OutcomeResponses(Record):
    """The responses to the outcome: true numbers, and comments."""

    results: Results
    added: tuple[str, ...] = ()


def answers_csv(form: Form, rows: Iterable[ExportRow]) -> bytes:
    """The answers alone: UTF-8 with a byte order mark, as Excel needs it. Rows are shuffled."""
    return csv_file(_answer_rows(form, rows))


def answers_xlsx(
    form: Form,
    rows: Iterable[ExportRow],
    results: Results,
    since: OutcomeResponses | None = None,
    *,
    exported: datetime,
    smallest: int,
    _: Words,
) -> bytes:
    """Four sheets: answers (shuffled, so that their order reveals nothing), questions, results, about. Once there is an
    outcome, two more come before the last: the counted responses to it, and the comments (shuffled too).

    `results` are true numbers; public results hide numbers under `smallest`; `exported` is UTC. Built in memory, up to
    about 7 MB for 1,000 people, because a temporary file would leave people's words on the disk.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": inert(_wording(form, form.title, _)), "created": exported})
        add_sheet(book, "answers", _answer_rows(form, rows), width=16)
        add_sheet(book, "questions", _question_rows(form, _), width=28)
        add_sheet(book, "results", _result_rows(results), width=20)
        if since is not None:
            add_sheet(book, "after", _result_rows(since.results), width=20)
            add_sheet(book, "added", _comment_rows(since.added), width=60)
        add_sheet(book, "about", _about_rows(form, results, exported, smallest, _), width=32)
    return out.getvalue()


def results_xlsx(results: Results) -> bytes:
    """One sheet: results as they may be seen, a line for each answer."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        add_sheet(book, "results", _result_rows(results), width=28)
    return out.getvalue()


def _comment_rows(texts: Iterable[str]) -> Iterator[list[CellValue]]:
    yield ["added"]
    shuffled = list(texts)
    SystemRandom().shuffle(shuffled)
    for text in shuffled:
        yield [text]


def _answer_rows(form: Form, rows: Iterable[ExportRow]) -> Iterator[list[CellValue]]:
    asked = [question for question in form.questions if kind_of(question).is_answered]
    yield [*OWN_COLUMNS, *(name for question in asked for name in _columns(question))]
    shuffled = list(rows)
    SystemRandom().shuffle(shuffled)
    for number, row in enumerate(shuffled, 1):
        said = [
            cell for question in asked for cell in _answer_cells(question, row.answers.get(question.name))
        ]
        yield [number, row.age, row.language, row.day, *said]


def _columns(question: Question) -> list[str]:
    if shape_of(question) is not Shape.OPTIONS:
        return [question.name]
    return [question.name, *(f"{question.name}/{option.name}" for option in question.options)]


def _answer_cells(question: Question, value: Value | None) -> list[CellValue]:
    """One cell or, with several choices, the names and then a 0 or 1 for each option; all empty if not answered."""
    if shape_of(question) is Shape.OPTIONS:
        if not isinstance(value, tuple):
            return [None] * (1 + len(question.options))
        return [" ".join(value), *(int(option.name in value) for option in question.options)]
    if isinstance(value, bool):
        return ["OK" if value else None]
    return [value if isinstance(value, str | int) else None]


def _question_rows(form: Form, _: Words) -> Iterator[list[CellValue]]:
    yield ["name", "kind", "label"]
    for question in form.questions:
        yield [question.name, question.kind, _wording(form, question.label, _)]
        for option in question.options:
            yield [f"{question.name}/{option.name}", "choice", _wording(form, option.label, _)]


def _result_rows(results: Results) -> Iterator[list[CellValue]]:
    yield ["question", "answer", "label", "count", "of", "average"]
    for question in results.questions:
        yield from _rows_of_question(question)


def _rows_of_question(question: QuestionResult) -> Iterator[list[CellValue]]:
    yield [question.name, None, question.label, question.answered, question.people, question.mean]
    for cell in question.cells:
        yield [question.name, cell.name, cell.label, cell.count, question.answered, None]


def _about_rows(
    form: Form, results: Results, exported: datetime, smallest: int, _: Words
) -> Iterator[list[CellValue]]:
    yield [_("About this file"), None]
    yield [_("What it is"), _("Everything that people said in “{title}”.", title=results.title)]
    yield [_("Its code"), form.code]
    yield [_("People who took part"), results.people]
    yield [_("Exported"), f"{exported.astimezone(_.zone):%Y-%m-%d %H:%M}"]
    yield [
        _("Who may have it"),
        _("Only staff who may see answers. It holds what people wrote, word for word."),
    ]
    yield [
        _("Before you share numbers"),
        _(
            "The numbers here are the true ones. Leave out every number under {n}, and a second one where a "
            "total would give it away. What Heard publishes has that done.",
            n=smallest,
        ),
    ]
    yield [_("Rows"), _("They are shuffled for each export. A row's number says nothing about the person.")]


def _wording(form: Form, texts: Texts, _: Words) -> str:
    return wording(texts, _.language, _.version, form.default_language)


def csv_file(rows: Iterable[Sequence[CellValue]]) -> bytes:
    """Rows as CSV: UTF-8 with a byte order mark, as Excel needs it. Texts are inert."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow([_csv_value(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _csv_value(cell: CellValue) -> str | int | float:
    match cell:
        case None:
            return ""
        case str():
            return inert(cell)
        case date():
            return cell.isoformat()
        case _:
            return cell


def add_sheet(book: "Workbook", name: str, rows: Iterator[list[CellValue]], *, width: int) -> None:
    """Adds a sheet whose first row is its heading."""
    sheet = book.add_worksheet(name)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    heading = next(rows)
    _write(sheet, 0, heading, day, bold)
    for place, row in enumerate(rows, 1):
        _write(sheet, place, row, day)
    sheet.set_column(0, len(heading) - 1, width)
    sheet.freeze_panes(1, 0)


def _write(
    sheet: "Worksheet", place: int, row: list[CellValue], day: "Format", style: "Format | None" = None
) -> None:
    """Writes each cell with the method for its type, because `write` turns text into formulas and links."""
    for column, cell in enumerate(row):
        match cell:
            case None:
                continue
            case date():
                sheet.write_datetime(place, column, cell, day)
            case int() | float() if abs(cell) < _EXACT:
                sheet.write_number(place, column, cell, style)
            case _:
                sheet.write_string(place, column, inert(str(cell)), style)
