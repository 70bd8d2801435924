"""Reads the sentences: lines under headings `## KIND MANNER` or `## none SUBJECT`."""

from collections.abc import Iterator
from pathlib import Path

from conversations.core.record import Record
from conversations.safeguarding.noticing import KIND_OF


class Sentence(Record):
    """A sentence, its writers' kind (none: "none") and manner, and the writer."""

    text: str
    kind: str
    manner: str
    writer: str

    @property
    def is_sign(self) -> bool:
        return self.kind != "none"

    @property
    def is_polish(self) -> bool:
        return self.writer.endswith("_pl")


def read_folder(folder: Path) -> list[Sentence]:
    """The sentences of every file, in the order of the files' names. Raises ValueError for a heading it does not know."""
    return [sentence for file in sorted(folder.glob("*.txt")) for sentence in read_file(file)]


def read_file(file: Path) -> Iterator[Sentence]:
    writer = "_".join(file.stem.split("_")[:2])
    kind = manner = ""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("##"):
            kind, _, manner = line.strip("# ").partition(" ")
            if kind != "none" and kind not in KIND_OF:
                raise ValueError(f"{file.name}: no kind is called {kind}")
        elif line.strip() and not line.startswith("#"):
            yield Sentence(line.strip(), kind, manner, writer)
