"""Texts that a case keeps from the team: with a sign of danger, until whoever helps lets the team read them.

Each table of texts marks such a row with its case. Their writer sees them as always. To everybody else they look
unwritten, because all that others read asks for `readable` rows. If the case is closed first, they stay so.
"""

from sqlalchemy import ColumnElement, Table, select, true

from conversations.core.effects import Refused
from conversations.core.record import Private, Record
from conversations.issues.issue import WAITING
from conversations.safeguarding.effects import ReleaseTexts
from conversations.safeguarding.facts import Kept
from conversations.team.rights import Rights
from storage.core.dispatch import NOT_YOURS, EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.safeguarding import case_log, cases, words
from storage.security import audit_log
from storage.tables import answers, issue_entries, issues, judgements, revisit_answers
from storage.tables import cases as cases_table

TABLES: tuple[Table, ...] = (answers, issues, issue_entries, judgements, revisit_answers)


class TextsReleased(Record):
    """The team may read the texts of this case. Each subject then takes the mark off its own rows."""

    case: int


class Written(Record):
    """A text that is about to be stored. `was`: the case that kept the text which it replaces. `alarming`: this turn saw
    a sign in it.
    """

    words: Private[str]
    step: str
    alarming: bool
    was: int | None = None
    consultation: int | None = None
    question: str | None = None


def readable(table: Table) -> ColumnElement[bool]:
    """Whether the team may read a row's text, for queries of all that others than its writer read."""
    return table.c.case_id.is_(None)


def case_of(db: Db, person: int, text: Written) -> int | None:
    """The case that keeps a new text from the team; None for ordinary texts.

    A change of a text that an open case keeps goes to that case too, whatever it says now.
    """
    if text.alarming:
        case = cases.newest_open(db, person)
        if case is not None:
            words.place_newest(db, case, text.consultation, text.question)
        return case
    if text.was is None or not words.lock_open(db, text.was):
        return None
    words.keep(db, text.was, text.words, text.step)
    words.place_newest(db, text.was, text.consultation, text.question)
    return text.was


def is_keeping(db: Db, case: int) -> bool:
    """Whether a case keeps any text from the team."""
    return any(
        db.run(select(table.c.case_id).where(table.c.case_id == case, _holds_text(table)).limit(1)).first()
        for table in TABLES
    )


def _holds_text(table: Table) -> ColumnElement[bool]:
    """A skipped answer holds none, but stays marked for what is written there next."""
    return ~answers.c.skipped if table is answers else true()


def is_keeping_raised(db: Db, case: int) -> bool:
    """Whether a case keeps something that its person sent with /raise, or in its thread, and that waits for an answer."""
    waits = issues.c.state.in_(WAITING)
    raised = select(issues.c.id).where(issues.c.case_id == case, waits).limit(1)
    added = select(issue_entries.c.id).where(issue_entries.c.case_id == case).limit(1)
    return any(db.run(one).first() for one in (raised, added))


def standing(db: Db, case: int | None) -> Kept | None:
    """How a row's text is kept from the team, for its writer; None if it is not."""
    if case is None:
        return None
    return "first" if db.run(select(cases_table.c.id).where(cases.is_open(case))).first() else "hidden"


def release(db: Db, door: Door, effect: ReleaseTexts) -> None:
    if not words.is_readable(db, door, effect.case):
        raise Refused(NOT_YOURS)
    cases.check_not_own(db, door, effect.case)
    db.run_hooks(TextsReleased(effect.case))
    audit_log.note(db, door.person.id, "let the team read it", f"case {effect.case}")
    case_log.note(db, "released", effect.case)


HANDLERS: Handlers = {ReleaseTexts: EffectHandler(release, right=Rights.READ_CASE_WORDS)}
