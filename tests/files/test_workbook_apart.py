"""A workbook is parsed in a separate process, which may be killed."""

import asyncio
import io
import os
import sys
import zipfile
from pathlib import Path

import pytest

from handlers.files import sandbox
from handlers.files.workbook import parse, parse_in_subprocess
from tests.files.forms import HEADS, TEXT, said, workbook
from tests.files.write_sample import SAMPLE


async def test_a_workbook_reads_the_same_in_a_separate_process():
    assert await parse_in_subprocess(SAMPLE.read_bytes()) == parse(SAMPLE)
    broken = workbook([HEADS, ["geopoint", "a", "A?"]])
    assert await parse_in_subprocess(broken) == parse(broken)


async def test_reading_leaves_no_heavy_library_behind():
    code = (
        "import asyncio, sys\n"
        "from handlers.files.workbook import parse_in_subprocess\n"
        "asyncio.run(parse_in_subprocess(b'hello'))\n"
        "print(sorted({'openpyxl', 'pyxform', 'lxml'} & set(sys.modules)))\n"
    )
    house = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=house, stdout=asyncio.subprocess.PIPE
    )
    said_out, _ = await process.communicate()
    assert said_out == b"[]\n"


async def test_a_file_that_is_too_big_starts_no_process(monkeypatch):
    monkeypatch.setattr(asyncio, "create_subprocess_exec", None)
    found = await parse_in_subprocess(bytes(10 * 1024 * 1024))
    assert "too big" in said(found.problems[0])


async def test_a_workbook_that_takes_too_long_is_ended():
    found = await parse_in_subprocess(SAMPLE.read_bytes(), seconds=0.01)
    assert "takes too long" in said(found.problems[0])


@pytest.mark.left_to_all("a workbook's memory")
async def test_a_workbook_that_wants_too_much_memory_is_ended():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([HEADS, TEXT]))) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.namelist():
            more = b"<a/>" * 7_000_000 if part == "[Content_Types].xml" else b""
            new.writestr(part, old.read(part).replace(b"</Types>", more + b"</Types>"))
    assert len(out.getvalue()) < 100_000
    found = await parse_in_subprocess(out.getvalue(), seconds=200)
    assert "too much for me" in said(found.problems[0])


async def test_the_process_is_given_no_settings_and_no_keys(monkeypatch):
    monkeypatch.setenv("DATA_KEY", "secret")
    seen = {}
    real = asyncio.create_subprocess_exec

    async def watched(*args, **options):
        seen.update(options)
        return await real(*args, **options)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    await parse_in_subprocess(b"hello")
    assert seen["env"] == {}
    assert os.environ["DATA_KEY"] == "secret"


async def test_only_two_workbooks_are_read_at_once_and_all_of_them_are_read(monkeypatch):
    under_way, most = 0, 0
    read_apart = sandbox._read

    async def watched(module, data, seconds):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        found = await read_apart(module, data, seconds)
        under_way -= 1
        return found

    monkeypatch.setattr(sandbox, "_read", watched)
    found = await asyncio.gather(*(parse_in_subprocess(b"no workbook") for _ in range(5)))
    assert most == sandbox.AT_ONCE
    assert all(one.problems for one in found)
