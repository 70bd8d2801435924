"""The words of a case: a sealed copy until it is closed, for whoever took it on and for leads, each look in the audit log."""

from sqlalchemy import delete, func, select, update

from conversations.core.effects import Refused
from conversations.safeguarding.case_words import may_read
from conversations.safeguarding.effects import ReadWords
from conversations.safeguarding.facts import CaseText
from conversations.team.rights import Rights
from storage.core.dispatch import NOT_YOURS, EffectHandler, Handlers
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, new_id
from storage.security import audit_log
from storage.tables import case_words, cases

TEXTS_MOST = 100  # of one case: the first, and the newest


def lock_open(db: Db, case: int) -> bool:
    """Locks an open case, so that nobody closes it before what is added to it is stored. False if it is closed."""
    is_open = (cases.c.id == case, cases.c.closed_at.is_(None))
    return db.run(select(cases.c.id).where(*is_open).with_for_update()).first() is not None


def keep(db: Db, case: int, text: str, step: str) -> None:
    """Adds a text to a case, with the step that it was written at."""
    if not text:
        return
    values = {"case_id": case, "step": step, "at": db.now}
    number = new_id(db.run(case_words.insert().values(**values, sealed=b"")))
    sealed = db.vault.seal(text, sealing_context(number))
    db.run(update(case_words).where(case_words.c.id == number).values(sealed=sealed))
    _drop_surplus(db, case)


def _drop_surplus(db: Db, case: int) -> None:
    """Deletes the oldest texts but the first, where a case has more than it keeps."""
    of_case = case_words.c.case_id == case
    newest = select(case_words.c.id).where(of_case).order_by(case_words.c.id.desc()).limit(TEXTS_MOST - 1)
    first = select(func.min(case_words.c.id)).where(of_case)
    surplus = (case_words.c.id.not_in(newest), case_words.c.id != first.scalar_subquery())
    db.run(delete(case_words).where(of_case, *surplus))


def place_newest(db: Db, case: int, consultation: int | None, question: str | None) -> None:
    """Notes the question that the newest text of a case answers."""
    newest = select(func.max(case_words.c.id)).where(case_words.c.case_id == case)
    place = {"consultation_id": consultation, "question": question}
    db.run(update(case_words).where(case_words.c.id == newest.scalar_subquery()).values(**place))


def erase(db: Db, case: int) -> None:
    db.run(delete(case_words).where(case_words.c.case_id == case))


def note_reading(db: Db, door: Door, effect: ReadWords) -> None:
    if not is_readable(db, door, effect.case):
        raise Refused(NOT_YOURS)
    audit_log.note(db, door.person.id, "read the words of a case", f"case {effect.case}")


def is_readable(db: Db, door: Door, case: int) -> bool:
    """Whether whoever is at this door may read the words of a case. Those of a closed one are erased."""
    is_open = (cases.c.id == case, cases.c.closed_at.is_(None))
    row = db.run(select(cases.c.acknowledged_by).where(*is_open)).first()
    return row is not None and may_read(door.person, taken_by_them=row.acknowledged_by == door.person.id)


def texts(db: Db, door: Door, case: int) -> tuple[CaseText, ...]:
    """The words of a case, oldest first; none for somebody who may not read them. Note the reading before."""
    if not is_readable(db, door, case):
        return ()
    rows = db.run(select(case_words).where(case_words.c.case_id == case).order_by(case_words.c.id))
    return tuple(
        CaseText(
            db.vault.open(row.sealed, sealing_context(row.id)),
            row.at,
            row.step,
            row.consultation_id,
            row.question,
        )
        for row in rows
    )


def sealing_context(number: int) -> str:
    return f"case_words:sealed:{number}"


SEALED: SealedColumns = (SealedColumn(case_words.c.sealed, lambda row: sealing_context(row["id"])),)
HANDLERS: Handlers = {ReadWords: EffectHandler(note_reading, right=Rights.READ_CASE_WORDS)}
