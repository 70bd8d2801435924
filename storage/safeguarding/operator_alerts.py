"""Urgent alerts for owners. They go to signed-in pages, because a channel may be what is broken."""

from sqlalchemy import select

from conversations.core.channels import Channel
from conversations.safeguarding.messages import ALARM
from conversations.team.rights import Rights
from storage.core.unit_of_work import Db
from storage.outbox import heartbeats
from storage.tables import doors, outbox, roles
from storage.team.rights import gives

TOKEN_REFUSED = 401


def report_refused_token(db: Db, channel: Channel) -> None:
    """Marks a channel as down because it rejected our token, and alerts owners on their pages."""
    heartbeats.stop(db, channel.name)
    open_pages = (
        select(doors.c.id, doors.c.kind)
        .join(roles, roles.c.person_id == doors.c.person_id)
        .where(gives(Rights.KEEP_RUNNING), doors.c.signed_in_until > db.now)
    )
    what = {"lane": ALARM.lane, "state": "waiting", "kind": ALARM.name, "about": TOKEN_REFUSED, "due": db.now}
    rows = [
        {
            "once": f"{ALARM.name}:{TOKEN_REFUSED}:{row.id}:{db.now:%Y-%m-%d}",
            "door_id": row.id,
            "door_kind": row.kind,
            **what,
        }
        for row in db.run(open_pages)
    ]
    if rows:
        db.run(db.insert(outbox).on_conflict_do_nothing(), rows)
