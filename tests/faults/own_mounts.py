"""A process with a private file system, without root."""

import shutil
import subprocess

import pytest


def own_mount(mount: str) -> tuple[str, ...]:
    """The beginning of a command that carries out `mount` and then the rest, in a room of its own. Skips the test where
    the machine does not let us.
    """
    inside = ("unshare", "--map-root-user", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh")
    if not shutil.which("unshare") or subprocess.run((*inside, "true"), check=False).returncode:
        pytest.skip("this machine gives no test a file system of its own (unshare --map-root-user --mount)")
    return inside
