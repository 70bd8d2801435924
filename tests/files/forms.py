"""Workbooks as a worker would have typed them, one short sheet after another."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from conversations.consultations.form import Form
from conversations.consultations.workbook import Problem
from handlers.files.workbook import parse

HEADS = ["type", "name", "label"]
TEXT = ["text", "better", "What would make it better?"]


SETTINGS = [["form_id", "form_title"], ["buses", "Buses after school"]]
Rows = Sequence[Sequence[Any]]


def workbook(
    survey: Rows | None, choices: Rows | None = None, settings: Rows | None = SETTINGS, **others: Rows
) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in {"survey": survey, "choices": choices, "settings": settings, **others}.items():
        if rows is not None:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def said(problem: Problem) -> str:
    return problem.words.format(**problem.values) if problem.values else problem.words


def places(problems: Sequence[Problem]) -> list[str]:
    """Every problem as "survey 3 relevant"."""
    return [f"{p.sheet} {p.row} {p.column}".strip() for p in problems]


def problems(data: bytes) -> list[str]:
    return [f"{p.sheet} {p.row} {p.column}: {said(p)}" for p in parse(data).problems]


def form_of(data: bytes) -> Form:
    found = parse(data)
    assert found.problems == ()
    assert found.form is not None
    return found.form
