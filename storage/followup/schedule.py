"""The schedule of revisits: on the promised day the team is asked, some weeks later those who took part."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, or_, select, update

from conversations.core.config import morning, next_waking
from conversations.core.missed import is_long_missed
from conversations.followup.messages import HAS_IT_HAPPENED
from conversations.followup.rounds import REVISITED_DECISIONS, ROUNDS, TIME_TO_ANSWER, ruling
from conversations.outcomes.standing import RevisitEnd
from conversations.team.rights import Rights
from storage.core.unit_of_work import Db, Hooks
from storage.followup import revisits
from storage.followup.recipients import REVISIT_RECIPIENTS
from storage.outbox import broadcasts, outbox
from storage.outcomes import status as outcome_status
from storage.outcomes.publishing import OutcomePublished
from storage.tables import outcomes, parts, roles, writers
from storage.tables import revisits as table
from storage.team import team_rules
from storage.team.rights import who_may

_MOVED = and_(
    table.c.state.in_(("waiting", "owner", "reason")),
    parts.c.due.is_not(None),
    or_(table.c.day.is_(None), table.c.day != parts.c.due),
)

# Parts that became *can't*: those who took part have been told its because.
_GIVEN_UP = and_(table.c.state != "closed", parts.c.stands == "cant")


def begin(db: Db, outcome: int) -> None:
    """Schedules the revisits of a published outcome: promises on their day, the rest in the team's `revisit_weeks`."""
    those = and_(parts.c.outcome_id == outcome, parts.c.decision.in_(REVISITED_DECISIONS))
    for row in db.run(select(parts.c.id, parts.c.due).where(those).order_by(parts.c.id)).all():
        due = morning(row.due, db.rules) if row.due else _in_weeks(db)
        new = db.insert(table).values(part_id=row.id, round=1, state="waiting", day=row.due, due=due)
        db.run(new.on_conflict_do_nothing())


def run_due(db: Db) -> int:
    """Advances revisits that are due, and follows days that were moved. Returns how many. Does nothing in quiet hours.

    Updates claim a revisit by its old state and due time, so that any number of workers may tick.
    """
    if next_waking(db.now, db.rules) > db.now:
        return 0
    due = and_(table.c.state.in_(("waiting", "owner", "people")), table.c.due <= db.now)
    query = select(table, parts.c.due.label("promised"), parts.c.stands, parts.c.outcome_id)
    found = query.join(parts, parts.c.id == table.c.part_id).where(or_(due, _MOVED, _GIVEN_UP))
    found = found.order_by(table.c.id)
    return sum(_step(db, row) for row in db.run(found).all())


def _step(db: Db, row: Row[Any]) -> bool:
    moved = row.promised is not None and row.promised != row.day
    if row.stands == "cant":
        return _close(db, row, "said")
    match row.state:
        case "waiting" | "owner" if moved:
            due = morning(row.promised, db.rules)
            return _claim(db, row, state="waiting", day=row.promised, due=due, owner_says=None)
        case "reason":
            return _next_round(db, row, morning(row.promised, db.rules))
        case "waiting":
            return _ask_owner(db, row)
        case "owner" if (
            row.owner_says == "no"
        ):  # the owner says that it did not happen, so nobody else is asked
            return _repeat_or_stop(db, row)
        case "owner":
            return _ask_people(db, row)
    return _settle(db, row)


# --- asking ---------------------------------------------------------------------------------------


def _ask_owner(db: Db, row: Row[Any]) -> bool:
    if not _claim(db, row, state="owner", due=_in_weeks(db)):
        return False
    _tell_the_team(db, row)
    return True


def _ask_people(db: Db, row: Row[Any]) -> bool:
    due = _morning_in(db, TIME_TO_ANSWER)
    if not _claim(db, row, state="people", asked_at=db.now, due=due):
        return False
    broadcasts.begin(db, REVISIT_RECIPIENTS, row.id, db.now, None)
    return True


def _settle(db: Db, row: Row[Any]) -> bool:
    """Closes the round when the time to answer is over, or starts another. If Heard was off for long when it ended, people
    get their time again: silence would count as theirs.
    """
    if is_long_missed(row.due, db.now):
        return _claim(db, row, due=_morning_in(db, TIME_TO_ANSWER))
    counts = outcome_status.counts_of(db, [row.id]).get(row.id, {})
    if ruling(row.owner_says, counts) == "again":
        return _repeat_or_stop(db, row)
    return _close(db, row, "kept")


def _close(db: Db, row: Row[Any], ended: RevisitEnd) -> bool:
    if not _claim(db, row, state="closed", due=None, ended=ended, ended_at=db.now):
        return False
    revisits.close_subject_if_settled(db, row.part_id)
    return True


def _repeat_or_stop(db: Db, row: Row[Any]) -> bool:
    """Schedules another round; after `ROUNDS` of them, asks the team for a reason instead."""
    if row.round < ROUNDS:
        return _next_round(db, row, _in_weeks(db))
    if not _claim(db, row, state="reason", due=None):
        return False
    _tell_the_team(db, row)
    return True


def _next_round(db: Db, row: Row[Any], due: datetime) -> bool:
    if not _claim(db, row, state="closed", due=None, ended="again", ended_at=db.now):
        return False
    values = {"part_id": row.part_id, "round": row.round + 1, "state": "waiting"}
    db.run(table.insert().values(**values, day=row.promised, due=due))
    return True


def _claim(db: Db, row: Row[Any], **values: object) -> bool:
    """Updates a revisit that is still as it was read. False if another worker or a team member was quicker."""
    as_seen = and_(table.c.id == row.id, table.c.state == row.state)
    as_seen = and_(as_seen, table.c.due.is_(None) if row.due is None else table.c.due == row.due)
    return db.run(update(table).where(as_seen).values(**values)).rowcount == 1


# --- who is told, and when ------------------------------------------------------------------------


def _tell_the_team(db: Db, row: Row[Any]) -> None:
    """Tells the outcome's writers and publisher who still have the right; if none is left, all who have it."""
    may = who_may(Rights.FOLLOW_UP)
    wrote = select(writers.c.person_id).where(writers.c.outcome_id == row.outcome_id)
    sent = select(outcomes.c.made_by).where(outcomes.c.id == row.outcome_id)
    makers = or_(roles.c.person_id.in_(wrote), roles.c.person_id.in_(sent))
    everybody = set(db.run(may).scalars())
    those = set(db.run(may.where(makers)).scalars()) or everybody
    for person in sorted(those):
        once = f"happened:{row.id}:{row.promised}:{row.state}:{person}"
        outbox.announce(db, person, once, HAS_IT_HAPPENED, row.id)


def _in_weeks(db: Db) -> datetime:
    return _morning_in(db, timedelta(weeks=team_rules.rules(db).revisit_weeks))


def _morning_in(db: Db, time: timedelta) -> datetime:
    return morning(db.day_of(db.now + time), db.rules)


HOOKS: Hooks = {OutcomePublished: lambda db, published: begin(db, published.number)}
