"""The rate gate: how many messages may leave in a second, counted in the database, so that all workers share it
and a crash forgets nothing.

There is a row for each message that may leave in a second, with the moment when it was last given. A token is the
row that was given longest ago, if that is a second ago. So never more are given in any second than there are rows.
"""

import math

from sqlalchemy import ColumnElement, Executable, Float, bindparam, delete, extract, func, or_, select, update
from sqlalchemy import cast as sql_cast

from conversations.core.record import record
from storage.core.unit_of_work import Db, prepared
from storage.outbox.heartbeats import seconds
from storage.tables import tokens

EVENLY_FROM = 100  # a second


@record
class Rate:
    """So many in so many seconds. `apart`: seconds between two that leave evenly."""

    many: int
    window: float

    @property
    def apart(self) -> float:
        return self.window / self.many


@record
class RateGrant:
    """How many tokens were given; `again` is in how many seconds the next one may be, where fewer were given."""

    many: int
    again: float = 0.0


def rate(per_second: float) -> Rate:
    """Telegram counts whole messages a second; under one a second, one in a longer time."""
    return Rate(max(1, math.floor(per_second)), max(1.0, 1 / per_second))


def _free(now: ColumnElement[float]) -> ColumnElement[bool]:
    # A clock that begins anew (the machine was switched on again) leaves rows in the future: they are long ago.
    return or_(tokens.c.given_at <= now - bindparam("window", type_=Float()), tokens.c.given_at > now)


def _taking(now: ColumnElement[float]) -> Executable:
    chosen = select(tokens.c.id).where(_free(now)).order_by(tokens.c.given_at).limit(bindparam("many"))
    taken = chosen.with_for_update(skip_locked=True).scalar_subquery()
    return update(tokens).where(tokens.c.id.in_(taken)).values(given_at=now).returning(tokens.c.id)


_HERE = bindparam("now", type_=Float())
_THERE = sql_cast(extract("epoch", func.clock_timestamp()), Float(53))
_TAKE = {"sqlite": prepared(_taking(_HERE)), "postgresql": prepared(_taking(_THERE))}
_COUNT = {
    name: prepared(select(func.count().label("n")).select_from(tokens).where(_free(now)))
    for name, now in (("sqlite", _HERE), ("postgresql", _THERE))
}
_OLDEST = prepared(select(func.min(tokens.c.given_at)))


def set_rate(db: Db) -> None:
    """Makes as many rows as the rules allow. What was given stays given."""
    many = rate(db.rules.sends_per_second).many
    db.run(delete(tokens).where(tokens.c.id >= many))
    missing = set(range(many)) - set(db.run(select(tokens.c.id)).scalars())
    if missing:
        rows = [{"id": number, "given_at": 0.0} for number in sorted(missing)]
        db.run(db.insert(tokens).on_conflict_do_nothing(), rows)


def take(db: Db, many: int, *, leaving: int | None = None) -> RateGrant:
    """Takes up to so many tokens. `leaving` says that they are not in haste, and how many must stay free for somebody
    who is: then fewer may be given than there are, so that they leave evenly.
    """
    allowed = rate(db.rules.sends_per_second)
    database = db.connection.dialect.name
    clock = {"now": seconds(db)} if database == "sqlite" else {}
    wanted = many if leaving is None else min(many, _evenly(db, allowed, leaving, clock))
    taken = (
        len(db.run(_TAKE[database], {"window": allowed.window, "many": wanted, **clock}).all())
        if wanted > 0
        else 0
    )
    return RateGrant(taken, 0.0 if taken == many else _until_next(db, allowed))


def _evenly(db: Db, allowed: Rate, leaving: int, clock: dict[str, float]) -> int:
    """How many may be taken without haste. One that is free a moment later counts as left for the others: at 30 a second,
    an idle one would be a thirtieth of them all.

    At hundreds a second a tenth of the window gets a tenth of them, and no more. Else all would leave in its first half, as
    two workers together can, again and again; and where they then arrive a little late, they are too many for one second.
    """
    soon = _count(db, allowed.window - allowed.apart / 2, clock) - leaving
    if allowed.many < EVENLY_FROM:
        return soon
    lately = allowed.many - _count(db, allowed.window / 10, clock)
    return min(soon, allowed.many // 10 - lately)


def _count(db: Db, window: float, clock: dict[str, float]) -> int:
    """How many were not given for so long."""
    return int(db.run(_COUNT[db.connection.dialect.name], {"window": window, **clock}).scalar_one())


def _until_next(db: Db, allowed: Rate) -> float:
    """Seconds until the next row is free; never so few that asking again would be idle."""
    oldest = db.run(_OLDEST, {}).scalar()
    if oldest is None:
        return allowed.window
    return min(max(float(oldest) + allowed.window - seconds(db), allowed.apart / 4, 0.002), allowed.window)
