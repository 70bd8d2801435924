"""One turn: an event goes to the step where somebody is, and always ends in a question they can answer.

Two phases, so that what a person reads is what is stored: `take` says what an event leads to; its effects
are carried out; `ask` puts the question of the step arrived at, from facts loaded after that.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from conversations.core.effects import Effect
from conversations.core.events import Asked, Chose, Edited, Event, Said, Sent, Unreadable
from conversations.core.facts import Facts
from conversations.core.menus import HelpLine, HomeButton, Line
from conversations.core.messages import Say, Session
from conversations.core.person import Person, Right
from conversations.core.record import record

Needs = tuple[type, ...]

# An invite's token, or a poster's code. What is shorter than any token may be somebody's own words: "i_want_to…".
_LINK = re.compile(r"i_[\w-]{20,}|j_[\w-]+", re.ASCII)


@record
class Turn:
    """What an event leads to: where somebody is next, what is said on the way, what is to be done. `silent`: nothing
    is said, and no question is put.
    """

    session: Session
    says: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()
    silent: bool = False


@record
class Step:
    """A question and what its answers lead to. `name` is stable: it is stored, and once shipped stays known.

    `needs` are the facts that it reads: nothing else is loaded. `right` is what one must have to be here (None:
    everybody may). `take` gives None for what it does not understand; the question is then asked again. `reads_as`
    gives the facts as somebody else would read them: a preview in another language. `keeps` are its notes that go
    along wherever somebody looks meanwhile.
    """

    name: str
    ask: Callable[[Session, Facts], Say]
    take: Callable[[Session, Event, Facts], Turn | None]
    needs: Needs = ()
    right: Right | None = None
    reads_as: Callable[[Session, Facts], Facts] | None = None
    keeps: tuple[str, ...] = ()

    def seen(self, session: Session, facts: Facts) -> Facts:
        return self.reads_as(session, facts) if self.reads_as else facts


@record
class Command:
    """What somebody may ask for at any moment by a word, and all that is said of it: menus, /help, Telegram's list and the
    page's buttons are made from this.

    `open` is what it leads to, from the facts in `needs`. Without a `right` it is everybody's, once they have joined; at
    `anytime` before that too. `label` is what stands on a button instead of the word, and `address` a page of its own for
    those who have no conversation. `page` is its place in the page's menu and `chat` its line in a chat's own list of
    commands; `help` are its lines in /help, and `home` its buttons at home. What it lacks, it is not offered in.
    """

    word: str
    open: Callable[[Session, Asked, Facts], Turn]
    needs: Needs = ()
    right: Right | None = None
    anytime: bool = False
    label: str = ""
    address: str = ""
    page: int | None = None
    chat: Line | None = None
    help: tuple[HelpLine, ...] = ()
    home: tuple[HomeButton, ...] = ()

    def may_be_given(self, person: Person) -> bool:
        """Whether this person may give it now."""
        return person.may(self.right) and (self.anytime or at_home(person))


class Guard(Protocol):
    """Looks for signs of danger in all that young people write, before anything else is made of it. `core` has none of
    its own: safeguarding is a subject like the others, but the only one that every turn asks first.
    """

    def is_alarming(self, text: str) -> bool:
        """Whether there is a sign of danger in the text."""

    def helped(self, text: str, session: Session, turn: Turn) -> Turn | None:
        """The same turn by way of help, where there is a sign of danger in the text; None where there is none. At
        the same asking where help is there already.
        """

    def unsure(self, text: str, facts: Facts) -> Say | None:
        """What is said first to a text that it cannot look through; None where it can."""

    def too_fast(self, facts: Facts) -> Say:
        """What is said once to whoever sends more in a minute than anybody can mean."""

    def unreadable(self, kind: Unreadable, facts: Facts) -> Say:
        """What is said to something that is not words: there may be a call for help in it."""


@record
class Flows:
    """Every step and every command there is. `first` is where a stranger begins, `home` where all else ends, and
    `signed_out` where staff are whose sign-in has ended. `edited` is what a message leads to that was changed
    afterwards; `keeps` are the notes that go along, of any step.
    """

    steps: Mapping[str, Step]
    commands: Mapping[str, Command]
    guard: Guard
    edited: Callable[[Session, Edited, Facts], Turn]
    first: str
    home: str
    signed_out: str
    keeps: frozenset[str]

    def step(self, session: Session, person: Person) -> Step:
        """The step somebody is in; home (or the beginning) if it is gone or no longer theirs."""
        step = self.steps.get(session.step)
        if step is None or not person.may(step.right):
            step = self.steps[self.home]
        if step.name != self.home or at_home(person):
            return step
        return self.steps[self.signed_out if person.signed_out else self.first]

    def command(self, event: Event, person: Person) -> Command | None:
        """The command that an event stands for, if it is one that this person may give."""
        asked = command_in(event)
        found = self.commands.get(asked.command) if asked else None
        return found if found and person.may(found.right) else None


def at_home(person: Person) -> bool:
    """Whether somebody has a home to come to: they joined, or they are staff."""
    return person.agreed or person.is_staff


def command_in(event: Event) -> Asked | None:
    """A command, typed or behind a button. A button that is a command ("/changed") is never stale."""
    if isinstance(event, Asked):
        return event
    if isinstance(event, Chose) and event.key.startswith("/"):
        command, _, argument = event.key[1:].partition(" ")
        return Asked(command, argument)
    return None


def needs_to_take(flows: Flows, session: Session, event: Event, person: Person) -> Needs:
    """The facts that answering this event may read."""
    command = flows.command(event, person)
    return command.needs if command else flows.step(session, person).needs


def take(flows: Flows, session: Session, event: Event, facts: Facts) -> Turn:
    """What this event leads to. Words are looked through for signs of danger before anything else."""
    step = flows.step(session, facts.person)
    if step.name != session.step:
        session = session.goto(step.name)
    turn = _keeping(flows.keeps, session, _with_remarks(session, _taken(flows, step, session, event, facts)))
    if step.right and facts.person.is_staff:
        return turn
    text = _typed(flows, event)
    helped = flows.guard.helped(text, session, turn)
    if helped:
        return helped
    unsure = flows.guard.unsure(text, facts)
    return replace(turn, says=(unsure, *turn.says)) if unsure else turn


def slow_down(flows: Flows, session: Session, event: Event, facts: Facts, *, first: bool) -> Turn:
    """What one event too many leads to, in a minute that had so many: the first one is told so, and the others are
    passed over. A sign of danger in any of them is told, and answered where the helplines are not there already.
    """
    step = flows.step(session, facts.person)
    if step.name != session.step:
        session = session.goto(step.name)
    at_work = step.right is not None and facts.person.is_staff
    helped = None if at_work else flows.guard.helped(_typed(flows, event), session, Turn(session))
    if helped:
        return replace(helped, silent=helped.session.visit == session.visit)
    if first:
        return Turn(session, (flows.guard.too_fast(facts),))
    return Turn(session, silent=True)


def apologise(flows: Flows, session: Session, event: Event, facts: Facts) -> Turn:
    """What is said where a flow broke over an event. A sign of danger in it is answered all the same."""
    _ = facts.words
    sorry = Say(
        _("Something went wrong on our side. What you sent before is safe. Try again. Who can help: /help.")
    )
    helped = flows.guard.helped(_typed(flows, event), session, Turn(session))
    return helped or Turn(session, (sorry,))


def ask(flows: Flows, turn: Turn, facts: Facts) -> tuple[Say, ...]:
    """All that is said in this turn; the last is the question of the step arrived at."""
    step = flows.step(turn.session, facts.person)
    session = turn.session if step.name == turn.session.step else turn.session.goto(step.name)
    seen = step.seen(session, facts)
    said = [
        replace(say, visit=session.visit, language=say.language or facts.words.language) for say in turn.says
    ]
    question = step.ask(session, seen)
    language = question.language or seen.words.language
    return (*said, replace(question, visit=session.visit, language=language))


def _taken(flows: Flows, step: Step, session: Session, event: Event, facts: Facts) -> Turn:
    _ = facts.words
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
    if isinstance(event, Chose | Said) and event.visit not in {session.visit, None}:
        return Turn(session, (Say(_("That question is over. Here is where we are now.")),))
    if isinstance(event, Edited):
        return flows.edited(session, event, facts)
    turn = step.take(session, event, step.seen(session, facts))
    return turn or Turn(session, (_not_understood(flows.guard, event, facts),))


def _keeping(names: frozenset[str], session: Session, turn: Turn) -> Turn:
    """What was ticked and not sent yet goes along, wherever somebody looks meanwhile."""
    notes = turn.session.notes
    kept = {
        name: note for name, note in session.notes.items() if note and name in names and name not in notes
    }
    return replace(turn, session=turn.session.with_notes(**kept)) if kept else turn


def _with_remarks(session: Session, turn: Turn) -> Turn:
    """Where the same question is asked again, a few words on the way are about what was just sent."""
    if turn.session.visit != session.visit or turn.effects:
        return turn
    return replace(turn, says=tuple(replace(say, is_validation=_is_short(say)) for say in turn.says))


def _is_short(say: Say) -> bool:
    return not (say.heading or say.rows or say.attachment) and len(say.text) <= REMARK_MOST


def _not_understood(guard: Guard, event: Event, facts: Facts) -> Say:
    _ = facts.words
    if isinstance(event, Sent):
        return guard.unreadable(event.kind, facts)
    if isinstance(event, Said) and not event.text.strip():
        return Say(_("Your message was empty. Write something first, or use a button."))
    return Say(_nobody_asked(facts))


def _nobody_asked(facts: Facts) -> str:
    """Where words go that no question waits for."""
    _ = facts.words
    if facts.person.is_staff or not at_home(facts.person):
        return _("I didn't get that. Use a button here. Who can help: /help.")
    return "\n".join(
        (
            _("I don't take words here, only where I ask for them."),
            _("To have your say: /say."),
            # Whatever else takes words of somebody's own belongs here.
            _("To talk to a person: /help."),
        )
    )


def _typed(flows: Flows, event: Event) -> str:
    """All that somebody wrote. A command that is none is words: "/i want to…". What a link says, nobody wrote: the
    letters of an invite are random, and a poster's are its form's name.
    """
    match event:
        case Said(text, _) | Edited(text, _):
            return text
        case Sent(_, caption, _):
            return caption
        case Asked("start", argument) if _LINK.fullmatch(argument):
            return ""
        case Asked(command, argument):
            return argument if command in flows.commands else f"{command} {argument}"
    return ""


REMARK_MOST = 300  # letters: more is a message of its own
