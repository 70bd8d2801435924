"""Who may give a second person's yes: one rule for all that waits for one. See docs/decisions/0038-the-second-yes.md."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.person import Right
from conversations.core.record import Record
from storage.core.unit_of_work import Db
from storage.tables import roles, team_days
from storage.team.rights import who_may

LONG_ENOUGH = timedelta(days=7)  # in the team
DAYS_HERE = 7  # different ones, for somebody whom the asker invited

NOBODY_ELSE = N_("There is nobody else who could say yes. An owner can invite somebody at /team.")
NOBODY_YET = N_(
    "Nobody else may say yes yet. Who says it has been in the team for seven days, since before this was begun, and was here on seven days if you invited them. From {day} on somebody can."
)
NOBODY_FOR_THIS = N_(
    "Who says yes has been in the team since before this was begun, and nobody else has. Take out all its parts and write it again: from {day} on somebody can say yes to a new one."
)


class Asking(Record):
    """Something that waits for a yes: who asks, who wrote any of it, and when it was begun (UTC)."""

    asker: int
    writers: Collection[int]
    begun_at: datetime


class _Candidate(Record):
    person: int
    since: datetime
    invited: bool
    days: int

    def earliest(self, today: date) -> date:
        """The day from which they may say yes to what was begun after they came."""
        missing = max(0, DAYS_HERE - self.days) if self.invited else 0
        return max((self.since + LONG_ENOUGH).date(), today + timedelta(days=missing))


def who_may_say_yes(db: Db, right: Right, asking: Asking) -> tuple[int, ...]:
    """The ids of all who may say yes now."""
    return tuple(one.person for one in _candidates(db, right, asking) if _may(db, one, asking))


def require_somebody(db: Db, right: Right, asking: Asking) -> tuple[int, ...]:
    """The same. Raises Refused where nobody may, with the day on which somebody will."""
    candidates = _candidates(db, right, asking)
    if not candidates:
        raise Refused(NOBODY_ELSE)
    if found := tuple(one.person for one in candidates if _may(db, one, asking)):
        return found
    in_time = [one for one in candidates if one.since < asking.begun_at]
    day = min(one.earliest(db.today) for one in in_time or candidates)
    raise Refused(NOBODY_YET if in_time else NOBODY_FOR_THIS, day=day)


def _may(db: Db, one: _Candidate, asking: Asking) -> bool:
    return (
        one.since < asking.begun_at
        and one.since <= db.now - LONG_ENOUGH
        and not (one.invited and one.days < DAYS_HERE)
    )


def _candidates(db: Db, right: Right, asking: Asking) -> list[_Candidate]:
    """All others who have the right and wrote nothing of it."""
    others = set(db.run(who_may(right)).scalars()) - {asking.asker, *asking.writers}
    held = select(roles.c.person_id, roles.c.at, roles.c.given_by).where(roles.c.person_id.in_(others))
    of: dict[int, list[tuple[datetime, int | None]]] = {}
    for row in db.run(held):
        of.setdefault(row.person_id, []).append((row.at, row.given_by))
    days = select(team_days.c.person_id, func.count().label("days")).where(team_days.c.person_id.in_(others))
    here = {row.person_id: row.days for row in db.run(days.group_by(team_days.c.person_id))}
    return [
        _Candidate(
            person,
            min(at for at, _by in rows),
            any(by == asking.asker for _at, by in rows),
            here.get(person, 0),
        )
        for person, rows in sorted(of.items())
    ]
