"""The output of benchmarks: tables with the conditions of the measurement."""

import os
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Table:
    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        self.rows.append(cells)

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [" | ".join(_padded(cells, widths)) for cells in (self.head, *self.rows)]
        rule = "-|-".join("-" * width for width in widths)
        return "\n".join((f"\n{self.title}\n", lines[0], rule, *lines[1:]))


def _padded(cells: tuple[str, ...], widths: list[int]) -> list[str]:
    return [
        cell.rjust(width) if place else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]


def say(what: object) -> None:
    print(what, flush=True)


def heading() -> str:
    """The commit, the time and the machine. Only figures under the same heading may be compared."""
    commit = _git("rev-parse", "--short", "HEAD") or "unknown"
    changed = " with changes" if _git("status", "--porcelain", "--untracked-files=no") else ""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    return f"Heard {commit}{changed}, {when} UTC, {os.cpu_count()} processors, {load()}"


def load() -> str:
    return "load {:.1f} {:.1f} {:.1f}".format(*os.getloadavg())


def _git(*command: str) -> str:
    done = subprocess.run(("git", *command), cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
