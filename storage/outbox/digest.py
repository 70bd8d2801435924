"""Messages batched into another message: claimed with it, and returned to the queue if it was not sent."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from conversations.broadcasts.digest import MOST
from conversations.broadcasts.messages import BUNDLED
from storage.core.unit_of_work import Db, prepared
from storage.outbox.outbox import OutboxMessage, message_of
from storage.tables import Moment, outbox

# Finds rows by chat. The wrapped columns keep PostgreSQL off the index of waiting rows, and there is no ORDER BY, so it
# does not walk ids: either would read the whole outbox. See `_has_older_unsent` in dispatching.py.
_COULD_GO_ALONG = (
    select(outbox)
    .where(
        outbox.c.door_id.in_(bindparam("doors", expanding=True)),
        outbox.c.kind.in_(bindparam("kinds", expanding=True)),
        func.coalesce(outbox.c.lane, "") == "broadcast",
        func.coalesce(outbox.c.state, "") == "waiting",
        outbox.c.due <= bindparam("moment", type_=Moment()),
    )
    .with_for_update(skip_locked=True)
)
_GO_ALONG = prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("letter"))
    .values(
        state="sending",
        sent_with=bindparam("with"),
        taken_by=bindparam("worker"),
        taken_at=bindparam("moment", type_=Moment()),
    )
)
_PUT_BACK = (
    update(outbox)
    .where(
        outbox.c.sent_with.in_(bindparam("letters", expanding=True)),
        outbox.c.state == "sending",
        outbox.c.taken_by == bindparam("worker"),
    )
    .values(state="waiting", sent_with=None, taken_at=None, taken_by=None)
)


def claim(db: Db, messages: Sequence[OutboxMessage]) -> dict[int, tuple[OutboxMessage, ...]]:
    """Claims everything else that is due for the same people and stores its send intent. The result is keyed by the id
    of the broadcast message that carries it.
    """
    leading = {
        message.door: message
        for message in messages
        if message.lane == "broadcast" and message.kind in BUNDLED
    }
    if not leading:
        return {}
    found: dict[int, list[Row[Any]]] = {}
    could = db.run(_COULD_GO_ALONG, {"doors": list(leading), "kinds": BUNDLED, "moment": db.now}).all()
    for row in sorted(could, key=lambda row: row.id):
        others = found.setdefault(leading[row.door_id].id, [])
        if len(others) < MOST - 1:
            others.append(row)
    taken = [
        {"letter": row.id, "with": first, "worker": db.worker, "moment": db.now}
        for first, rows in found.items()
        for row in rows
    ]
    db.run_each(_GO_ALONG, taken)
    return {first: tuple(message_of(db, row) for row in rows) for first, rows in found.items()}


def release(db: Db, messages: Sequence[int]) -> None:
    """Returns messages to the queue that were batched into these, which were not sent."""
    if messages:
        db.run(_PUT_BACK, {"letters": list(messages), "worker": db.worker})
