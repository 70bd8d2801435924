"""Combines messages for one person into a single message."""

from collections.abc import Mapping, Sequence

from conversations.broadcasts.digest import bundle, opening_command
from conversations.broadcasts.messages import MESSAGE_KINDS
from conversations.core.messages import Say
from conversations.core.record import Record
from handlers.announcements import build_all
from handlers.turns import Runtime
from storage.core.unit_of_work import Db
from storage.outbox import digest, dispatching
from storage.outbox.dispatching import Settlement
from storage.outbox.outbox import OutboxMessage
from storage.people import people


class BuiltMessage(Record):
    """A built message. `say` is None if there is nothing to say, and an exception if it cannot be built. `along` holds
    the ids of the messages batched into it.
    """

    say: Say | Exception | None
    along: tuple[int, ...] = ()


def build_digests(runtime: Runtime, db: Db, messages: Sequence[OutboxMessage]) -> dict[int, BuiltMessage]:
    """Builds messages, by id. Each is combined with everything else that is due for the same person, which is claimed
    here. Messages batched in are dropped if they have nothing to say, and settled as failed if they cannot be built.
    """
    taken = digest.claim(db, messages)
    built = build_all(runtime, db, [*messages, *(one for others in taken.values() for one in others)])
    doors = (
        people.doors_by_id(db, {message.door for message in messages if message.id in taken}) if taken else {}
    )
    result: dict[int, BuiltMessage] = {}
    for message in messages:
        others = taken.get(message.id, ())
        own = built[message.id]
        if not isinstance(own, Say):
            digest.release(db, [message.id])
            result[message.id] = BuiltMessage(own)
            continue
        said = _worth_saying(db, others, built)
        if not said:
            result[message.id] = BuiltMessage(own)
            continue
        words = runtime.library.words_for(doors[message.door].person)
        pieces = [
            (say, opening_command(MESSAGE_KINDS[one.kind], one.about or 0, say))
            for one, say in ((message, own), *said)
        ]
        result[message.id] = BuiltMessage(bundle(pieces, words), tuple(one.id for one, _say in said))
    return result


def _worth_saying(
    db: Db, others: Sequence[OutboxMessage], built: Mapping[int, Say | Exception | None]
) -> list[tuple[OutboxMessage, Say]]:
    dispatching.drop(db, [one.id for one in others if built[one.id] is None])
    failed = [Settlement(one.id, "failed") for one in others if isinstance(built[one.id], Exception)]
    if failed:
        dispatching.settle(db, failed)
    return [(one, say) for one in others if isinstance(say := built[one.id], Say)]
