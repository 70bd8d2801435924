"""Takes one turn: one event in, one transaction, and the replies queued in the outbox."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from time import perf_counter, thread_time
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from conversations.consultations.safe_regex import one_turn
from conversations.core import engine
from conversations.core.channels import Channel
from conversations.core.config import Rules
from conversations.core.effects import Effect, Refused
from conversations.core.engine import Flows, Needs, Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Library
from conversations.core.messages import Say, Session
from conversations.core.person import Person
from conversations.core.record import Record, field, replace
from conversations.core.sitting import Sitting
from conversations.core.throttle import Pace
from conversations.safeguarding.effects import MarkText, RaiseAlert
from conversations.safeguarding.guard import SUPPORT
from handlers import history, meant_for, replies
from handlers.error_place import error_place
from handlers.incoming import Incoming
from handlers.metrics import Metrics
from handlers.turn_result import TurnResult, TurnStatus
from storage.core.database import Database
from storage.core.dispatch import dispatch
from storage.core.door import Door
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.outbox import threads
from storage.outbox.outbox import OutboxMessage
from storage.people import people, sessions
from storage.registry import HANDLERS, HOOKS, load
from storage.security.erasure_log import ErasureLog
from storage.security.vault import Vault

log = structlog.get_logger()

Admit = Callable[[Db], bool]
Seen = TypeVar("Seen")
Then = Callable[[Db, TurnResult], Seen]
RunTurn = Callable[["Runtime", Db, Incoming, Event], TurnResult]

# Results of effects that may be shown again. All others are secrets, shown once.
NOT_SECRET = frozenset({"consultation"})


class Runtime(Record):
    """All that the channels need. After a commit, `notify` hands the turn's messages to the courier and the open
    pages; with no messages it asks them to check the outbox. `worker` is the unique name of this process. A throw-away
    database has no `erasure_log`.
    """

    database: Database
    vault: Vault
    flows: Flows
    catalogues: Library
    rules: Rules
    clock: Callable[[], datetime]
    notify: Callable[[tuple[OutboxMessage, ...]], None]
    worker: str = ""
    erasure_log: ErasureLog | None = None
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def library(self) -> Library:
        """The catalogues as of today, because a far day is said with its year."""
        return replace(self.catalogues, today=self.clock().astimezone(self.rules.zone).date())

    # Not a record's: it would print every catalogue and word list.
    __repr__ = object.__repr__

    def db(self, connection: Connection) -> Db:
        return Db(connection, self.vault, self.clock(), self.rules, HOOKS, self.worker, self.erasure_log)

    def facts(
        self,
        now: datetime,
        person: Person,
        channel: Channel,
        loaded: Mapping[type, object],
        fresh: Mapping[str, str] | None = None,
        sitting: Sitting | None = None,
    ) -> Facts:
        """Everything that a step may know about a person: the loaded facts, and what the runtime holds."""
        alarming = self.flows.guard.is_alarming
        return Facts(
            now,
            self.rules,
            self.library,
            alarming,
            person,
            channel,
            loaded,
            fresh or {},
            sitting or Sitting(),
        )

    async def take_turn(
        self, incoming: Incoming, event: Event, admit: Admit = lambda _db: True
    ) -> TurnResult:
        """Takes one turn. Returns after the commit; raises only if nothing could be stored.

        An error in a flow is logged without what was said, and answered with an apology. `admit` prepares the door in
        the same transaction; if it returns False, no turn is taken.
        """
        return (await self.take_turn_then(incoming, event, admit, lambda _db, _taken: None))[0]

    async def take_turn_then(
        self, incoming: Incoming, event: Event, admit: Admit, then: Then[Seen]
    ) -> tuple[TurnResult, Seen]:
        """Takes one turn, and gives with it what `then` reads in the same transaction."""
        began, result = perf_counter(), "failed"
        try:
            taken, seen = await self._take_or_apologise(incoming, event, admit, then)
            result = taken.status
        finally:
            self.metrics.turn(incoming.channel.name, result, perf_counter() - began)
        self.notify(taken.messages)
        return taken, seen

    async def _take_or_apologise(
        self, incoming: Incoming, event: Event, admit: Admit, then: Then[Seen]
    ) -> tuple[TurnResult, Seen]:
        try:
            return await self._in_transaction(_handle_event, incoming, event, admit, then)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one flow's error must not stop the others
            log.error(
                "turn failed", kind=type(error).__name__, where=error_place(error), door=incoming.channel.name
            )
            return await self._in_transaction(_apologise, incoming, event, admit, then)

    async def _in_transaction(
        self, take: RunTurn, incoming: Incoming, event: Event, admit: Admit, then: Then[Seen]
    ) -> tuple[TurnResult, Seen]:
        def work(connection: Connection) -> tuple[TurnResult, Seen]:
            db = self.db(connection)
            taken = _run_if_admitted(take, admit, self, db, incoming, event)
            return taken, then(db, taken)

        return await self.database.write(work)

    async def take_post(self, incoming: Incoming, effect: Effect) -> None:
        """Applies the effect of a form outside the conversation, once per update id. Raises Refused."""
        await self.database.write(lambda c: _apply_post(self.db(c), incoming, effect))
        self.notify(())


@one_turn(thread_time)
def _run_if_admitted(
    take: RunTurn, admit: Admit, runtime: "Runtime", db: Db, incoming: Incoming, event: Event
) -> TurnResult:
    return take(runtime, db, incoming, event) if admit(db) else TurnResult(status="shut")


def _apply_post(db: Db, incoming: Incoming, effect: Effect) -> None:
    if not sessions.claim_update(db, incoming.channel, incoming.update):
        return
    door = people.lock_door_at(db, incoming.channel, incoming.address)
    if door:
        dispatch(db, door, (effect,), HANDLERS)


def _handle_event(runtime: Runtime, db: Db, incoming: Incoming, event: Event) -> TurnResult:
    if not sessions.claim_update(db, incoming.channel, incoming.update):
        return TurnResult(status="repeat")
    door = people.find_or_create_door(db, incoming.channel, incoming.address, incoming.language)
    people.mark_used(db, door)
    session, pace, sitting = sessions.current(db, door.id)
    event = meant_for.look(db, door, session, event)
    pace, person = pace.one_more(db.now), door.person.id
    turn = _decide(runtime, db, door, session, pace, event, sitting)
    done = history.describe_action(db, door, event, incoming.tapped, session, turn)
    door, turn, fresh = _apply_effects(runtime, db, door, incoming, session, turn)
    # Somebody whose data was just erased starts anew.
    sitting_now = turn.sitting if door.person.id == person else Sitting()
    if turn.silent:
        sessions.remember(db, door.id, turn.session, pace, sitting_now)
        if door.channel.keeps_history and not turn.effects:  # a page sends nothing twice by itself
            sessions.forget_update(db, incoming.channel, incoming.update)
        return TurnResult(status="passed over", effects=turn.effects, door=door)
    step = runtime.flows.step(turn.session, door.person)
    now = sitting if sitting_now is None else sitting_now
    facts = _facts(runtime, db, door, turn.session, step.needs, fresh, now)
    says = engine.ask(runtime.flows, turn, facts)
    if session.step == SUPPORT:  # the helplines stay where they can be found again
        says = tuple(replace(say, replaces=False) for say in says)
    there = replace(turn.session, step=step.name, visit=says[-1].visit)
    there = meant_for.note_question(there, session, incoming, says)
    sessions.remember(db, door.id, there, pace, sitting_now)
    asked_again = says[-1].visit == session.visit
    if door.channel.keeps_history:
        if pace.turns == 1:
            threads.forget_old(db, door.id)
        told = done if history.is_shown(event, says, asked_again=asked_again) else history.OwnAction()
        history.update_thread(db, door, incoming.update, session.step, told, asked_again=asked_again)
    secret = bool(fresh.keys() - NOT_SECRET)
    messages = replies.queue(db, door, incoming, says, secret=secret, urgent=step.name == SUPPORT)
    status: TurnStatus = "passed over" if pace.is_too_fast else "taken"
    return TurnResult(messages, status, asked_again, turn.effects, door, says[-1])


def _decide(
    runtime: Runtime, db: Db, door: Door, session: Session, pace: Pace, event: Event, sitting: Sitting
) -> Turn:
    """What the flow decides about an event. Somebody who sends too many a minute gets only help."""
    if pace.is_too_fast:
        needs = runtime.flows.guard.needs if pace.is_first_over else ()
        facts = _facts(runtime, db, door, session, needs, sitting=sitting)
        return engine.slow_down(runtime.flows, session, event, facts, first=pace.is_first_over)
    needs = engine.needs_to_take(runtime.flows, session, event, door.person)
    facts = _facts(runtime, db, door, session, needs, sitting=sitting)
    meant = engine.button_meant(runtime.flows, session, event, facts)
    # A typed button may be a command, which reads facts of its own.
    if isinstance(meant, Chose | Asked) and meant is not event:
        needs = (*needs, *engine.needs_to_take(runtime.flows, session, meant, door.person))
        facts = _facts(runtime, db, door, session, needs, sitting=sitting)
    return engine.take(runtime.flows, session, event, facts, meant)


def _apply_effects(
    runtime: Runtime, db: Db, door: Door, incoming: Incoming, session: Session, turn: Turn
) -> tuple[Door, Turn, dict[str, str]]:
    """Applies a turn's effects. Returns the door and turn after them, and what the effects gave back. If one is
    refused, none is applied, and the turn says why.
    """
    if not turn.effects:
        return door, turn, {}
    try:
        with db.savepoint():
            fresh = dispatch(db, door, turn.effects, HANDLERS)
    except Refused as refused:
        words = runtime.library.words_for(door.person)
        # A sign of danger is reported even if the words that contain it could not be stored.
        alerts = [effect for effect in turn.effects if isinstance(effect, RaiseAlert)]
        marks = [replace(effect, stored=None) for effect in turn.effects if isinstance(effect, MarkText)]
        dispatch(db, door, (*alerts, *marks), HANDLERS)
        values = {
            name: words.long_date(one) if isinstance(one, date) else one
            for name, one in refused.values.items()
        }
        why_not = Say(words(str(refused), **values), is_validation=not alerts)
        there = turn.session if alerts else session
        return door, Turn(there, (why_not,), quiet=turn.quiet, sitting=turn.sitting), {}
    if all(HANDLERS[type(effect)].keeps_person for effect in turn.effects):
        return door, turn, fresh
    return people.door_by_id(db, door.id) or people.recreate_stranger(db, door, incoming.address), turn, fresh


def _facts(
    runtime: Runtime,
    db: Db,
    door: Door,
    session: Session,
    needs: Needs,
    fresh: dict[str, str] | None = None,
    sitting: Sitting | None = None,
) -> Facts:
    loaded = load(db, door, session, needs)
    return runtime.facts(db.now, door.person, door.channel, loaded, fresh, sitting)


@one_turn(thread_time)
def present_question(runtime: Runtime, db: Db, door: Door) -> Say:
    """The current question at a door, without storing anything."""
    session, _pace, sitting = sessions.current(db, door.id)
    step = runtime.flows.step(session, door.person)
    facts = _facts(runtime, db, door, session, step.needs, sitting=sitting)
    return engine.ask(runtime.flows, Turn(session), facts)[-1]


def _apologise(runtime: Runtime, db: Db, incoming: Incoming, event: Event) -> TurnResult:
    """Answers with an apology. It does not ask the question again, because that may be what failed; its buttons still
    work.
    """
    if not sessions.claim_update(db, incoming.channel, incoming.update):
        return TurnResult(status="repeat")
    door = people.find_or_create_door(db, incoming.channel, incoming.address, incoming.language)
    session, pace, sitting = sessions.current(db, door.id)
    facts = _facts(runtime, db, door, session, (), sitting=sitting)
    turn = engine.apologise(runtime.flows, session, event, facts)
    says = turn.says
    if turn.effects:
        dispatch(db, door, turn.effects, HANDLERS)
        needs = runtime.flows.step(turn.session, door.person).needs
        says = engine.ask(runtime.flows, turn, _facts(runtime, db, door, turn.session, needs))
        sessions.remember(db, door.id, turn.session, pace, turn.sitting)
    urgent = turn.session.step == SUPPORT
    return TurnResult(replies.queue(db, door, incoming, says, secret=False, urgent=urgent))
