"""What hangs on an open case besides its words: the thread with its person, and the helpers' notes. All of it is sealed, and
erased when the case is closed.
"""

from typing import cast

from sqlalchemy import delete, func, select, update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.safeguarding.casework.entries import NOTE_MOST, CaseEntry, CaseEntryKind
from conversations.safeguarding.effects import WriteNote
from conversations.team.rights import Rights
from storage.core.dispatch import NOT_YOURS, EffectHandler, Handlers
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, new_id
from storage.safeguarding import words
from storage.security import audit_log
from storage.tables import case_entries
from storage.team import members

ENTRIES_MOST = 500  # in one case


def add(db: Db, case: int, kind: CaseEntryKind, text: str, by: int | None = None) -> int:
    """Adds an entry and returns its id. `by` is the team member; None for the person of the case."""
    values = {"case_id": case, "kind": kind, "made_by": by, "at": db.now}
    number = new_id(db.run(case_entries.insert().values(**values, sealed=b"")))
    sealed = db.vault.seal(text, sealing_context(number))
    db.run(update(case_entries).where(case_entries.c.id == number).values(sealed=sealed))
    return number


def erase(db: Db, case: int) -> None:
    db.run(delete(case_entries).where(case_entries.c.case_id == case))


def write_note(db: Db, door: Door, effect: WriteNote) -> None:
    """Adds a note. Raises Refused for everybody but those who may read the case's words."""
    if not words.lock_open(db, effect.case) or not words.is_readable(db, door, effect.case):
        raise Refused(NOT_YOURS)
    if not 0 < len(effect.text) <= NOTE_MOST:
        raise Refused(NOT_YOURS)
    of_case = select(func.count()).where(case_entries.c.case_id == effect.case)
    if db.run(of_case).scalar_one() >= ENTRIES_MOST:
        raise Refused(N_("There is too much in this already. Nothing was added."))
    add(db, effect.case, "note", effect.text, door.person.id)
    audit_log.note(db, door.person.id, "wrote a note on a case", f"case {effect.case}")


def readable_entries(db: Db, door: Door, case: int) -> tuple[CaseEntry, ...]:
    """The notes and the thread of a case, oldest first; none for somebody who may not read them. Note the reading before."""
    return entries(db, case) if words.is_readable(db, door, case) else ()


def entries(db: Db, case: int) -> tuple[CaseEntry, ...]:
    """All entries of a case. The caller has checked who reads them."""
    rows = db.run(
        select(case_entries).where(case_entries.c.case_id == case).order_by(case_entries.c.id)
    ).all()
    team = members.colleagues(db, {row.made_by for row in rows if row.made_by is not None})
    return tuple(
        CaseEntry(
            cast(CaseEntryKind, row.kind),
            db.vault.open(row.sealed, sealing_context(row.id)),
            row.at,
            team.get(row.made_by),
        )
        for row in rows
    )


def sealing_context(number: int) -> str:
    return f"case_entries:sealed:{number}"


SEALED: SealedColumns = (SealedColumn(case_entries.c.sealed, lambda row: sealing_context(row["id"])),)
HANDLERS: Handlers = {WriteNote: EffectHandler(write_note, right=Rights.READ_CASE_WORDS)}
