"""After a restore, closes the cases again that were closed since the backup, and shows the team what it had been shown."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from storage.core.unit_of_work import Db
from storage.safeguarding import case_log, closing
from storage.safeguarding.kept_back import TextsReleased
from storage.security.erasure_log import Tombstone
from storage.tables import cases

CASE_KINDS = ("closed", "released")

CaseNotes = Mapping[int, tuple[Tombstone, ...]]  # by the number of an open case, oldest first


def find_cases(db: Db, notes: Sequence[Tombstone]) -> CaseNotes:
    """The open cases in this database that these tombstones are about."""
    about = [line for line in notes if line.kind in CASE_KINDS]
    if not about:
        return {}
    found: dict[int, tuple[Tombstone, ...]] = {}
    for case in db.run(select(cases.c.id).where(cases.c.closed_at.is_(None))).scalars().all():
        stamps = set(db.vault.stamps_ever(case_log.name_of(db, case)))
        if its := tuple(line for line in about if stamps.intersection(line.stamps)):
            found[case] = its
    return found


def replay_cases(db: Db, found: CaseNotes) -> int:
    """Returns how many cases are closed again."""
    closed = 0
    for case, lines in found.items():
        for line in lines:
            if line.kind == "released":
                db.run_hooks(TextsReleased(case))
            else:
                closing.close_again(db, case, line.day)
                closed += 1
    return closed
