"""Threads of issues: entries by both sides, and who is told of them."""

from collections.abc import Collection
from datetime import date
from typing import Any, cast

from sqlalchemy import Row, and_, select, true, update

from conversations.issues.issue import EntryKind, ThreadEntry
from conversations.issues.messages import ISSUE_UPDATE, WROTE_BACK
from conversations.team.rights import Rights
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, new_id
from storage.outbox import outbox
from storage.safeguarding.kept_back import readable, standing
from storage.tables import issue_entries, issues
from storage.team.rights import who_may

_WITH_WORDS: tuple[EntryKind, ...] = ("more", "answer", "question", "closed", "moved")
OF_THE_TEAM: tuple[EntryKind, ...] = ("answer", "question", "closed", "moved", "merged")


def add(
    db: Db,
    issue: int,
    kind: EntryKind,
    words: str = "",
    *,
    by: int | None = None,
    day: date | None = None,
    case: int | None = None,
) -> int:
    """Adds an entry and returns its id. `by` is the team member, if it is one. `case` keeps it from the team."""
    values = {"issue_id": issue, "kind": kind, "made_by": by, "day": day, "at": db.now, "case_id": case}
    number = new_id(db.run(issue_entries.insert().values(**values)))
    if words:
        sealed = db.vault.seal(words, sealing_context(number))
        db.run(update(issue_entries).where(issue_entries.c.id == number).values(sealed=sealed))
    return number


def entries(db: Db, issue: int, reader: int | None) -> tuple[ThreadEntry, ...]:
    """An issue's entries, oldest first. `reader` is the team member who reads; None means the young person. Nothing tells
    the team that a case kept one from it.
    """
    theirs = true() if reader is None else and_(readable(issue_entries), issue_entries.c.kind != "passed")
    query = (
        select(issue_entries).where(issue_entries.c.issue_id == issue, theirs).order_by(issue_entries.c.id)
    )
    return tuple(entry(db, row, reader) for row in db.run(query))


def entry(db: Db, row: Row[Any], reader: int | None) -> ThreadEntry:
    """An entry from its row, as seen by `reader`."""
    kind = cast(EntryKind, row.kind)
    theirs = kind in {"more", "done"}
    own = theirs if reader is None else row.made_by == reader
    words = db.vault.open(row.sealed, sealing_context(row.id)) if row.sealed is not None else None
    kept = standing(db, row.case_id)
    return ThreadEntry(kind, row.at, words if kind in _WITH_WORDS else "", row.day, own, kept)


def answered_among(db: Db, numbers: Collection[int]) -> frozenset[int]:
    """Those of these issues to which the team has replied."""
    of_the_team = issue_entries.c.kind.in_(OF_THE_TEAM)
    query = select(issue_entries.c.issue_id).where(issue_entries.c.issue_id.in_(numbers), of_the_team)
    return frozenset(db.run(query.distinct()).scalars())


def raiser(db: Db, issue: int) -> int | None:
    """The person who raised an issue; None if it was deleted."""
    return db.run(select(issues.c.person_id).where(issues.c.id == issue)).scalar()


def tell_raiser(db: Db, issue: int, entry: int) -> None:
    """Tells the raiser of a new entry, outside quiet hours, and not after /stop."""
    person = raiser(db, issue)
    if person is not None:
        outbox.announce(db, person, f"issue:{entry}", ISSUE_UPDATE, entry)


def tell_last_answerer(db: Db, issue: int) -> None:
    """Tells the member who replied last that there is something new, once until they reply again. If they left, tells all
    who answer issues; if nobody has replied, tells nobody.
    """
    written = select(issue_entries.c.id, issue_entries.c.made_by).where(
        issue_entries.c.issue_id == issue, issue_entries.c.kind.in_(OF_THE_TEAM)
    )
    last = db.run(written.order_by(issue_entries.c.id.desc()).limit(1)).first()
    if last is None:
        return
    staff = answering_staff(db)
    for person in [last.made_by] if last.made_by in staff else staff:
        once = f"wrote:{issue}:{last.id}:{person}"
        outbox.announce(db, person, once, WROTE_BACK, issue)


def answering_staff(db: Db) -> list[int]:
    """The ids of all who may answer issues."""
    return list(db.run(who_may(Rights.ANSWER_ISSUES)).scalars())


def sealing_context(entry: int) -> str:
    return f"issue_entries:sealed:{entry}"


SEALED: SealedColumns = (SealedColumn(issue_entries.c.sealed, lambda row: sealing_context(row["id"])),)
