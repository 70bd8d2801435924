"""The optional pulse: one question on each of Lundy's four (space, voice, audience, influence), one tap each."""

from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.followup.effects import PulseName, PulseSays, RatePulse
from conversations.followup.facts import PULSE, PULSE_SAYS, MyPulse
from conversations.outcomes.wording import title_of


def pulse_questions(_: Words) -> dict[PulseName, str]:
    return {
        "space": _("Could you say what you think, and feel safe doing it?"),
        "voice": _("Was it easy to say it in your own way?"),
        "audience": _("Did the right people listen to you?"),
        "influence": _("Did what you said change something?"),
    }


def pulse_answers(_: Words) -> dict[PulseSays, str]:
    return {"yes": _("Yes"), "bit": _("A bit"), "no": _("No")}


def ask_pulse(session: Session, facts: Facts) -> Say:
    _, mine, at = facts.words, facts[MyPulse], session.number("at")
    if mine.about is None:
        home: Row = (Choice("/home", _("Home"), aside=True),)
        return Say(_("Only people who took part can answer that."), rows=(home,), replaces=True)
    name = PULSE[at]
    said, labels = mine.pulse.get(name), pulse_answers(_)
    answers: Row = tuple(Choice(key, labels[key], ticked=key == said if said else None) for key in PULSE_SAYS)
    ways: Row = (Choice("skip", _("Skip"), aside=True), Choice("stop", _("Stop"), aside=True))
    text = pulse_questions(_)[name]
    return Say(
        text,
        heading=title_of(mine.about, _),
        progress=(at + 1, len(PULSE)),
        rows=(answers, ways),
        replaces=True,
    )


def take_pulse(session: Session, event: Event, facts: Facts) -> Turn | None:
    mine, at, outcome = facts[MyPulse], session.number("at"), session.number("outcome")
    if mine.about is None:
        return None
    match event:
        case Chose(_, "yes" | "bit" | "no" as says):
            return _next_question(session, outcome, at, facts, RatePulse(outcome, PULSE[at], says))
        case Chose(_, "skip"):
            return _next_question(session, outcome, at, facts)
        case Chose(_, "stop"):
            return _finish(session, facts)
    return None


def _next_question(session: Session, outcome: int, at: int, facts: Facts, *effects: RatePulse) -> Turn:
    if at + 1 < len(PULSE):
        return Turn(session.goto("after.pulse", outcome=outcome, at=at + 1), effects=effects)
    done = _finish(session, facts)
    return Turn(done.session, done.says, effects)


def _finish(session: Session, facts: Facts) -> Turn:
    text = facts.words("That's all. The team sees how many said what, not who.")
    return Turn(session.goto("home"), (Say(text),))


STEPS = (Step("after.pulse", ask_pulse, take_pulse, needs=(MyPulse,)),)
