"""Dispatches a turn's effects to their handlers, and checks each effect's right in the transaction that applies it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from conversations.core.effects import Effect, Fresh, Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.person import Right
from conversations.core.record import record
from storage.core.door import Door
from storage.core.unit_of_work import Db

NOT_YOURS = N_("You can't do that here any more. Nothing has changed.")


@record
class EffectHandler:
    """How an effect is carried out, and by whom it may be (no right named: by everybody). `keeps_person`: what is known of
    whoever is at the door is the same after it, and need not be read again.
    """

    do: Callable[[Db, Door, Any], Fresh | None]
    right: Right | None = None
    keeps_person: bool = False


Handlers = Mapping[type[Effect], EffectHandler]

# How a fact is looked up for a step: by who is there, and where in the conversation.
Loader = Callable[[Db, Door, Session], object]
Loaders = Mapping[type, Loader]

# The same for many people who are told the same thing: by their doors.
BatchLoader = Callable[[Db, Sequence[Door], Session], Mapping[int, object]]
BatchLoaders = Mapping[type, BatchLoader]

# What is kept of a person, for their own eyes: by the field of MyData that holds it, how it is looked up.
MyDataFields = Mapping[str, Callable[[Db, int], object]]


def dispatch(db: Db, door: Door, effects: Iterable[Effect], handlers: Handlers) -> dict[str, str]:
    """Carries out effects in order; gives their one-time values. Raises Refused, and then nothing was done."""
    fresh: dict[str, str] = {}
    for effect in effects:
        handler = handlers[type(effect)]
        if not door.person.may(handler.right):
            raise Refused(NOT_YOURS)
        fresh.update(handler.do(db, door, effect) or {})
    return fresh
