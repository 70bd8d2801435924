"""The thread between a case's person and whoever helps them."""

from sqlalchemy import func, select, update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.safeguarding.casework.entries import MESSAGE_MOST, CaseEntry, OwnThread
from conversations.safeguarding.effects import AnswerInCase, StopThread
from storage.core.dispatch import EffectHandler, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.safeguarding import case_entries, case_notices, words
from storage.safeguarding.thread_owner import attach, case_with_thread
from storage.tables import case_entries as entries_table
from storage.tables import cases

IN_A_ROW = 30  # answers, until a helper writes

OVER = N_("Nobody in our team is writing with you here now, so I haven't kept that. Who can help you: /help.")
A_LOT = N_("You've written a lot already. Let them read that first. If you can't wait: /help.")


def own_thread(db: Db, door: Door, _session: Session) -> OwnThread:
    row = case_with_thread(db, door)
    return OwnThread(row.id, row.thread == "stopped") if row else OwnThread(None)


def answer(db: Db, door: Door, effect: AnswerInCase) -> None:
    """Keeps what the person of a case wrote, and tells whoever is on it. It begins the thread again, if they stopped it."""
    _check_own(db, door, effect.case)
    if not 0 < len(effect.text) <= MESSAGE_MOST or _count_unanswered(db, effect.case) >= IN_A_ROW:
        raise Refused(A_LOT)
    attach(db, effect.case, door.person.id)
    case_entries.add(db, effect.case, "answer", effect.text)
    db.run(update(cases).where(cases.c.id == effect.case).values(thread="open"))
    case_notices.tell_of_answer(db, effect.case, door.person.id)


def stop(db: Db, door: Door, effect: StopThread) -> None:
    _check_own(db, door, effect.case)
    db.run(update(cases).where(cases.c.id == effect.case).values(thread="stopped"))


def _check_own(db: Db, door: Door, case: int) -> None:
    """Raises Refused if the case is not theirs, or was closed while they wrote."""
    row = case_with_thread(db, door)
    if row is None or row.id != case or not words.lock_open(db, case):
        raise Refused(OVER)


def _count_unanswered(db: Db, case: int) -> int:
    of_case = entries_table.c.case_id == case
    last = select(func.coalesce(func.max(entries_table.c.id), 0)).where(
        of_case, entries_table.c.kind == "message"
    )
    since = (of_case, entries_table.c.kind == "answer", entries_table.c.id > last.scalar_subquery())
    return int(db.run(select(func.count()).select_from(entries_table).where(*since)).scalar_one())


def own_entries(db: Db, person: int) -> tuple[CaseEntry, ...]:
    """What a person and their helpers wrote to each other in open cases."""
    numbers = db.run(select(cases.c.id).where(cases.c.person_id == person, cases.c.closed_at.is_(None)))
    return tuple(
        one
        for case in numbers.scalars().all()
        for one in case_entries.entries(db, case)
        if one.kind != "note"
    )


HANDLERS: Handlers = {AnswerInCase: EffectHandler(answer), StopThread: EffectHandler(stop)}
FACTS: Loaders = {OwnThread: own_thread}
MY_DATA: MyDataFields = {"case_thread": own_entries}
