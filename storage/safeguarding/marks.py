"""Marks on texts that a safeguarding lead reads first: they may hold a sign, or nothing here can read their language.

A marked text stays sealed where it is stored; its mark says where. So it goes with the text, whatever erases that. Only a text
that nothing else stores is in its mark, for a few weeks.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Table, and_, case, delete, exists, func, or_, select, update

from conversations.core.effects import Refused, WritesText
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.record import Record
from conversations.safeguarding.detector import DangerKind
from conversations.safeguarding.effects import ClearText, MarkText, OpenCase, RaiseAlert, ReadText, WhyMarked
from conversations.safeguarding.facts import CaseText, MarkedText, MarkedTexts
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, new_id
from storage.people import people
from storage.safeguarding import cases, words
from storage.security import audit_log
from storage.tables import answers, issue_entries, issues, judgements, kept_counts, marks, revisit_answers

GONE = N_("That text is gone, or somebody else in the team has looked at it.")
OWN = N_("You wrote that one, so somebody else in the team has to decide about it.")
NO_DOOR = N_("I can't reach them any more, so I can't open a case. Do what your own procedure says.")

_THEIRS: Mapping[Table, ColumnElement[bool]] = {
    answers: and_(
        answers.c.person_id == marks.c.person_id,
        answers.c.consultation_id == marks.c.row_id,
        answers.c.question == marks.c.question,
    ),
    issues: issues.c.id == marks.c.row_id,
    issue_entries: issue_entries.c.id == marks.c.row_id,
    judgements: and_(judgements.c.person_id == marks.c.person_id, judgements.c.outcome_id == marks.c.row_id),
    revisit_answers: and_(
        revisit_answers.c.person_id == marks.c.person_id, revisit_answers.c.revisit_id == marks.c.row_id
    ),
}
_STORED = or_(
    *(
        and_(marks.c.stored_in == table.name, exists().where(theirs, table.c.sealed.is_not(None)))
        for table, theirs in _THEIRS.items()
    )
)
_IS_THERE = or_(marks.c.sealed.is_not(None), _STORED)
_TO_READ = and_(marks.c.cleared_at.is_(None), _IS_THERE)


class TextMarked(Record):
    """Event: a text was marked that an effect stored. Whoever stored it says where: see `locate`."""

    mark: int
    door: Door
    stored: WritesText


# --- marking --------------------------------------------------------------------------------------


def mark(db: Db, door: Door, effect: MarkText) -> None:
    values = {"why": effect.why, "kind": effect.kind, "step": effect.step, "at": db.now}
    number = new_id(db.run(marks.insert().values(person_id=door.person.id, **values)))
    if effect.stored is not None:
        db.run_hooks(TextMarked(number, door, effect.stored))
    if db.run(select(marks.c.id).where(marks.c.id == number, _STORED)).first() is None:
        sealed = db.vault.seal(effect.text, sealing_context(number))
        db.run(update(marks).where(marks.c.id == number).values(sealed=sealed, stored_in=None))


def locate(db: Db, marked: TextMarked, table: Table, row: int, question: str | None = None) -> None:
    """Says in which row a marked text is stored. What was marked there before is marked no longer."""
    same = and_(
        marks.c.stored_in == table.name,
        marks.c.row_id == row,
        marks.c.question == question if question else marks.c.question.is_(None),
        marks.c.person_id == marked.door.person.id,
    )
    db.run(delete(marks).where(same))
    where = {"stored_in": table.name, "row_id": row, "question": question}
    db.run(update(marks).where(marks.c.id == marked.mark).values(**where))


def forget_gone(db: Db) -> int:
    """Deletes marks whose text is gone, and texts that nothing else stores after `shown_days`. Returns how many."""
    old = and_(marks.c.sealed.is_not(None), marks.c.at < db.now - timedelta(days=db.rules.shown_days))
    return db.run(delete(marks).where(or_(old, ~_IS_THERE))).rowcount


# --- reading --------------------------------------------------------------------------------------


def text(db: Db, door: Door, number: int, sealed: SealedColumns) -> CaseText | None:
    """A marked text, for somebody who may read it; None if it is gone. `sealed` are the sealed columns of all subjects. Note
    the reading before.
    """
    row = _to_read(db, number) if door.person.may(Rights.READ_MARKED_TEXTS) else None
    if row is None:
        return None
    table = _table_of(row)
    column = next(one for one in sealed if one.column is table.c.sealed)
    query = select(table).where(marks.c.id == number, table.c.sealed.is_not(None))
    found = db.run(query.where(_THEIRS[table]) if table in _THEIRS else query).mappings().first()
    if found is None:
        return None
    about = row.row_id if table is answers else None
    return CaseText(
        db.vault.open(found["sealed"], column.context(dict(found))), row.at, row.step, about, row.question
    )


def note_reading(db: Db, door: Door, effect: ReadText) -> None:
    if _to_read(db, effect.mark) is None:
        raise Refused(GONE)
    audit_log.note(db, door.person.id, "read a marked text", f"text {effect.mark}")


def clear(db: Db, door: Door, effect: ClearText) -> None:
    """Keeps who cleared a text and when. A text that nothing else stores is erased."""
    _clear(db, door, _lock(db, door, effect.mark))
    audit_log.note(db, door.person.id, "cleared a marked text", f"text {effect.mark}")


def open_case(db: Db, door: Door, effect: OpenCase) -> None:
    """Opens a case with the words of a marked text, which whoever opens it is on. The case keeps the text from the team, as if
    it had been noticed.
    """
    row = _lock(db, door, effect.mark)
    there = people.last_door_of(db, row.person_id)
    if there is None:
        raise Refused(NO_DOOR)
    number = cases.open_by_hand(db, there, RaiseAlert(row.kind, row.step, effect.text), door.person.id)
    if row.stored_in is not None:
        _keep_back(db, row, number)
    _clear(db, door, row)
    audit_log.note(db, door.person.id, "opened a case", f"case {number}")


def _keep_back(db: Db, row: Row[Any], number: int) -> None:
    table = _table_of(row)
    here = exists().where(marks.c.id == row.id, _THEIRS[table])
    db.run(update(table).where(here).values(case_id=number))
    if table is answers:
        words.place_newest(db, number, row.row_id, row.question)
        db.run(delete(kept_counts).where(kept_counts.c.consultation_id == row.row_id))


def _table_of(row: Row[Any]) -> Table:
    return next((table for table in _THEIRS if table.name == row.stored_in), marks)


def _clear(db: Db, door: Door, row: Row[Any]) -> None:
    values = {"cleared_by": door.person.id, "cleared_at": db.now, "sealed": None}
    db.run(update(marks).where(marks.c.id == row.id).values(**values))


def _lock(db: Db, door: Door, number: int) -> Row[Any]:
    """Locks a text to read, so that of two who decide about it at once only one does. Nobody decides about their own, as long
    as somebody else may.
    """
    row = db.run(select(marks).where(marks.c.id == number, _TO_READ).with_for_update()).first()
    if row is None:
        raise Refused(GONE)
    if row.person_id == door.person.id and cases.has_others(db, door):
        raise Refused(OWN)
    return row


def _to_read(db: Db, number: int) -> Row[Any] | None:
    return db.run(select(marks).where(marks.c.id == number, _TO_READ)).first()


# --- what steps read ------------------------------------------------------------------------------


def marked_texts(db: Db, door: Door, _session: Session) -> MarkedTexts:
    """All texts to read: first those that may hold a sign, and of these the newest."""
    if not door.person.may(Rights.READ_MARKED_TEXTS):
        return MarkedTexts(())
    first = case((marks.c.why == "soft", 0), else_=1)
    rows = db.run(select(marks).where(_TO_READ).order_by(first, marks.c.id.desc()))
    return MarkedTexts(tuple(_marked(row) for row in rows))


def _marked(row: Row[Any]) -> MarkedText:
    return MarkedText(row.id, cast(WhyMarked, row.why), cast(DangerKind, row.kind), row.step, row.at)


def count_to_read(db: Db, door: Door) -> int:
    """The number of texts to read; 0 for those who may not."""
    if not door.person.may(Rights.READ_MARKED_TEXTS):
        return 0
    return int(db.run(select(func.count()).select_from(marks).where(_TO_READ)).scalar_one())


def texts_marked_of(db: Db, person: int) -> tuple[str, ...]:
    """What a person typed that only a mark stores."""
    mine = select(marks).where(marks.c.person_id == person, marks.c.sealed.is_not(None))
    return tuple(
        db.vault.open(row.sealed, sealing_context(row.id)) for row in db.run(mine.order_by(marks.c.id))
    )


def sealing_context(number: int) -> str:
    return f"marks:sealed:{number}"


SEALED: SealedColumns = (SealedColumn(marks.c.sealed, lambda row: sealing_context(row["id"])),)
HANDLERS: Handlers = {
    MarkText: EffectHandler(mark, keeps_person=True),
    ReadText: EffectHandler(note_reading, right=Rights.READ_MARKED_TEXTS),
    ClearText: EffectHandler(clear, right=Rights.READ_MARKED_TEXTS),
    OpenCase: EffectHandler(open_case, right=Rights.READ_MARKED_TEXTS),
}
FACTS: Loaders = {MarkedTexts: marked_texts}
MY_DATA: MyDataFields = {"besides": texts_marked_of}
