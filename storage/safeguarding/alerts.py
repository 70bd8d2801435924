"""Alerts about a case: who gets them, in which order, and whether they have arrived."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Row, Select, and_, or_, select

from conversations.core.channels import BY_NAME, STAYING_SIGNED_IN, Channel
from conversations.core.message_kind import MessageKind
from conversations.core.person import STAFF, Right
from conversations.core.record import Record
from conversations.safeguarding.helplines import Informed
from conversations.safeguarding.messages import ALERT
from conversations.team.rights import Rights
from storage.core.unit_of_work import Db
from storage.outbox import heartbeats, outbox
from storage.safeguarding import rota
from storage.tables import doors, roles
from storage.tables import outbox as outbox_table
from storage.team.rights import gives

ALERT_EVERY = timedelta(minutes=10)

# A closed page alerts nobody. So a lead who has only the page counts as reached only if they used it just now; the alert
# waits on their page in any case. To tell a child "I've told someone" when nobody looks before morning would be the worst
# mistake that Heard can make.
AT_THE_PAGE = timedelta(minutes=15)
ANSWERED = 100.0  # seconds since a channel last worked; the courier checks it twice in that time
ON_ITS_WAY = timedelta(minutes=1)  # an alert that waits for longer counts as not arriving
NOBODYS_TIME = timedelta(seconds=-1)  # only those are alerted who take the place of others

# What became of the alerts at a door: "late" waits for too long, "lost" may not have arrived.
Fate = Literal["arrived", "on its way", "late", "lost"]


class Rung(Record):
    """The people who are alerted `after` so long, if nobody has taken a case on. `doors` are those of theirs where an
    alert can go; `members` counts the people, those who cannot be reached too. `informs` says who knows once it has reached them.
    """

    name: str
    after: timedelta
    members: int
    doors: Sequence[Row[Any]]
    informs: Informed


def tell(db: Db, alert: int, sign: str, about: int | None, taken_by: int | None) -> tuple[Informed, bool]:
    """Queues an alert to whoever took the case on, or else to those who come first, and to the next until it will reach
    somebody now; at most one per kind of sign in ten minutes. Nobody is alerted about their own case (`about`).

    Returns whom it will reach now, and whether any alert is new.
    """
    is_new = False
    for rung in ladder(db, about, taken_by):
        is_new = queue(db, alert, sign, rung.doors) or is_new
        if any(is_reached_now(db, row) for row in rung.doors):
            return rung.informs, is_new
    return "nobody", is_new


def pass_on(
    db: Db,
    alert: int,
    since: datetime | None,
    waited: timedelta,
    about: int | None,
    taken_by: int | None = None,
    kind: MessageKind = ALERT,
) -> None:
    """Alerts everybody whose time has come, without those who have had an alert `since` then; and the next at once where
    none of those before them can be reached. A rung where there is nobody is skipped. A notice of another `kind` goes on
    in the same way.
    """
    fates, reached = _fates(db, alert, since, kind), False
    for rung in ladder(db, about, taken_by):
        if reached and rung.after > waited:
            break
        if rung.members:
            again = [row for row in rung.doors if fates.get(row.id) in (None, "lost")]
            queue(db, alert, rung.name, again, kind)
            reached = any(_has_reached(db, row, fates.get(row.id)) for row in rung.doors)


def who_is_reached(db: Db, alert: int) -> Informed:
    """Whom an alert has reached, or will reach now. A page that nobody is at does not count."""
    there = _alerted(db, _signed_in_doors(db), _fates(db, alert), "arrived", "on its way")
    return _informed_by(row for row in there if is_reached_now(db, row))


def who_has_read(db: Db, alert: int, since: datetime | None = None) -> Informed:
    """At whom an alert has arrived. They may have left the page, signed out, or blocked the channel since."""
    return _informed_by(_alerted(db, select(*_DOOR), _fates(db, alert, since), "arrived"))


def who_is_informed(db: Db, alert: int) -> Informed:
    """Whom an alert has reached or will reach now."""
    read = who_has_read(db, alert)
    return who_is_reached(db, alert) if read == "nobody" else read


# --- who comes next -------------------------------------------------------------------------------


def ladder(db: Db, about: int | None, taken_by: int | None = None) -> list[Rung]:
    """Everybody who is told of a case, in order: whoever took it on; leads at once; later deputies, whoever is on the rota,
    owners. Where there is no lead, owners stand in.
    """
    held = db.run(select(roles.c.person_id, roles.c.role).where(gives(Rights.SEE_CASES))).all()

    def holders(right: Right) -> set[int]:
        return {row.person_id for row in held if row.role in right.roles} - {about}

    leads, owners = holders(Rights.LEAD_SAFEGUARDING), ("owners", holders(Rights.STAND_IN))
    deputies, on_duty = ("deputies", holders(Rights.DEPUTISE)), ("rota", {*rota.on_duty(db)} - {about})
    order = (("leads", leads), deputies, on_duty, owners) if leads else (owners, deputies, on_duty)
    groups = [("holder", {taken_by} if taken_by else set()), *order]
    times = [timedelta(0), timedelta(0), *(timedelta(minutes=many) for many in db.rules.escalate_minutes)]
    everybody = {person for _name, people in groups for person in people}
    rows = db.run(_signed_in_doors(db).where(doors.c.person_id.in_(everybody))).all()
    return [
        Rung(
            name=name,
            after=after,
            members=len(people),
            doors=[row for row in rows if row.person_id in people],
            informs="lead" if people and people <= leads else "team",
        )
        for (name, people), after in zip(groups, times, strict=False)
    ]


def _signed_in_doors(db: Db) -> Any:
    """Selects the reachable doors where people are signed in. Where they only were not for long, an alert still reaches them:
    it holds no words.
    """
    staying = and_(doors.c.kind.in_(STAYING_SIGNED_IN), doors.c.signed_in_until.is_(None))
    signed_in = or_(staying, doors.c.signed_in_until > db.now)
    return select(*_DOOR).where(doors.c.reachable, signed_in)


_DOOR = (doors.c.id, doors.c.kind, doors.c.used_at, doors.c.person_id)


# --- the alerts -----------------------------------------------------------------------------------


def queue(db: Db, alert: int, why: str, chosen: Sequence[Row[Any]], kind: MessageKind = ALERT) -> bool:
    """Queues an alert to these doors, without those that had it just now. Returns whether there are any."""
    many = 0
    for row in chosen:
        message = db.insert(outbox_table).values(**_message(db, alert, why, row, kind))
        many += db.run(message.on_conflict_do_nothing()).rowcount
    return many > 0


def _message(db: Db, alert: int, why: str, there: Row[Any], kind: MessageKind) -> dict[str, object]:
    values = {"door_id": there.id, "door_kind": there.kind, "lane": kind.lane, "state": "waiting"}
    lately = int(db.now.timestamp() // ALERT_EVERY.total_seconds())
    once = f"{kind.name}:{alert}:{why}:{there.id}:{lately}"
    return {"once": once, "kind": kind.name, "about": alert, "due": db.now, **values}


def _fates(db: Db, alert: int, since: datetime | None = None, kind: MessageKind = ALERT) -> dict[int, Fate]:
    """What became of an alert, by door: the best of it, where it was sent several times."""
    query = select(outbox_table.c.door_id, outbox_table.c.state, outbox_table.c.due).where(
        *_AMONG_ALERTS, outbox_table.c.kind == kind.name, outbox_table.c.about == alert
    )
    if since:
        query = query.where(outbox_table.c.due >= since)
    found: dict[int, Fate] = {}
    for row in db.run(query):
        fate = _fate(row.state, row.due, db.now)
        found[row.door_id] = min(found.get(row.door_id, fate), fate, key=_BEST_FIRST.index)
    return found


# The outbox's index leads to these; nearly all of what it holds is in other lanes.
_AMONG_ALERTS = (
    outbox_table.c.lane == ALERT.lane,
    outbox_table.c.state.in_(get_args(outbox.MessageState)),
)
_BEST_FIRST: Sequence[Fate] = ("arrived", "on its way", "late", "lost")


def _fate(state: str, due: datetime, now: datetime) -> Fate:
    if state in {"sent", "shown"}:
        return "arrived"
    if state in outbox.UNDERWAY:
        return "on its way" if due > now - ON_ITS_WAY else "late"
    return "lost"


def _alerted(db: Db, among: Select[Any], had: Mapping[int, Fate], *fates: Fate) -> Sequence[Row[Any]]:
    """Those of some doors where an alert had one of these fates, and whose people are still in the team."""
    found = [door for door, fate in had.items() if fate in fates]
    if not found:
        return ()
    theirs = among.add_columns(roles.c.role).join(roles, roles.c.person_id == doors.c.person_id)
    return db.run(theirs.where(doors.c.id.in_(found), roles.c.role.in_(sorted(STAFF)))).all()


def _informed_by(rows: Iterable[Row[Any]]) -> Informed:
    held = {row.role for row in rows}
    return "lead" if held & Rights.LEAD_SAFEGUARDING.roles else "team" if held else "nobody"


def _has_reached(db: Db, row: Row[Any], fate: Fate | None) -> bool:
    """Whether an alert has reached a door or will, where its fate was this until now. One that was lost is sent again,
    but nobody waits for that.
    """
    return fate == "arrived" or (fate in (None, "on its way") and is_reached_now(db, row))


def is_reached_now(db: Db, row: Row[Any]) -> bool:
    channel = BY_NAME[row.kind]
    if channel.pushes:
        return db.rules.account(channel) is not None and _channel_works(db, channel)
    return bool(row.used_at > db.now - AT_THE_PAGE)


def _channel_works(db: Db, channel: Channel) -> bool:
    """Whether a channel worked just now; otherwise an alert there reaches nobody."""
    ago = heartbeats.seconds_since(db, channel.name)
    return ago is not None and ago < ANSWERED
