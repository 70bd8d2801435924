"""One turn: an event goes to the step where somebody is, and always ends in a question they can answer.

Two phases, so that what a person reads is what is stored: `take` says what an event leads to; its effects
are carried out; `ask` puts the question of the step arrived at, from facts loaded after that.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from conversations.consultations.effects import EditAnswer
from conversations.core.effects import Effect
from conversations.core.events import Asked, Chose, Edited, Event, Said, Sent
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.messages import Note, Say, Session
from conversations.core.person import Person, Role
from conversations.core.record import record
from conversations.safeguarding import detector as danger
from conversations.safeguarding.effects import RaiseAlert
from conversations.safeguarding.helplines import too_fast_text, unread_words_text, unreadable_text

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

    `needs` are the facts that it reads: nothing else is loaded. `roles` are those who may be here (empty:
    everybody). `take` gives None for what it does not understand; the question is then asked again. `reads_as`
    gives the facts as somebody else would read them: a preview in another language.
    """

    name: str
    ask: Callable[[Session, Facts], Say]
    take: Callable[[Session, Event, Facts], Turn | None]
    needs: Needs = ()
    roles: tuple[Role, ...] = ()
    reads_as: Callable[[Session, Facts], Facts] | None = None

    def seen(self, session: Session, facts: Facts) -> Facts:
        return self.reads_as(session, facts) if self.reads_as else facts


@record
class Opening:
    """A command, and what it opens. Those that must work before somebody has joined say so in `anytime`."""

    command: str
    open: Callable[[Session, Asked, Facts], Turn]
    needs: Needs = ()
    roles: tuple[Role, ...] = ()
    anytime: bool = False


@record
class Flows:
    """Every step and every command there is; `first` is where a stranger begins, `home` where all else ends."""

    steps: Mapping[str, Step]
    openings: Mapping[str, Opening]
    signs: danger.Signs
    first: str = "join.language"
    home: str = "home"

    def step(self, session: Session, person: Person) -> Step:
        """The step somebody is in; home (or the beginning) if it is gone or no longer theirs."""
        step = self.steps.get(session.step)
        if step is None or not _allowed(step.roles, person):
            step = self.steps[self.home]
        if step.name != self.home or at_home(person):
            return step
        return self.steps[SIGNED_OUT if person.signed_out else self.first]

    def opening(self, event: Event, person: Person) -> Opening | None:
        """The command that an event stands for, if it is one that this person may give."""
        asked = command_in(event)
        found = self.openings.get(asked.command) if asked else None
        return found if found and _allowed(found.roles, person) else None


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
    opening = flows.opening(event, person)
    return opening.needs if opening else flows.step(session, person).needs


def take(flows: Flows, session: Session, event: Event, facts: Facts) -> Turn:
    """What this event leads to. Words are looked through for signs of danger before anything else."""
    step = flows.step(session, facts.person)
    if step.name != session.step:
        session = session.to(step.name)
    turn = _carrying(session, _with_remarks(session, _taken(flows, step, session, event, facts)))
    if step.roles and facts.person.is_staff:
        return turn
    text = _typed(flows, event)
    seen = danger.scan(text, flows.signs)
    if seen:
        return _supported(seen, session, turn)
    return _with_helplines(turn, facts) if danger.is_unread(text) else turn


def slow_down(flows: Flows, session: Session, event: Event, facts: Facts, *, first: bool) -> Turn:
    """What one event too many leads to, in a minute that had so many: the first one is told so, and the others are
    passed over. A sign of danger in any of them is told, and answered where the helplines are not there already.
    """
    step = flows.step(session, facts.person)
    if step.name != session.step:
        session = session.to(step.name)
    at_work = bool(step.roles) and facts.person.is_staff
    seen = None if at_work else danger.scan(_typed(flows, event), flows.signs)
    if seen:
        return replace(_supported(seen, session, Turn(session)), silent=session.step == SUPPORT)
    if first:
        return Turn(session, (Say(too_fast_text(facts.words, facts.person.band)),))
    return Turn(session, silent=True)


def apologise(flows: Flows, session: Session, event: Event, facts: Facts) -> Turn:
    """What is said where a flow broke over an event. A sign of danger in it is answered all the same."""
    _ = facts.words
    sorry = Say(
        _("Something went wrong on our side. What you sent before is safe. Try again. Who can help: /help.")
    )
    seen = danger.scan(_typed(flows, event), flows.signs)
    return _supported(seen, session, Turn(session)) if seen else Turn(session, (sorry,))


def ask(flows: Flows, turn: Turn, facts: Facts) -> tuple[Say, ...]:
    """All that is said in this turn; the last is the question of the step arrived at."""
    step = flows.step(turn.session, facts.person)
    session = turn.session if step.name == turn.session.step else turn.session.to(step.name)
    seen = step.seen(session, facts)
    said = [
        replace(say, visit=session.visit, language=say.language or facts.words.language) for say in turn.says
    ]
    question = step.ask(session, seen)
    language = question.language or seen.words.language
    return (*said, replace(question, visit=session.visit, language=language))


def _taken(flows: Flows, step: Step, session: Session, event: Event, facts: Facts) -> Turn:
    _ = facts.words
    opening = flows.opening(event, facts.person)
    if opening:
        if not (opening.anytime or at_home(facts.person)):
            return Turn(session, (Say(_("First a few short questions. Then you can do that.")),))
        return opening.open(session, command_in(event) or Asked(opening.command), facts)
    asked = command_in(event)
    if asked and asked.command in flows.openings and facts.person.signed_out:
        return Turn(session.to(SIGNED_OUT))
    if asked:
        return Turn(session, (Say(_("I don't know that one. What I can do: /help.")),))
    if isinstance(event, Chose | Said) and event.visit not in {session.visit, None}:
        return Turn(session, (Say(_("That question is over. Here is where we are now.")),))
    if isinstance(event, Edited):
        return _edited(session, event, facts)
    turn = step.take(session, event, step.seen(session, facts))
    return turn or Turn(session, (_not_understood(event, facts),))


def _edited(session: Session, event: Edited, facts: Facts) -> Turn:
    """Wherever somebody is: the answer that the message was counts as it says now. A command in it is not obeyed."""
    _ = facts.words
    if not event.text.strip() or event.text.startswith("/"):
        return Turn(session, (Say(_(NEW_ONE)),))
    changed = Say(_("I've changed your answer to what it says now."))
    return Turn(session, (changed,), (EditAnswer(event.message, event.text),))


def _carrying(session: Session, turn: Turn) -> Turn:
    """What was ticked and not sent yet goes along, wherever somebody looks meanwhile."""
    ticks = session.notes.get("ticks")
    if not ticks or "ticks" in turn.session.notes:
        return turn
    return replace(turn, session=turn.session.noting(ticks=ticks))


def _with_remarks(session: Session, turn: Turn) -> Turn:
    """Where the same question is asked again, a few words on the way are about what was just sent."""
    if turn.session.visit != session.visit or turn.effects:
        return turn
    return replace(turn, says=tuple(replace(say, remark=_is_short(say)) for say in turn.says))


def _is_short(say: Say) -> bool:
    return not (say.heading or say.rows or say.paper) and len(say.text) <= REMARK_MOST


def _not_understood(event: Event, facts: Facts) -> Say:
    _ = facts.words
    if isinstance(event, Sent):
        return Say(unreadable_text(_, event.kind, facts.person.band))
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


def _supported(seen: danger.Danger, session: Session, turn: Turn) -> Turn:
    """The same turn, by way of the helplines: what was said is still kept, and they come first."""
    alert = RaiseAlert(kind=seen.kind, step=session.step)
    sign: dict[str, Note] = {
        f"{SUPPORTING}danger": seen.kind,
        f"{SUPPORTING}whose": seen.whose,
        f"{SUPPORTING}denied": seen.denied,
    }
    if session.step == SUPPORT:
        return Turn(session.noting(**sign), (), (alert, *turn.effects))
    after = turn.session
    notes: dict[str, Note] = {**after.notes, **sign, f"{SUPPORTING}back": after.step}
    return Turn(
        replace(after, step=SUPPORT, visit=session.visit + 1, notes=notes), (), (alert, *turn.effects)
    )


def _with_helplines(turn: Turn, facts: Facts) -> Turn:
    """Words in letters that no word list has are kept, but nobody is left to think that they were understood."""
    told = Say(unread_words_text(facts.words, facts.person.band))
    return replace(turn, says=(told, *turn.says))


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
            return argument if command in flows.openings else f"{command} {argument}"
    return ""


def _allowed(roles: tuple[Role, ...], person: Person) -> bool:
    return not roles or person.may(*roles)


NEW_ONE = N_("I saw that you changed a message. I can't use the change, so send it as a new message.")
SUPPORT = "support.choose"
SUPPORTING = (
    "support."  # its notes lie among those of the step that somebody goes on with, under names of their own
)
SIGNED_OUT = "team.signed_out"
REMARK_MOST = 300  # letters: more is a message of its own
