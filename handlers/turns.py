"""The desk takes one turn: one event in, one transaction, and what is to be said waits in the outbox."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from time import perf_counter

import structlog
from sqlalchemy import Connection

from conversations.core import engine
from conversations.core.channels import Channel
from conversations.core.config import Rules
from conversations.core.effects import Effect, Refused
from conversations.core.engine import Flows, Needs, Turn
from conversations.core.events import Event
from conversations.core.facts import Facts
from conversations.core.i18n import Library
from conversations.core.messages import Say, Session
from conversations.core.person import Person
from conversations.core.record import record
from conversations.core.throttle import Pace
from conversations.safeguarding.effects import RaiseAlert
from conversations.safeguarding.guard import SUPPORT
from handlers import history
from handlers.metrics import Measures
from storage.core.database import Database
from storage.core.dispatch import carry_out
from storage.core.door import Door
from storage.core.errors import Unavailable
from storage.core.unit_of_work import Db
from storage.outbox import outbox, threads
from storage.outbox import rate_limit as tokens
from storage.outbox.outbox import Letter
from storage.people import people, sessions
from storage.registry import DEEDS, HOOKS, load
from storage.security.erasure_log import Outside
from storage.security.vault import Vault

log = structlog.get_logger()

Opening = Callable[[Db], bool]
Take = Callable[["Desk", Db, "Knock", Event], "Taken"]

# What effects give back that may be read again: all else of it is a secret, told once.
KNOWN = frozenset({"consultation"})


@record
class Knock:
    """Somebody at a door. `update` is the door's id of this event, unique there; `tapped` is the door's
    reference to the message whose button was used; `language` is the phone's.
    """

    channel: Channel
    address: str
    update: str
    language: str = ""
    tapped: str | None = None


@record
class Taken:
    """What a turn left behind: the letters that are to be sent, in order, and what was done. None of them if it
    was a repeat. Effects hold what was said: they are for a play or a test to show, never for a log.
    `asked_again`: the question is still the one that it was before; `passed_over`: nothing was kept, for there was
    too much at once; `shut`: there was no way in.
    """

    letters: tuple[Letter, ...] = ()
    repeat: bool = False
    asked_again: bool = False
    passed_over: bool = False
    effects: tuple[Effect, ...] = ()
    shut: bool = False

    @property
    def result(self) -> str:
        """What became of the event, in a word, for who counts them."""
        if self.repeat or self.shut:
            return "repeat" if self.repeat else "shut"
        return "passed over" if self.passed_over else "taken"


# No repr: it is the whole house, word lists and all, and nothing that is printed needs it.
@dataclass(frozen=True, slots=True, repr=False)
class Desk:
    """All that the doors need. `wake` hands over what a turn left to be sent, after its commit: to the courier,
    which sends it, and to open pages. With no letters it says that the outbox is worth a look. `worker` is this
    process, by a name that no other has; `outside` the log outside the database, which a throw-away one has not.
    """

    database: Database
    vault: Vault
    flows: Flows
    library: Library
    rules: Rules
    clock: Callable[[], datetime]
    wake: Callable[[tuple[Letter, ...]], None]
    worker: str = ""
    outside: Outside | None = None
    measures: Measures = field(default_factory=Measures)

    def db(self, connection: Connection) -> Db:
        return Db(connection, self.vault, self.clock(), self.rules, HOOKS, self.worker, self.outside)

    def facts(
        self,
        now: datetime,
        person: Person,
        channel: Channel,
        loaded: Mapping[type, object],
        fresh: Mapping[str, str] | None = None,
    ) -> Facts:
        """All that a step may know of somebody at a door: what was loaded for it, and what the house knows."""
        return Facts(
            now, self.rules, self.library, self.flows.guard.is_alarming, person, channel, loaded, fresh or {}
        )

    async def take_turn(self, knock: Knock, event: Event, opening: Opening = lambda _db: True) -> Taken:
        """Takes an event in. Returns after the commit; raises only where nothing could be stored.

        A mistake of a flow is logged (never with what was said), and answered with an apology. `opening` makes
        the door ready in the same transaction; False where there is no way in, and then no turn is taken.
        """
        began, result = perf_counter(), "failed"
        try:
            taken = await self._taken(knock, event, opening)
            result = taken.result
        finally:
            self.measures.turn(knock.channel.name, result, perf_counter() - began)
        self.wake(taken.letters)
        return taken

    async def _taken(self, knock: Knock, event: Event, opening: Opening) -> Taken:
        try:
            return await self._turned(knock, event, opening)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one flow's mistake must not stop the others
            log.error("turn failed", kind=type(error).__name__, where=_where(error), door=knock.channel.name)
            return await self._carried(_apology, knock, event, opening)

    async def _turned(self, knock: Knock, event: Event, opening: Opening) -> Taken:
        try:
            return await self._carried(_turn, knock, event, opening)
        except Refused:  # hardly ever: then all of it is taken once more, ready to undo a part
            return await self._carried(partial(_turn, may_refuse=True), knock, event, opening)

    async def _carried(self, take: Take, knock: Knock, event: Event, opening: Opening) -> Taken:
        return await self.database.write(
            lambda c: _opened(take, opening, self, self.db(c), knock, event), brief=True
        )

    async def take_post(self, knock: Knock, effect: Effect) -> None:
        """Carries out what somebody asked for by a form, once, outside their conversation. Raises Refused."""
        await self.database.write(lambda c: _posted(self.db(c), knock, effect), brief=True)
        self.wake(())

    async def present(self, door: int) -> Say | None:
        """The question that somebody is at, put once more, with nothing stored. None at a door that is gone."""
        return await self.database.read(lambda connection: _present(self, self.db(connection), door))


def _opened(take: Take, opening: Opening, desk: "Desk", db: Db, knock: Knock, event: Event) -> Taken:
    return take(desk, db, knock, event) if opening(db) else Taken(shut=True)


def _posted(db: Db, knock: Knock, effect: Effect) -> None:
    if not sessions.first_time(db, knock.channel, knock.update):
        return
    door = people.door_kept_at(db, knock.channel, knock.address)
    if door:
        carry_out(db, door, (effect,), DEEDS)


def _turn(desk: Desk, db: Db, knock: Knock, event: Event, *, may_refuse: bool = False) -> Taken:
    """Raises Refused where something is refused, but for `may_refuse`: then it is told."""
    if not sessions.first_time(db, knock.channel, knock.update):
        return Taken(repeat=True)
    door = people.come_in(db, knock.channel, knock.address, knock.language)
    people.used(db, door)
    session, pace = sessions.place(db, door.id)
    pace = pace.one_more(db.now)
    turn = _led_to(desk, db, door, session, pace, event)
    done = history.done_by(db, door, event, knock.tapped, turn.effects)
    door, turn, fresh = _carried_out(desk, db, door, knock, session, turn, may_refuse)
    if turn.silent:
        sessions.remember(db, door.id, turn.session, pace)
        return Taken(passed_over=True, effects=turn.effects)
    step = desk.flows.step(turn.session, door.person)
    facts = _facts(desk, db, door, turn.session, step.needs, fresh)
    says = engine.ask(desk.flows, turn, facts)
    if session.step == SUPPORT:  # the helplines stay where they can be found again
        says = tuple(replace(say, replaces=False) for say in says)
    sessions.remember(db, door.id, replace(turn.session, step=step.name, visit=says[-1].visit), pace)
    asked_again = says[-1].visit == session.visit
    if door.channel.keeps_history:
        told = done if history.is_told(event, says, asked_again=asked_again) else history.Done()
        history.keep(db, door, knock.update, session.step, told, asked_again=asked_again)
    letters = _queued(db, door, knock, says, secret=bool(fresh.keys() - KNOWN))
    return Taken(letters, asked_again=asked_again, passed_over=pace.too_fast, effects=turn.effects)


def _led_to(desk: Desk, db: Db, door: Door, session: Session, pace: Pace, event: Event) -> Turn:
    """What the flow makes of an event; in a minute that had too many, nothing but help."""
    if pace.too_fast:
        facts = _facts(desk, db, door, session, ())
        return engine.slow_down(desk.flows, session, event, facts, first=pace.just_now)
    needs = engine.needs_to_take(desk.flows, session, event, door.person)
    return engine.take(desk.flows, session, event, _facts(desk, db, door, session, needs))


def _carried_out(
    desk: Desk, db: Db, door: Door, knock: Knock, session: Session, turn: Turn, may_refuse: bool
) -> tuple[Door, Turn, dict[str, str]]:
    """Effects done, and the door as it is after them. What is refused leaves everything as it was."""
    if not turn.effects:
        return door, turn, {}
    try:
        with db.savepoint() if may_refuse else nullcontext():
            fresh = carry_out(db, door, turn.effects, DEEDS)
    except Refused as refused:
        if not may_refuse:
            raise
        words = desk.library.to(door.person)
        # A sign of danger is told and answered even where the words that held it could not be kept.
        alerts = [effect for effect in turn.effects if isinstance(effect, RaiseAlert)]
        carry_out(db, door, alerts, DEEDS)
        why_not = Say(words(str(refused), **refused.values), remark=not alerts)
        return door, Turn(turn.session if alerts else session, (why_not,)), {}
    if all(DEEDS[type(effect)].leaves_them for effect in turn.effects):
        return door, turn, fresh
    return people.door_by_id(db, door.id) or people.come_back(db, door, knock.address), turn, fresh


def _facts(
    desk: Desk, db: Db, door: Door, session: Session, needs: Needs, fresh: dict[str, str] | None = None
) -> Facts:
    return desk.facts(db.now, door.person, door.channel, load(db, door, session, needs), fresh)


def _queued(db: Db, door: Door, knock: Knock, says: tuple[Say, ...], *, secret: bool) -> tuple[Letter, ...]:
    spot = _spot(db, door, knock, says)
    once = f"{knock.channel.name}:{knock.update}"
    waits = door.channel.pushes and outbox.in_other_hands(db, door.id)
    # Their places in the rate ride in the turn's own commit; who finds none waits for one.
    places = tokens.take(db, len(says)).many if door.channel.pushes and not waits else 0

    def put(place: int, say: Say) -> Letter:
        return outbox.reply(
            db, door, f"{once}:{place}", say, address=knock.address, replaces=spot, secret=secret,
            waits=waits, may_leave=place < places,
        )  # fmt: skip

    letters = tuple(put(n, say) for n, say in enumerate(says))
    if door.channel.keeps_history:
        for letter, say in zip(letters, says, strict=True):
            if say.quotes:
                threads.quoting(db, letter.id, say.quotes)
    return letters


def _spot(db: Db, door: Door, knock: Knock, says: tuple[Say, ...]) -> str | None:
    """The message whose place the reply takes: the tapped one, if nothing was said after it."""
    if not door.channel.edits or knock.tapped is None or len(says) != 1 or not says[0].replaces:
        return None
    return knock.tapped if outbox.latest_message(db, door.id) == knock.tapped else None


def _present(desk: Desk, db: Db, number: int) -> Say | None:
    door = people.door_by_id(db, number)
    if door is None:
        return None
    session = sessions.where(db, number)
    step = desk.flows.step(session, door.person)
    facts = _facts(desk, db, door, session, step.needs)
    return engine.ask(desk.flows, Turn(session), facts)[-1]


def _apology(desk: Desk, db: Db, knock: Knock, event: Event) -> Taken:
    """The question is not put again, for it may be what broke; its buttons still count."""
    if not sessions.first_time(db, knock.channel, knock.update):
        return Taken(repeat=True)
    door = people.come_in(db, knock.channel, knock.address, knock.language)
    session, pace = sessions.place(db, door.id)
    turn = engine.apologise(desk.flows, session, event, _facts(desk, db, door, session, ()))
    says = turn.says
    if turn.effects:
        carry_out(db, door, turn.effects, DEEDS)
        needs = desk.flows.step(turn.session, door.person).needs
        says = engine.ask(desk.flows, turn, _facts(desk, db, door, turn.session, needs))
        sessions.remember(db, door.id, turn.session, pace)
    return Taken(_queued(db, door, knock, says, secret=False))


def _where(error: BaseException) -> str:
    """The place in our code where it broke: file and line, nothing of what was said."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
