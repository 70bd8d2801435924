"""A sliding-window rate limit in the database, so that all workers share it and it survives a crash.

Each row is a token: one message that may leave in a window, and when it was last given out. A token is free again one
window later. So no window ever holds more messages than there are rows.
"""

import math

from sqlalchemy import ColumnElement, Executable, Float, bindparam, delete, extract, func, or_, select, update
from sqlalchemy import cast as sql_cast

from conversations.core.record import Record
from storage.core.unit_of_work import Db, prepared
from storage.outbox.heartbeats import seconds
from storage.tables import tokens

EVENLY_FROM = 100  # a second


class Rate(Record):
    """At most `many` messages in `window` seconds. `interval`: seconds between two that leave evenly."""

    many: int
    window: float

    @property
    def interval(self) -> float:
        return self.window / self.many


class RateGrant(Record):
    """How many tokens were given out. If fewer than asked for, the next may be free in `retry_in` seconds."""

    many: int
    retry_in: float = 0.0


def rate(per_second: float) -> Rate:
    """The limit as whole messages in a window: one second, or longer for less than one message a second."""
    return Rate(max(1, math.floor(per_second)), max(1.0, 1 / per_second))


def _is_free(now: ColumnElement[float]) -> ColumnElement[bool]:
    # A reboot resets the clock and leaves rows in the future: these are free.
    return or_(tokens.c.given_at <= now - bindparam("window", type_=Float()), tokens.c.given_at > now)


def _take_statement(now: ColumnElement[float]) -> Executable:
    chosen = select(tokens.c.id).where(_is_free(now)).order_by(tokens.c.given_at).limit(bindparam("many"))
    taken = chosen.with_for_update(skip_locked=True).scalar_subquery()
    return update(tokens).where(tokens.c.id.in_(taken)).values(given_at=now).returning(tokens.c.id)


_LOCAL_CLOCK = bindparam("now", type_=Float())
_SERVER_CLOCK = sql_cast(extract("epoch", func.clock_timestamp()), Float(53))
_TAKE = {
    "sqlite": prepared(_take_statement(_LOCAL_CLOCK)),
    "postgresql": prepared(_take_statement(_SERVER_CLOCK)),
}
_COUNT = {
    name: prepared(select(func.count().label("n")).select_from(tokens).where(_is_free(now)))
    for name, now in (("sqlite", _LOCAL_CLOCK), ("postgresql", _SERVER_CLOCK))
}
_OLDEST = prepared(select(func.min(tokens.c.given_at)))


def set_rate(db: Db) -> None:
    """Makes as many tokens as the rules allow. Tokens that were given out keep their times."""
    many = rate(db.rules.sends_per_second).many
    db.run(delete(tokens).where(tokens.c.id >= many))
    missing = set(range(many)) - set(db.run(select(tokens.c.id)).scalars())
    if missing:
        rows = [{"id": number, "given_at": 0.0} for number in sorted(missing)]
        db.run(db.insert(tokens).on_conflict_do_nothing(), rows)


def take(db: Db, many: int, *, reserve: int | None = None) -> RateGrant:
    """Takes up to `many` tokens. With `reserve`, that many stay free for urgent messages, and the rest are given out
    evenly, so there may be fewer than are free.
    """
    allowed = rate(db.rules.sends_per_second)
    database = db.connection.dialect.name
    clock = {"now": seconds(db)} if database == "sqlite" else {}
    wanted = many if reserve is None else min(many, _even_share(db, allowed, reserve, clock))
    taken = (
        len(db.run(_TAKE[database], {"window": allowed.window, "many": wanted, **clock}).all())
        if wanted > 0
        else 0
    )
    return RateGrant(taken, 0.0 if taken == many else _until_next(db, allowed))


def _even_share(db: Db, allowed: Rate, reserve: int, clock: dict[str, float]) -> int:
    """How many tokens broadcasts may take now. One that is free within half an interval counts towards the reserve: at
    30 a second, leaving it idle would waste a thirtieth of the rate.

    At hundreds a second, each tenth of the window gets at most a tenth of the tokens. Otherwise two workers could use
    them all in its first half, and messages that arrive a little late would exceed the limit of the next second.
    """
    soon = _count(db, allowed.window - allowed.interval / 2, clock) - reserve
    if allowed.many < EVENLY_FROM:
        return soon
    lately = allowed.many - _count(db, allowed.window / 10, clock)
    return min(soon, allowed.many // 10 - lately)


def _count(db: Db, window: float, clock: dict[str, float]) -> int:
    """How many tokens were last given out at least `window` seconds ago."""
    return int(db.run(_COUNT[db.connection.dialect.name], {"window": window, **clock}).scalar_one())


def _until_next(db: Db, allowed: Rate) -> float:
    """Seconds until the next token is free; long enough that polling is not a busy loop."""
    oldest = db.run(_OLDEST, {}).scalar()
    if oldest is None:
        return allowed.window
    return min(max(float(oldest) + allowed.window - seconds(db), allowed.interval / 4, 0.002), allowed.window)
