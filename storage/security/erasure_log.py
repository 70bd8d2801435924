"""The erasure log, an append-only file beside the database: erasures that a restore must not undo, and checkpoints.

Each line says that somebody was forgotten, stopped messages, withdrew a quote or left the team (by a stamp of their
addresses, which identifies nobody), that a case was closed or its texts shown to the team (by a stamp of its number), that
something published was withdrawn (by a stamp of its number), or is a checkpoint. A line is on disk before the change that it records is committed.
"""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal, cast, get_args

from conversations.core.record import Record
from storage.core.errors import Unavailable
from storage.security.vault import sync_folder

TombstoneKind = Literal[
    "forgot",
    "stopped",
    "started",
    "left",
    "unquoted",
    "unused",
    "used",
    "took-back",
    "closed",
    "released",
    "withdrawn",
]
KEPT_FOR = timedelta(days=400)  # as long as anybody may keep a backup
_TITLE = "# Heard's log outside the database. Keep it, and keep it apart from backups: see docs/howto/backup-and-restore.md.\n"
_KINDS = get_args(TombstoneKind)
_LONGEST = 1_000_000  # bytes of one line


class Tombstone(Record):
    """One thing that a person did, with the stamps of their addresses, or what became of a case, with its own. A database that is not older than this line
    knows its `id`. `lineage` identifies the database; another one next to the file has its own.
    """

    kind: TombstoneKind
    day: date
    lineage: str
    id: str
    stamps: tuple[bytes, ...]


class Checkpoint(Record):
    """How far a database had come. `number` only rises; `lines` and `last` are the audit log's length and last stamp."""

    at: datetime
    lineage: str
    number: int
    lines: int
    last: bytes


class Restored(Record):
    """An older database was found in place: the audit log's length before, and then."""

    at: datetime
    lineage: str
    lines_before: int
    lines: int


LogLine = Tombstone | Checkpoint | Restored


class LogContents(Record):
    """The file's lines about one database, oldest first. `damaged` counts unreadable lines."""

    tombstones: tuple[Tombstone, ...] = ()
    marks: tuple[Checkpoint | Restored, ...] = ()
    damaged: int = 0

    @property
    def number(self) -> int:
        """The highest checkpoint's number; 0 if there is none."""
        return max((line.number for line in self.marks if isinstance(line, Checkpoint)), default=0)

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The last checkpoint; None if an older database was put in place since."""
        last = self.marks[-1] if self.marks else None
        return last if isinstance(last, Checkpoint) else None

    @property
    def restores(self) -> tuple[Restored, ...]:
        return tuple(line for line in self.marks if isinstance(line, Restored))


def new_tombstone(kind: TombstoneKind, day: date, lineage: str, stamps: Iterable[bytes]) -> Tombstone:
    return Tombstone(kind, day, lineage, secrets.token_hex(8), tuple(stamps))


class ErasureLog:
    """The file. Its methods raise Unavailable if it cannot be read or written; then nothing was added."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> bool:
        """Creates the file, readable by this account only. False if it exists."""
        with _translate_errors():
            fresh = not self.path.exists()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock():
                return fresh

    def add(self, *lines: LogLine) -> None:
        """Adds lines; they are on disk when this returns."""
        with _translate_errors(), self._lock() as handle:
            end = _end_of_last_line(handle)
            try:
                os.ftruncate(handle, end)
                _write(handle, "".join(map(_format, lines)).encode(), end)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, end)
                raise

    def read(self, lineage: str, today: date) -> LogContents:
        """The lines about one database, without those older than any backup may be."""
        if not self.path.exists():
            return LogContents()
        with _translate_errors(), self._lock() as handle:
            texts = _lines(handle)
        found = [_parse(text) for text in texts if not text.startswith("#")]
        ours = [line for line in found if line and line.lineage == lineage and _day(line) > today - KEPT_FOR]
        return LogContents(
            tuple(line for line in ours if isinstance(line, Tombstone)),
            tuple(line for line in ours if not isinstance(line, Tombstone)),
            damaged=found.count(None),
        )

    def tidy(self, today: date) -> None:
        """Drops lines older than any backup may be, and all checkpoints but the last of each database."""
        with _translate_errors(), self._lock() as handle:
            texts = _lines(handle)
            kept = list(_lines_to_keep(texts, today))
            if kept == texts:
                return
            beside = self.path.with_name(f"{self.path.name}.new")
            beside.unlink(missing_ok=True)
            with open(beside, "x", encoding="utf-8", opener=_open_private) as file:
                file.writelines(f"{text}\n" for text in kept)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
            sync_folder(self.path.parent)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[int]:
        """Opens and locks the file. Another process may replace it with a tidied one first, so this checks and retries."""
        while True:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                if not self._is_current(handle):
                    continue
                if os.fstat(handle).st_size == 0:
                    _write(handle, _TITLE.encode(), 0)
                    os.fsync(handle)
                    sync_folder(self.path.parent)
                yield handle
                return
            finally:
                os.close(handle)

    def _is_current(self, handle: int) -> bool:
        with contextlib.suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(handle), self.path.stat())
        return False


@contextlib.contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except Unavailable:
        raise
    except OSError as error:
        raise Unavailable(f"the erasure log: {error.strerror}") from error


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _end_of_last_line(handle: int) -> int:
    """The offset after the last whole line. A line that was cut off in writing was never committed."""
    end = os.fstat(handle).st_size
    start = max(0, end - _LONGEST)
    return start + os.pread(handle, end - start, start).rfind(b"\n") + 1


def _lines(handle: int) -> list[str]:
    return os.pread(handle, _end_of_last_line(handle), 0).decode(errors="replace").split("\n")[:-1]


def _write(handle: int, content: bytes, at: int) -> None:
    while content:
        done = os.pwrite(handle, content, at)
        content, at = content[done:], at + done


# --- the format of a line -----------------------------------------------------------------------------


def _format(line: LogLine) -> str:
    match line:
        case Tombstone():
            words: tuple[object, ...] = (line.kind, line.day, line.lineage, line.id, *_hex(line.stamps))
        case Checkpoint():
            words = ("mark", line.at.isoformat(), line.lineage, line.number, line.lines, *_hex([line.last]))
        case Restored():
            words = ("put-back", line.at.isoformat(), line.lineage, line.lines_before, line.lines)
    return " ".join(map(str, words)) + "\n"


def _hex(stamps: Iterable[bytes]) -> Iterator[str]:
    return (stamp.hex() for stamp in stamps if stamp)


def _parse(text: str) -> LogLine | None:
    """None if the line is unreadable."""
    try:
        kind, at, lineage, *more = text.split()
        if kind in _KINDS:
            return Tombstone(
                cast(TombstoneKind, kind),
                date.fromisoformat(at),
                lineage,
                more[0],
                tuple(map(bytes.fromhex, more[1:])),
            )
        moment = datetime.fromisoformat(at)
        first, second, *last = more
        if kind == "mark":
            return Checkpoint(moment, lineage, int(first), int(second), bytes.fromhex("".join(last)))
        return Restored(moment, lineage, int(first), int(second)) if kind == "put-back" else None
    except (ValueError, IndexError):
        return None


def _day(line: LogLine) -> date:
    return line.day if isinstance(line, Tombstone) else line.at.astimezone(UTC).date()


def _lines_to_keep(texts: list[str], today: date) -> Iterator[str]:
    lines = [_parse(text) for text in texts]
    marks = sorted(
        (line.number, n, line.lineage) for n, line in enumerate(lines) if isinstance(line, Checkpoint)
    )
    last = {lineage: n for _, n, lineage in marks}
    for n, (text, line) in enumerate(zip(texts, lines, strict=True)):
        old = line is not None and _day(line) <= today - KEPT_FOR
        passed = isinstance(line, Checkpoint) and last[line.lineage] != n
        if not (passed or (old and not isinstance(line, Checkpoint))):
            yield text
