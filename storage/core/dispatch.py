"""Dispatches a turn's effects to their handlers, and checks each effect's right in the transaction that applies it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from conversations.core.effects import Effect, Fresh, Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.person import Right
from conversations.core.record import Record
from storage.core.door import Door
from storage.core.unit_of_work import Db

NOT_YOURS = N_("You can't do that here any more. Nothing has changed.")


class EffectHandler(Record):
    """How an effect is applied, and the right that it needs (None: no right). `keeps_person`: it does not change the
    person, so they need not be reloaded.
    """

    do: Callable[[Db, Door, Any], Fresh | None]
    right: Right | None = None
    keeps_person: bool = False


Handlers = Mapping[type[Effect], EffectHandler]

# Loads a fact for a step, from the door and the session.
Loader = Callable[[Db, Door, Session], object]
Loaders = Mapping[type, Loader]

# Loads a fact for many doors at once; the result is keyed by door id.
BatchLoader = Callable[[Db, Sequence[Door], Session], Mapping[int, object]]
BatchLoaders = Mapping[type, BatchLoader]

# Loads what is kept about a person for /mydata, by the field of MyData that shows it.
MyDataFields = Mapping[str, Callable[[Db, int], object]]


def dispatch(db: Db, door: Door, effects: Iterable[Effect], handlers: Handlers) -> dict[str, str]:
    """Applies effects in order and returns their one-time values. Raises Refused, and the caller rolls back."""
    fresh: dict[str, str] = {}
    for effect in effects:
        handler = handlers[type(effect)]
        if not door.person.may(handler.right):
            raise Refused(NOT_YOURS)
        fresh.update(handler.do(db, door, effect) or {})
    return fresh
