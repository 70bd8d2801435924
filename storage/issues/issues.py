"""The young person's side of issues: write a sealed draft, send it, add to it, end it."""

from typing import Any, cast

from sqlalchemy import Row, and_, delete, func, select, update

from conversations.core.effects import Fresh, Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.themes import DATA
from conversations.issues.effects import AddToIssue, DropIssue, EndIssue, SendIssue, TakeBackIssue, WriteIssue
from conversations.issues.issue import (
    CAN_CONTINUE,
    WAITING,
    WAITING_MOST,
    WORDS_MOST,
    Issue,
    IssueState,
    OneEntry,
)
from conversations.issues.raising.draft import MyIssues, OneIssue
from storage.consultations.consultations import consultation, fits
from storage.core.dispatch import NOT_YOURS, EffectHandler, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, Hooks, new_id
from storage.issues import deadlines as reply_deadlines
from storage.issues import surges
from storage.issues import threads as issue_threads
from storage.issues.passing_on import back_to_team
from storage.issues.visible import WAITS
from storage.outbox import shown_words
from storage.people import return_codes
from storage.people.people import addresses_of_person
from storage.safeguarding import kept_back, marks
from storage.security import lineage
from storage.tables import issue_entries, issues, people

IN_A_ROW = 10  # entries by a young person until the team replies

FULL = N_(
    "The team still has five things of yours to answer. When one is answered, there is room for the next."
)
NOT_WHOLE = N_("There is nothing to send here any more.")
OVER = N_("That one isn't open any more. You can raise something new.")
A_LOT = N_("You've added a lot already. Let the team read that first.")
TOO_LONG = N_("That is too long to keep. Make it shorter.")


# --- writing it -----------------------------------------------------------------------------------


def write(db: Db, door: Door, effect: WriteIssue) -> None:
    """Stores a piece of the draft, which the first piece creates."""
    if effect.words is not None and len(effect.words) > WORDS_MOST:
        raise Refused(TOO_LONG)
    _lock_person(db, door)
    found = _draft(db, door.person.id)
    number = found.id if found else _begin(db, door.person.id)
    values: dict[str, object] = {"at": db.now}
    values |= {"theme": effect.theme} if effect.theme is not None else {}
    values |= {"area": effect.area} if effect.area is not None else {}
    if effect.words is not None:
        was = found.case_id if found else None
        text = kept_back.Written(effect.words, "raise.words", effect.alarming, was)
        values["sealed"] = db.vault.seal(effect.words, sealing_context(number))
        values["case_id"] = kept_back.case_of(db, door.person.id, text)
    db.run(update(issues).where(issues.c.id == number).values(**values))


def drop(db: Db, door: Door, _effect: DropIssue) -> None:
    db.run(delete(issues).where(issues.c.person_id == door.person.id, issues.c.state == "draft"))


def send(db: Db, door: Door, _effect: SendIssue) -> Fresh | None:
    """Sends the draft to the team, with a deadline for the reply. One that a case keeps has none until the team gets it."""
    _lock_person(db, door)
    draft = _draft(db, door.person.id)
    if draft is None or draft.theme is None or draft.sealed is None:
        raise Refused(NOT_WHOLE)
    values = {"state": "open", "at": db.now, "area": draft.area or ""}
    if draft.case_id is None:
        if draft.theme != DATA:
            _check_room(db, door)
        values |= reply_deadlines.new_deadline(db, draft.theme)
    db.run(update(issues).where(issues.c.id == draft.id).values(**values))
    if draft.case_id is None:
        surges.check(db, draft.theme, draft.area or "")
    if door.channel.return_codes and not return_codes.has_return_code(db, door.person.id):
        return return_codes.make_return_code(db, door)
    return None


def _check_room(db: Db, door: Door) -> None:
    waiting = select(func.count()).where(issues.c.person_id == door.person.id, WAITS)
    if db.run(waiting).scalar_one() >= WAITING_MOST:
        raise Refused(FULL)


def _begin(db: Db, person: int) -> int:
    return new_id(db.run(issues.insert().values(person_id=person, state="draft", at=db.now)))


def _draft(db: Db, person: int) -> Row[Any] | None:
    return db.run(select(issues).where(issues.c.person_id == person, issues.c.state == "draft")).first()


def _lock_person(db: Db, door: Door) -> None:
    """Locks the person, so that their turns at other doors wait. Raises Refused if they have not agreed."""
    person = select(people.c.id).where(people.c.id == door.person.id, people.c.agreed_at.is_not(None))
    if db.run(person.with_for_update()).first() is None:
        raise Refused(NOT_YOURS)


# --- saying more ----------------------------------------------------------------------------------


def add(db: Db, door: Door, effect: AddToIssue) -> None:
    """Adds to an issue. One that was answered or closed waits for the team again, with a new deadline. What is added to one
    that a case keeps goes to the case.
    """
    if len(effect.words) > WORDS_MOST:
        raise Refused(TOO_LONG)
    row = _lock(db, door, effect.issue)
    if row.state not in CAN_CONTINUE:
        raise Refused(OVER)
    if _count_unanswered(db, row.id) >= IN_A_ROW:
        raise Refused(A_LOT)
    text = kept_back.Written(effect.words, "raise.more", effect.alarming, row.case_id)
    case = kept_back.case_of(db, door.person.id, text)
    if row.case_id is not None and case is None:  # it stays hidden, so nobody would read this
        raise Refused(OVER)
    issue_threads.add(db, row.id, "more", effect.words, case=case)
    if case is None:
        back_to_team(db, row)


def end(db: Db, door: Door, effect: EndIssue) -> None:
    row = _lock(db, door, effect.issue)
    if row.state not in WAITING:
        raise Refused(OVER)
    issue_threads.add(db, row.id, "done")
    db.run(update(issues).where(issues.c.id == row.id).values(state="done"))


def take_back(db: Db, door: Door, effect: TakeBackIssue) -> None:
    """Deletes an issue with its thread. What a case keeps of it stays there until the case is closed."""
    row = _lock(db, door, effect.issue)
    db.run(delete(issues).where(issues.c.id == row.id))
    shown_words.take_down_of(db, door.person.id)
    lineage.note(db, "took-back", addresses_of_person(db, door.person.id))


def locate_marked(db: Db, marked: marks.TextMarked) -> None:
    """Says which draft, or entry in a thread, holds a marked text."""
    match marked.stored:
        case WriteIssue(words=str()):
            draft = _draft(db, marked.door.person.id)
            assert draft is not None
            marks.locate(db, marked, issues, draft.id)
        case AddToIssue(number):
            newest = select(func.max(issue_entries.c.id)).where(issue_entries.c.issue_id == number)
            marks.locate(db, marked, issue_entries, db.run(newest).scalar_one())


def _lock(db: Db, door: Door, number: int) -> Row[Any]:
    """Locks the person's own issue and returns it. Raises Refused if there is none."""
    mine = and_(issues.c.id == number, issues.c.person_id == door.person.id, issues.c.state != "draft")
    row = db.run(select(issues).where(mine).with_for_update()).first()
    if row is None:
        raise Refused(OVER)
    return row


def _count_unanswered(db: Db, number: int) -> int:
    of_the_team = issue_entries.c.kind.in_(issue_threads.OF_THE_TEAM)
    last = select(func.coalesce(func.max(issue_entries.c.id), 0)).where(
        issue_entries.c.issue_id == number, of_the_team
    )
    since = and_(issue_entries.c.issue_id == number, issue_entries.c.id > last.scalar_subquery())
    return int(db.run(select(func.count()).select_from(issue_entries).where(since)).scalar_one())


# --- looking it up --------------------------------------------------------------------------------


def my_issues(db: Db, door: Door, _session: Session) -> MyIssues:
    rows = db.run(select(issues).where(issues.c.person_id == door.person.id).order_by(issues.c.id.desc()))
    found = [issue(db, row) for row in rows]
    draft = next((one for one in found if one.state == "draft"), None)
    return MyIssues(tuple(one for one in found if one.state != "draft"), draft)


def issues_of(db: Db, person: int) -> tuple[Issue, ...]:
    """All issues of a person, drafts too, newest first, with their threads."""
    rows = db.run(select(issues).where(issues.c.person_id == person).order_by(issues.c.id.desc()))
    return tuple(issue(db, row, thread=True) for row in rows)


def one_issue(db: Db, door: Door, session: Session) -> OneIssue:
    """The person's own issue with its thread."""
    number = session.notes.get("issue")
    mine = and_(issues.c.id == number, issues.c.person_id == door.person.id, issues.c.state != "draft")
    row = db.run(select(issues).where(mine)).first()
    return OneIssue(issue(db, row, thread=True) if row else None)


def one_entry(db: Db, door: Door, session: Session) -> OneEntry:
    """One entry in the thread of the person's own issue."""
    number = session.number("entry")
    row = db.run(select(issue_entries).where(issue_entries.c.id == number)).first()
    mine = one_issue(db, door, Session("", 0, {"issue": row.issue_id})).issue if row else None
    if row is None or mine is None:
        return OneEntry(None, None)
    about = mine.about
    there = about is not None and about.state == "open" and fits(about.bands, door.person)
    return OneEntry(mine, issue_threads.entry(db, row, None), say_there=there)


def issue(db: Db, row: Row[Any], *, thread: bool = False, reader: int | None = None, **more: Any) -> Issue:
    """An issue from its row. `reader` is the team member who reads its thread; None means the young person."""
    return Issue(
        id=row.id,
        state=cast(IssueState, row.state),
        at=row.at,
        theme=row.theme,
        area=row.area,
        words=db.vault.open(row.sealed, sealing_context(row.id)) if row.sealed is not None else None,
        reply_by=row.reply_by,
        entries=issue_threads.entries(db, row.id, reader) if thread else (),
        about=consultation(db, row.consultation_id) if row.consultation_id is not None else None,
        unread=row.unread,
        kept=kept_back.standing(db, row.case_id),
        **more,
    )


def sealing_context(number: int) -> str:
    return f"issues:sealed:{number}"


SEALED: SealedColumns = (SealedColumn(issues.c.sealed, lambda row: sealing_context(row["id"])),)
HANDLERS: Handlers = {
    WriteIssue: EffectHandler(write),
    DropIssue: EffectHandler(drop),
    SendIssue: EffectHandler(send),
    AddToIssue: EffectHandler(add),
    EndIssue: EffectHandler(end),
    TakeBackIssue: EffectHandler(take_back),
}
HOOKS: Hooks = {marks.TextMarked: locate_marked}
FACTS: Loaders = {MyIssues: my_issues, OneIssue: one_issue, OneEntry: one_entry}
MY_DATA: MyDataFields = {"raised": issues_of}
