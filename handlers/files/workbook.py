"""Parses a consultation's workbook in a subprocess, into a form or a list of all its problems."""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from conversations.consultations.workbook import Problem, Workbook
from conversations.core.i18n import N_
from handlers.files.sandbox import Crashed, TooSlow, limit, run_in_subprocess
from handlers.files.xlsform.limits import MOST_BYTES
from storage.core import json_codec

MOST_PROBLEMS = 200


async def parse_in_subprocess(data: bytes, *, seconds: float = 20) -> Workbook:
    """Parses a workbook in a subprocess, which is killed after `seconds`. Never raises because of the content."""
    if len(data) > MOST_BYTES:
        return _rejected(N_("This file is too big. A workbook may have up to 5 MB."))
    try:
        return json_codec.loads(await run_in_subprocess("handlers.files.workbook", data, seconds), Workbook)
    except TooSlow:
        return _rejected(N_("This workbook takes too long to read. Make it smaller, and send it again."))
    except Crashed:
        return _rejected(N_("This workbook is too much for me. Copy its three sheets into a new one."))


def parse(source: bytes | os.PathLike[str] | str) -> Workbook:
    """Parses one of our own workbooks. For an uploaded file use `parse_in_subprocess`."""
    from handlers.files.xlsform import sheets

    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    try:
        found, problems = sheets.open_sheets(data)
    except sheets.NotReadable as why:
        return _rejected(str(why))
    return _check_and_build(found, problems)


def _check_and_build(sheets: Mapping[str, Any], problems: Iterable[Problem]) -> Workbook:
    from handlers.files.xlsform.importer import form_of, problems_of
    from handlers.files.xlsform.pyxform_check import first_problem

    found = [*problems, *problems_of(sheets)]
    if not found and (said := first_problem(sheets)):
        found = [said]
    return Workbook(None, _limited(found)) if found else Workbook(form_of(sheets))


def _limited(problems: list[Problem]) -> tuple[Problem, ...]:
    problems = sorted(problems, key=lambda problem: (problem.sheet != "survey", problem.sheet, problem.row))
    if len(problems) <= MOST_PROBLEMS:
        return tuple(problems)
    more = Problem("", 0, "", N_("And {n} more."), {"n": str(len(problems) - MOST_PROBLEMS)})
    return (*problems[:MOST_PROBLEMS], more)


def _rejected(words: str) -> Workbook:
    return Workbook(None, (Problem("", 0, "", words),))


if __name__ == "__main__":
    limit()
    sys.stdout.write(json_codec.dumps(parse(sys.stdin.buffer.read())))
