"""What those who run Heard must know at once, on the pages where they are signed in: Telegram may be what is broken."""

from sqlalchemy import select

from conversations.core.person import Role
from storage.core.unit_of_work import Db
from storage.outbox import heartbeats
from storage.tables import doors, outbox, roles

TOKEN_REFUSED = 401
_WHO: Role = "owner"


def token_refused(db: Db) -> None:
    """Telegram does not know our token any more: nobody is reached there, and the owners are told on their pages."""
    heartbeats.stop(db, heartbeats.TELEGRAM)
    open_pages = (
        select(doors.c.id)
        .join(roles, roles.c.person_id == doors.c.person_id)
        .where(roles.c.role == _WHO, doors.c.kind == "web", doors.c.signed_in_until > db.now)
    )
    what = {"door_kind": "web", "lane": "alert", "state": "waiting", "kind": "alarm", "about": TOKEN_REFUSED}
    rows = [
        {"once": f"alarm:{TOKEN_REFUSED}:{door}:{db.now:%Y-%m-%d}", "door_id": door, "due": db.now, **what}
        for door in db.run(open_pages).scalars()
    ]
    if rows:
        db.run(db.insert(outbox).on_conflict_do_nothing(), rows)
