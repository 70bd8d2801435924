"""Parses uploaded files in a sandboxed subprocess with memory and time limits, and no settings or files."""

import asyncio
import contextlib
import resource
import sys
from pathlib import Path
from weakref import WeakKeyDictionary

AT_ONCE = 2  # processes that read: the turns of everybody else must go on meanwhile
_MOST_MEMORY = 512 * 1024 * 1024
_HOUSE = Path(__file__).parents[2]

_reading: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class TooSlow(Exception):
    """It took longer than it may, and was ended."""


class Ended(Exception):
    """The process ended without an answer: the file was too much for it."""


async def read_apart(module: str, data: bytes, seconds: float) -> bytes:
    """What a module's process writes when it is given the data, and nothing else. Raises TooSlow, or Ended."""
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
        raise Ended
    return said


def limit() -> None:
    """Little memory, and no files: the first thing that such a process does. A system without one of these limits
    still has the time limit.
    """
    for what, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
