"""Runs one turn: the person's current step handles an event, and the turn ends with a question they can answer.

A turn has two phases, so that people read what is stored. `take` turns an event into a next step and effects. Storage
applies the effects, and `ask` puts the next step's question from facts loaded after that.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from conversations.core.effects import Effect
from conversations.core.events import Asked, Edited, Event, Said, Sent, Unreadable
from conversations.core.facts import Facts
from conversations.core.menus import ChatLine, HelpLine, HomeButton
from conversations.core.messages import Say, Session
from conversations.core.not_understood import is_elsewhere, say_elsewhere, say_not_understood, say_too_long
from conversations.core.person import Person, Right
from conversations.core.personal import asking as personal
from conversations.core.personal.asking import Preview
from conversations.core.record import Record, replace
from conversations.core.sitting import Sitting
from conversations.core.text import TYPED_MOST
from conversations.core.typed.labels import Unclear, ask_which, button_typed, may_be_label
from conversations.core.typed_text import command_in, typed_text, without_live_commands

Needs = tuple[type, ...]


class Turn(Record):
    """The result of an event: the next session, messages to send before its question, and effects to apply. `silent`:
    no message and no question is sent. `quiet` is a line of help below the replies. `sitting` is what to remember of this
    sitting; None leaves that as it is.
    """

    session: Session
    says: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()
    silent: bool = False
    quiet: Say | None = None
    sitting: Sitting | None = None


class Step(Record):
    """A question and how its answers are handled. `name` is stored, so it never changes once shipped.

    `needs` are the facts that it reads; nothing else is loaded. `right` is required to be here (None: open to all).
    `take` returns None for an event that it does not understand; the question is then repeated. `as_reader` returns the
    facts as another reader sees them, for a preview in another language. `keeps` names the notes that survive a detour.
    `personal`: what staff write here is about themselves, so the guard checks it too. `preview`: what a text becomes, for a yes.
    """

    name: str
    ask: Callable[[Session, Facts], Say]
    take: Callable[[Session, Event, Facts], Turn | None]
    needs: Needs = ()
    right: Right | None = None
    as_reader: Callable[[Session, Facts], Facts] | None = None
    keeps: tuple[str, ...] = ()
    personal: bool = False
    preview: Preview | None = None

    def is_work_of(self, person: Person) -> bool:
        """Whether what this person writes here belongs to their work in the team."""
        return self.right is not None and person.is_staff and not self.personal

    def facts_for(self, session: Session, facts: Facts) -> Facts:
        return self.as_reader(session, facts) if self.as_reader else facts

    def question(self, session: Session, facts: Facts) -> Say:
        """The question of this step, or the one about a text that waits here for a yes."""
        asked = self.ask(session, self.facts_for(session, facts))
        return personal.question(asked, session, facts, self.preview)


class Command(Record):
    """A command that works at any moment, and every place that offers it: menus, /help, home and a chat's command list.

    `open` runs it, on the facts in `needs`. Without a `right` it is open to everybody who has joined; with `anytime`,
    to strangers too. `label` replaces the word on buttons. `address` is a public page for people without a
    conversation. `page` is its place in the page's menu, `chat` its line in a chat's command list, `help` its lines in
    /help and `home` its buttons at home. A place left empty does not offer it.
    """

    word: str
    open: Callable[[Session, Asked, Facts], Turn]
    needs: Needs = ()
    right: Right | None = None
    anytime: bool = False
    label: str = ""
    address: str = ""
    page: int | None = None
    chat: ChatLine | None = None
    help: tuple[HelpLine, ...] = ()
    home: tuple[HomeButton, ...] = ()

    def may_be_given(self, person: Person) -> bool:
        """Whether this person may use it now."""
        return person.may(self.right) and (self.anytime or at_home(person))


class Guard(Protocol):
    """Checks everything that young people write for signs of danger, before anything else happens with it. The
    implementation lives in safeguarding, because `core` imports no subject. `needs` are the facts that its messages
    read.
    """

    @property
    def needs(self) -> Needs: ...

    def is_alarming(self, text: str) -> bool:
        """Whether there is a sign of danger in the text."""

    def look_at(self, text: str, session: Session, turn: Turn, facts: Facts) -> Turn:
        """The turn after a look at what was typed: redirected to help, or with a quiet line of help, or as it was."""

    def redirect_to_help(self, text: str, session: Session, turn: Turn, facts: Facts) -> Turn | None:
        """The turn redirected to help, if the text has a firm sign of danger; else None. The visit stays the same if help
        is already showing.
        """

    def say_too_fast(self, facts: Facts) -> Say:
        """The message for somebody who reaches the rate limit; sent once."""

    def say_unreadable(self, kind: Unreadable, facts: Facts) -> Say:
        """The reply to anything but text, because it may contain a call for help."""


class Flows(Record):
    """All steps and commands. Strangers start at the step `first`; `home` is the fallback; staff whose sign-in has
    expired are at `signed_out`. `take_edit` handles an edited message. `keeps` names the notes, of any step, that survive
    a detour.
    """

    steps: Mapping[str, Step]
    commands: Mapping[str, Command]
    guard: Guard
    take_edit: Callable[[Session, Edited, Facts], Turn]
    first: str
    home: str
    signed_out: str
    keeps: frozenset[str]

    def step(self, session: Session, person: Person) -> Step:
        """The person's current step; home (or the start) if it is gone or no longer allowed."""
        step = self.steps.get(session.step)
        if step is None or not person.may(step.right):
            step = self.steps[self.home]
        if step.name != self.home or at_home(person):
            return step
        return self.steps[self.signed_out if person.signed_out else self.first]

    def command(self, event: Event, person: Person) -> Command | None:
        """The command in an event, if this person has the right to it."""
        asked = command_in(event)
        found = self.commands.get(asked.command) if asked else None
        return found if found and person.may(found.right) else None


def at_home(person: Person) -> bool:
    """Whether home is open to somebody: they have joined, or they are staff."""
    return person.agreed or person.is_staff


def needs_to_take(flows: Flows, session: Session, event: Event, person: Person) -> Needs:
    """The facts that answering this event may read. A short text may name one of the question's buttons."""
    command = flows.command(event, person)
    needs = command.needs if command else ()
    if command is None or may_be_label(event):
        needs = (*needs, *flows.step(session, person).needs)
    is_read = isinstance(event, Sent) or typed_text(event, flows.commands)
    return (*needs, *flows.guard.needs) if is_read else needs


def button_meant(flows: Flows, session: Session, event: Event, facts: Facts) -> Event | Unclear:
    """The button that somebody typed instead of tapping it; the event itself if they did not."""
    step = flows.step(session, facts.person)
    if step.name != session.step or not may_be_label(event) or is_elsewhere(event):
        return event
    return button_typed(step.question(session, facts), session, event, facts)


def take(
    flows: Flows, session: Session, event: Event, facts: Facts, meant: Event | Unclear | None = None
) -> Turn:
    """Handles an event, or the button that was `meant` by what was typed. A sign of danger in its text leads to help
    before anything else.

    What a step of staff's work takes is about others: a lead who writes to somebody in danger is not in danger. Whatever
    else staff type there, which no step asked for, is looked at like everybody's.
    """
    step = flows.step(session, facts.person)
    if step.name != session.step:
        session = session.goto(step.name)
    found = _dispatch_or_hold(flows, step, session, meant or event, facts)
    if found and isinstance(event, Said) and len(event.text) > TYPED_MOST:
        found = _refuse_too_long(found, session, facts)
    answer = found or Turn(session, (say_not_understood(flows.guard.say_unreadable, event, facts),))
    turn = _carry_notes(flows.keeps, session, _with_remarks(session, answer))
    if found and step.is_work_of(facts.person) and not command_in(event):
        return turn
    text = typed_text(event, flows.commands)
    return flows.guard.look_at(text, session, turn, facts) if text.strip() else turn


def _refuse_too_long(found: Turn, session: Session, facts: Facts) -> Turn:
    """Refuses a text that is too long for any question. A step's own refusal, which says how long it may be, stands."""
    refuses = found.session == session and not found.effects
    return found if refuses else Turn(session, (say_too_long(facts),))


def slow_down(flows: Flows, session: Session, event: Event, facts: Facts, *, first: bool) -> Turn:
    """Handles an event over the rate limit: the first one gets a message, and later ones are ignored. A sign of danger
    in any of them is still reported, and answered unless the helplines are already showing.
    """
    step = flows.step(session, facts.person)
    if step.name != session.step:
        session = session.goto(step.name)
    text = "" if step.is_work_of(facts.person) else typed_text(event, flows.commands)
    helped = flows.guard.redirect_to_help(text, session, Turn(session), facts)
    if helped:
        return replace(helped, silent=helped.session.visit == session.visit)
    if first:
        return Turn(session, (flows.guard.say_too_fast(facts),))
    return Turn(session, silent=True)


def apologise(flows: Flows, session: Session, event: Event, facts: Facts) -> Turn:
    """The reply when a flow fails on an event. A sign of danger in it is still answered."""
    _ = facts.words
    sorry = Say(
        _("Something went wrong on our side. What you sent before is safe. Try again. Who can help: /help.")
    )
    at_work = flows.step(session, facts.person).is_work_of(facts.person)
    text = "" if at_work else typed_text(event, flows.commands)
    helped = flows.guard.redirect_to_help(text, session, Turn(session), facts)
    return helped or Turn(session, (sorry,))


def ask(flows: Flows, turn: Turn, facts: Facts) -> tuple[Say, ...]:
    """All messages of this turn; the last is the question of the next step."""
    step = flows.step(turn.session, facts.person)
    session = turn.session if step.name == turn.session.step else turn.session.goto(step.name)
    replies = (*turn.says, turn.quiet) if turn.quiet else turn.says
    said = [
        replace(say, visit=session.visit, language=say.language or facts.words.language) for say in replies
    ]
    question = step.question(session, facts)
    language = question.language or step.facts_for(session, facts).words.language
    return (*said, replace(question, visit=session.visit, language=language))


def _dispatch_or_hold(
    flows: Flows, step: Step, session: Session, event: Event | Unclear, facts: Facts
) -> Turn | None:
    """What an event leads to. A text for many waits for a yes if something personal is in it, or if its step shows it first."""
    bare, confirmed = personal.without_waiting(session), personal.confirmed_text(session, event, facts)
    turn = _dispatch(flows, step, bare, confirmed or event, facts)
    if turn and confirmed:
        return replace(turn, sitting=facts.sitting.hold("", facts.now))
    if turn and isinstance(event, Said) and personal.should_ask(turn.effects, facts, step.preview):
        return Turn(personal.hold(session), sitting=facts.sitting.hold(event.text, facts.now))
    return replace(turn, session=session) if turn and turn.session == bare and not turn.effects else turn


def _dispatch(
    flows: Flows, step: Step, session: Session, event: Event | Unclear, facts: Facts
) -> Turn | None:
    """What an event leads to; None if the step does not understand it."""
    _ = facts.words
    if isinstance(event, Unclear):
        asking, which = ask_which(session, event, facts)
        return Turn(asking, (which,))
    command = flows.command(event, facts.person)
    if command:
        if not command.may_be_given(facts.person):
            return Turn(session, (Say(_("First a few short questions. Then you can do that.")),))
        return command.open(session, command_in(event) or Asked(command.word), facts)
    asked = command_in(event)
    if asked and asked.command in flows.commands and facts.person.signed_out:
        return Turn(session.goto(flows.signed_out))
    if asked:
        return Turn(session, (Say(_("I don't know that one. What I can do: /help.")),))
    if elsewhere := say_elsewhere(event, session, facts):
        return Turn(session, (elsewhere,))
    given = event if facts.person.is_staff else without_live_commands(event)
    if isinstance(given, Edited):
        return flows.take_edit(session, given, facts)
    return step.take(session, given, step.facts_for(session, facts))


def _carry_notes(names: frozenset[str], session: Session, turn: Turn) -> Turn:
    """Carries ticked but unsent options along while somebody looks elsewhere."""
    notes = turn.session.notes
    kept = {
        name: note for name, note in session.notes.items() if note and name in names and name not in notes
    }
    return replace(turn, session=turn.session.with_notes(**kept)) if kept else turn


def _with_remarks(session: Session, turn: Turn) -> Turn:
    """Marks short messages as validation remarks when the same question is repeated."""
    if turn.session.visit != session.visit or turn.effects:
        return turn
    return replace(turn, says=tuple(replace(say, is_validation=say.is_short) for say in turn.says))
