"""Something told to many: begun once, and queued person by person in pieces that go on where they stopped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import cast as sql_cast

from conversations.core.channels import PUSHING
from conversations.core.config import next_waking, next_weekly
from storage.core.unit_of_work import Db, new_id
from storage.outbox import outbox as letters
from storage.tables import (
    Id,
    Moment,
    broadcasts,
    consultations,
    doors,
    issues,
    news,
    outbox,
    outcomes,
    parts,
    people,
    promise_moves,
    revisits,
    status_changes,
    taking_part,
)

Kind = Literal["consultation", "outcome", "news", "moved", "status", "revisit"]
_SINCE: Mapping[str, Table] = {"moved": promise_moves, "status": status_changes}
_OF_REVISIT = (
    select(outcomes.c.consultation_id)
    .join(parts, parts.c.outcome_id == outcomes.c.id)
    .join(revisits, revisits.c.part_id == parts.c.id)
)
PIECE = 500  # people queued in one transaction: turns go on between two


def begin(db: Db, kind: Kind, about: int, due: datetime, made_by: int | None) -> bool:
    """Begins to tell everybody whom it concerns; not before `due` (UTC). False where it was begun before.

    A consultation and good news are told to those whose age they fit; an outcome, a day that was moved, where
    something stands by now, and whether it has happened, to those who took part. `about` is its id, `made_by` the person who sees how far it is.
    The first piece is queued at once.
    """
    values = {"kind": kind, "about": about, "due": due, "made_by": made_by}
    done = db.run(db.insert(broadcasts).values(**values).on_conflict_do_nothing())
    if done.rowcount == 0:
        return False
    number = new_id(done)
    fan_out(db, number)
    if made_by is not None:
        letters.announce(db, made_by, f"progress:{number}", "progress", number, lane="progress")
    return True


def fan_out(db: Db, number: int, piece: int = PIECE) -> bool:
    """Queues the next so many people. False when everybody is queued; asked again, it does nothing."""
    unfinished = select(broadcasts).where(broadcasts.c.id == number, broadcasts.c.queued_at.is_(None))
    row = db.run(unfinished.with_for_update()).first()
    if row is None:
        return False
    about, issue = subject(db, row.kind, row.about), raised(db, row.kind, row.about)
    wanted = and_(people.c.id > row.reached, *_audience(db, row.kind, about, issue))
    those = select(people.c.id).join(doors, doors.c.id == people.c.main_door).where(wanted)
    next_ones = those.order_by(people.c.id).limit(piece).subquery()
    found = db.run(select(func.count().label("many"), func.max(next_ones.c.id).label("last"))).one()
    if found.many:
        _queue(db, row, and_(wanted, people.c.id <= found.last))
    more = bool(found.many == piece)
    values = {"reached": found.last or row.reached, "queued_at": None if more else db.now}
    db.run(update(broadcasts).where(broadcasts.c.id == number).values(**values))
    return more


def unfinished(db: Db) -> tuple[int, ...]:
    """Those of which not everybody is queued yet, and that nobody holds."""
    going = (broadcasts.c.queued_at.is_(None), broadcasts.c.held_at.is_(None))
    query = select(broadcasts.c.id).where(*going).order_by(broadcasts.c.id)
    return tuple(db.run(query).scalars())


def how_many(db: Db, kind: Kind, about: int | None, issue: int | None = None) -> int:
    """How many would be told now, of this consultation or of what came of it; of this good news; or of what came of
    this that somebody raised.
    """
    reached = select(func.count()).select_from(people).join(doors, doors.c.id == people.c.main_door)
    return int(db.run(reached.where(*_audience(db, kind, about, issue))).scalar_one())


def subject(db: Db, kind: str, about: int) -> int | None:
    """The consultation that it is about; of good news, that itself."""
    if kind in {"consultation", "news"}:
        return about
    if kind == "revisit":
        return db.run(_OF_REVISIT.where(revisits.c.id == about)).scalar()
    if kind in _SINCE:
        return db.run(_consultation_of(_SINCE[kind]).where(_SINCE[kind].c.id == about)).scalar()
    return db.run(select(outcomes.c.consultation_id).where(outcomes.c.id == about)).scalar()


def raised(db: Db, kind: str, about: int) -> int | None:
    """What was raised and is answered there; None where it is about a consultation."""
    match kind:
        case "outcome":
            return db.run(select(outcomes.c.issue_id).where(outcomes.c.id == about)).scalar()
        case "revisit":
            query = _OF_REVISIT.with_only_columns(outcomes.c.issue_id).where(revisits.c.id == about)
            return db.run(query).scalar()
        case "moved" | "status":
            table = _SINCE[kind]
            query = _consultation_of(table).with_only_columns(outcomes.c.issue_id).where(table.c.id == about)
            return db.run(query).scalar()
    return None


def about_any_of(those: Select[tuple[int]]) -> ColumnElement[bool]:
    """Whether something told to many is about one of these consultations."""
    of_outcomes = select(outcomes.c.id).where(outcomes.c.consultation_id.in_(those))
    found = and_(broadcasts.c.kind == "consultation", broadcasts.c.about.in_(those))
    found |= and_(broadcasts.c.kind == "outcome", broadcasts.c.about.in_(of_outcomes))
    again = _OF_REVISIT.with_only_columns(revisits.c.id).where(outcomes.c.consultation_id.in_(those))
    found |= and_(broadcasts.c.kind == "revisit", broadcasts.c.about.in_(again))
    for kind, table in _SINCE.items():
        of_these = _consultation_of(table).with_only_columns(table.c.id).where(_whose(table).in_(those))
        found |= and_(broadcasts.c.kind == kind, broadcasts.c.about.in_(of_these))
    return found


def _whose(table: Table) -> ColumnElement[int]:
    return func.coalesce(table.c.consultation_id, outcomes.c.consultation_id)


def _consultation_of(table: Table) -> Select[Any]:
    """The consultations of what is promised there, or of the parts."""
    with_part = table.outerjoin(parts, parts.c.id == table.c.part_id)
    return select(_whose(table)).select_from(
        with_part.outerjoin(outcomes, outcomes.c.id == parts.c.outcome_id)
    )


def _queue(db: Db, about: Row[Any], those: ColumnElement[bool]) -> None:
    """One row for each of them, in one statement. Pages wait for nobody's waking; chats do, and those of people who
    want their news once a week for that moment.
    """
    once = literal(f"{about.kind}:{about.about}:") + sql_cast(people.c.id, letters.ONCE)
    waking, weekly = next_waking(about.due, db.rules), _weekly(db, about)
    due = case(
        (doors.c.kind.not_in(PUSHING), literal(about.due, Moment())),
        (people.c.frequency == "weekly", literal(weekly, Moment())),
        else_=literal(waking, Moment()),
    )
    values = {
        "once": once,
        "door_id": doors.c.id,
        "door_kind": doors.c.kind,
        "lane": literal("broadcast"),
        "state": literal("waiting"),
        "kind": literal(about.kind),
        "about": literal(about.about, Id),
        "broadcast_id": literal(about.id, Id),
        "due": due,
    }
    query = select(*values.values()).join(doors, doors.c.id == people.c.main_door).where(those)
    db.run(db.insert(outbox).from_select(list(values), query).on_conflict_do_nothing())


def _weekly(db: Db, about: Row[Any]) -> datetime:
    """The weekly moment; for what closes before it, as soon as they are awake: later it would be of no use."""
    waking, weekly = next_waking(about.due, db.rules), next_weekly(about.due, db.rules)
    if about.kind != "consultation":
        return weekly
    closes = db.run(select(consultations.c.closes_at).where(consultations.c.id == about.about)).scalar()
    return waking if closes and closes <= weekly else weekly


def _audience(db: Db, kind: Kind, about: int | None, issue: int | None) -> tuple[ColumnElement[bool], ...]:
    """Who is told, of people at their main doors: only who agreed, did not stop, and can be reached. `about` is the
    consultation, or the good news. What somebody raised may have become part of a consultation: that counts as
    taking part, for what comes of it. What came of an `issue` itself is told to whoever raised it.
    """
    reached = (people.c.agreed_at.is_not(None), people.c.stopped_at.is_(None), doors.c.reachable)
    if kind == "news":
        return (
            *reached,
            people.c.frequency != "mine",
            *_fits(db, select(news.c.bands).where(news.c.id == about)),
        )
    if issue is not None:
        return (*reached, exists().where(issues.c.person_id == people.c.id, issues.c.id == issue))
    took_part = exists().where(taking_part.c.person_id == people.c.id, taking_part.c.consultation_id == about)
    raised_it = exists().where(issues.c.person_id == people.c.id, issues.c.consultation_id == about)
    if kind != "consultation":
        return (*reached, or_(took_part, raised_it))
    fits = _fits(db, select(consultations.c.bands).where(consultations.c.id == about))
    return (*reached, or_(people.c.frequency != "mine", raised_it), ~took_part, *fits)


def _fits(db: Db, ages: Select[Any]) -> tuple[ColumnElement[bool], ...]:
    """Those of the ages that it is for; one that names none is for everybody."""
    bands = db.run(ages).scalar()
    return (people.c.band.in_(bands),) if bands else ()
