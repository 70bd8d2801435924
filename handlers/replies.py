"""Queues the replies of a turn in the outbox."""

from conversations.core.messages import Say
from handlers.incoming import Incoming
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.outbox import outbox, rate_limit, threads
from storage.outbox.outbox import OutboxMessage


def queue(
    db: Db, door: Door, incoming: Incoming, says: tuple[Say, ...], *, secret: bool, urgent: bool
) -> tuple[OutboxMessage, ...]:
    """Queues a turn's replies. Urgent ones go ahead of whatever else waits for this chat. On a page nothing waits."""
    urgent = urgent and door.channel.pushes
    spot = _replaceable_message(db, door, incoming, says)
    once = f"{incoming.channel.name}:{incoming.update}"
    blocked = door.channel.pushes and not urgent and outbox.blocked_by_other_worker(db, door.id)
    # Take the rate slots in the turn's own commit. A message without one waits in the gate.
    places = rate_limit.take(db, len(says)).many if door.channel.pushes and not blocked else 0

    def put(place: int, say: Say) -> OutboxMessage:
        return outbox.reply(
            db, door, f"{once}:{place}", say, address=incoming.address, replaces=spot, secret=secret, urgent=urgent,
            blocked_by_other_worker=blocked, has_rate_slot=place < places,
        )  # fmt: skip

    messages = tuple(put(n, say) for n, say in enumerate(says))
    if door.channel.keeps_history:
        for message, say in zip(messages, says, strict=True):
            if say.repeats_answer:
                threads.note_quotes(db, message.id, say.repeats_answer)
    return messages


def _replaceable_message(db: Db, door: Door, incoming: Incoming, says: tuple[Say, ...]) -> str | None:
    """The id of the message that the reply replaces: the tapped one, if it is still the newest."""
    if not door.channel.edits or incoming.tapped is None or len(says) != 1 or not says[0].replaces:
        return None
    return incoming.tapped if outbox.latest_message(db, door.id) == incoming.tapped else None
