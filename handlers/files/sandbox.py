"""Parses uploaded files in a sandboxed subprocess with memory and time limits, and no settings or files."""

import asyncio
import contextlib
import resource
import sys
from pathlib import Path
from weakref import WeakKeyDictionary

AT_ONCE = 2  # parsing processes, so that other people's turns are not slowed down
_MOST_MEMORY = 512 * 1024 * 1024
_HOUSE = Path(__file__).parents[2]

_reading: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class TooSlow(Exception):
    """The process ran out of time and was killed."""


class Crashed(Exception):
    """The process ended without a result: the file was too much for it."""


async def run_in_subprocess(module: str, data: bytes, seconds: float) -> bytes:
    """Runs a module in a subprocess, with only the data as input, and returns its output. Raises TooSlow or Ended."""
    async with _reading.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        return await _read(module, data, seconds)


async def _read(module: str, data: bytes, seconds: float) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-B", "-m", module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_HOUSE,
        env={},
    )
    try:
        async with asyncio.timeout(seconds):
            said, _ = await process.communicate(data)
    except TimeoutError:
        raise TooSlow from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    if process.returncode:
        raise Crashed
    return said


def limit() -> None:
    """Limits memory and forbids files; the subprocess calls this first. Where the system lacks one of these limits, the
    time limit still holds.
    """
    for what, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
