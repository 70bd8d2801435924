"""A consultation's workbook: read into a form, or every problem at once, in a process of its own."""

import asyncio
import contextlib
import json
import os
import resource
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from conversations.events import Problem, Workbook
from conversations.form_json import from_json, to_json
from conversations.words import N_
from handlers.papers.xlsform.limits import MOST_BYTES

MOST_PROBLEMS = 200
AT_ONCE = 2  # processes that read: the turns of everybody else must go on meanwhile
_MOST_MEMORY = 512 * 1024 * 1024
_HOUSE = Path(__file__).parents[2]


_reading: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def parse_in_subprocess(data: bytes, *, seconds: float = 20) -> Workbook:
    """What a workbook holds, read in a process that is ended after `seconds`. Never raises over its content.

    The process gets the workbook and nothing else: no settings, no keys, little memory, no files to write.
    """
    if len(data) > MOST_BYTES:
        return _unread(N_("This file is too big. A workbook may have up to 5 MB."))
    async with _reading.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        return await _parsed(data, seconds)


async def _parsed(data: bytes, seconds: float) -> Workbook:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-B", "-m", "handlers.papers.workbook"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_HOUSE,
        env={},
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(data), seconds)
    except TimeoutError:
        return _unread(N_("This workbook takes too long to read. Make it smaller, and send it again."))
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    if process.returncode:
        return _unread(N_("This workbook is too much for me. Copy its three sheets into a new one."))
    return _workbook_from(json.loads(said))


def read(source: bytes | os.PathLike[str] | str) -> Workbook:
    """What a workbook holds. For files of our own; for a file that somebody sent, `parse_in_subprocess`."""
    from handlers.papers.xlsform import sheets

    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    try:
        found, problems = sheets.opened(data)
    except sheets.NotReadable as why:
        return _unread(str(why))
    return _read(found, problems)


def _read(sheets: Mapping[str, Any], problems: Iterable[Problem]) -> Workbook:
    from handlers.papers.xlsform.reading import form_of, problems_of
    from handlers.papers.xlsform.second_opinion import objection

    found = [*problems, *problems_of(sheets)]
    if not found and (said := objection(sheets)):
        found = [said]
    return Workbook(None, _few(found)) if found else Workbook(form_of(sheets))


def _few(problems: list[Problem]) -> tuple[Problem, ...]:
    problems = sorted(problems, key=lambda problem: (problem.sheet != "survey", problem.sheet, problem.row))
    if len(problems) <= MOST_PROBLEMS:
        return tuple(problems)
    more = Problem("", 0, "", N_("And {n} more."), {"n": str(len(problems) - MOST_PROBLEMS)})
    return (*problems[:MOST_PROBLEMS], more)


def _unread(words: str) -> Workbook:
    return Workbook(None, (Problem("", 0, "", words),))


# --- over the pipe --------------------------------------------------------------------------------


def _workbook_json(workbook: Workbook) -> dict[str, Any]:
    problems = [[p.sheet, p.row, p.column, p.words, dict(p.values)] for p in workbook.problems]
    return {"form": to_json(workbook.form) if workbook.form else None, "problems": problems}


def _workbook_from(data: Mapping[str, Any]) -> Workbook:
    form = from_json(data["form"]) if data["form"] else None
    return Workbook(form, tuple(Problem(*problem) for problem in data["problems"]))


def _limit() -> None:
    """Little memory, and no files. A system without one of these limits still has the time limit."""
    for what, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    _limit()
    json.dump(_workbook_json(read(sys.stdin.buffer.read())), sys.stdout)
