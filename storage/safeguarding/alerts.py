"""Alerts about a case: who gets them, and whether they have arrived."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select

from conversations.core.channels import BY_NAME, STAYING_SIGNED_IN, Channel
from conversations.safeguarding.helplines import Informed
from conversations.safeguarding.messages import ALERT
from conversations.team.rights import Rights
from storage.core.unit_of_work import Db
from storage.outbox import heartbeats, outbox
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


def tell(db: Db, case: int, sign: str, about: int | None) -> Informed:
    """Queues an alert to every lead who can be reached, and to owners too if it would reach no lead now; at most one per
    kind of sign in ten minutes. Returns whom it will reach now. Nobody is alerted about their own case (`about`).
    """
    staff = db.run(_staff_doors(db, about)).all()
    leads = [row for row in staff if row.role in Rights.LEAD_SAFEGUARDING.roles]
    chosen = leads if any(_is_reached_now(db, row) for row in leads) else staff
    _queue(db, case, sign, chosen)
    return _informed_by({row.role for row in chosen if _is_reached_now(db, row)})


def tell_everybody(db: Db, case: int, about: int | None, *, again: bool) -> None:
    """Alerts all who may see cases, without those who have the alert already, unless `again`."""
    everybody = _staff_doors(db, about)
    _queue(db, case, "everybody", db.run(everybody if again else everybody.where(~_has_alert(case))).all())


def who_is_reached(db: Db, case: int) -> Informed:
    """Whom the alerts of a case have reached, or will reach now. A page that nobody is at does not count."""
    lately = outbox_table.c.due > db.now - ON_ITS_WAY
    arriving = or_(_ARRIVED, and_(outbox_table.c.state.in_(outbox.UNDERWAY), lately))
    return _informed_by(
        {row.role for row in db.run(_alerted_doors(db, case, arriving)) if _is_reached_now(db, row)}
    )


def who_is_informed(db: Db, case: int) -> Informed:
    """Whom the alerts of a case have reached or will reach now; those who read it on a page may have left that since."""
    read = {row.role for row in db.run(_alerted_doors(db, case, _ARRIVED))}
    return _informed_by(read) if read else who_is_reached(db, case)


def _queue(db: Db, case: int, sign: str, chosen: Sequence[Row[Any]]) -> None:
    rows = [_alert(db, case, sign, row.id, row.kind) for row in {row.id: row for row in chosen}.values()]
    if rows:
        db.run(db.insert(outbox_table).on_conflict_do_nothing(), rows)


def _alert(db: Db, case: int, sign: str, door: int, kind: str) -> dict[str, object]:
    values = {"door_id": door, "door_kind": kind, "lane": ALERT.lane, "state": "waiting", "kind": ALERT.name}
    lately = int(db.now.timestamp() // ALERT_EVERY.total_seconds())
    return {"once": f"alert:{case}:{sign}:{door}:{lately}", "about": case, "due": db.now, **values}


def _staff_doors(db: Db, about: int | None = None) -> Select[Any]:
    """Selects the reachable doors where leads and owners are signed in."""
    signed_in = or_(doors.c.kind.in_(STAYING_SIGNED_IN), doors.c.signed_in_until > db.now)
    columns = (doors.c.id, doors.c.kind, doors.c.used_at, roles.c.role)
    others = (doors.c.person_id != about,) if about is not None else ()
    return (
        select(*columns)
        .join(roles, roles.c.person_id == doors.c.person_id)
        .where(gives(Rights.SEE_CASES), doors.c.reachable, signed_in, *others)
    )


def _alerted_doors(db: Db, case: int, arrived: ColumnElement[bool]) -> Select[Any]:
    return (
        _staff_doors(db)
        .join(outbox_table, outbox_table.c.door_id == doors.c.id)
        .where(outbox_table.c.kind == ALERT.name, outbox_table.c.about == case, arrived)
    )


def _has_alert(case: int) -> ColumnElement[bool]:
    """Whether an alert about a case waits at this door or arrived there."""
    there = or_(_ARRIVED, outbox_table.c.state.in_(outbox.UNDERWAY))
    return exists().where(
        outbox_table.c.door_id == doors.c.id,
        outbox_table.c.kind == ALERT.name,
        outbox_table.c.about == case,
        there,
    )


def _informed_by(roles_reached: set[str]) -> Informed:
    return "lead" if roles_reached & Rights.LEAD_SAFEGUARDING.roles else "team" if roles_reached else "nobody"


def _is_reached_now(db: Db, row: Row[Any]) -> bool:
    channel = BY_NAME[row.kind]
    if channel.pushes:
        return db.rules.account(channel) is not None and _channel_works(db, channel)
    return bool(row.used_at > db.now - AT_THE_PAGE)


def _channel_works(db: Db, channel: Channel) -> bool:
    """Whether a channel worked just now; otherwise an alert there reaches nobody."""
    ago = heartbeats.seconds_since(db, channel.name)
    return ago is not None and ago < ANSWERED


_ARRIVED = outbox_table.c.state.in_(("sent", "shown"))
