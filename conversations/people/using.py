"""Whether what somebody said may be used: it stays, but nobody in the team reads or counts it until they say so."""

from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.people.effects import StartUsing, StopUsing


def not_used(session: Session, facts: Facts) -> Turn | None:
    """Where somebody is led who wants to say something new; None if it can be used."""
    return Turn(session.goto("using.off")) if facts.person.unused else None


def ask_stop(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    lines = [
        _("I keep what you said, but nobody in the team reads it, counts it or quotes it any more."),
        _(
            "Numbers and files that they saved before may still have it. What was about keeping someone safe stays with whoever helps."
        ),
        _("You can switch it back whenever you like. Until then you can't say anything new here."),
    ]
    rows: tuple[Row, ...] = ((Choice("yes", _("Don't use it")), Choice("no", _("Use it as before"))),)
    return Say("\n\n".join(lines), heading=_("Don't use what I said?"), rows=rows, replaces=True)


def take_stop(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, "yes"):
            return Turn(session.goto("using.off"), effects=(StopUsing(),))
        case Chose(_visit, "no"):
            return Turn(session.goto("mydata.read"), (Say(_("Nothing has changed.")),))
    return None


def ask_off(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("You asked me not to use what you said. I keep it, and nobody in the team reads or counts it.")
    rows: tuple[Row, ...] = (
        (Choice("again", _("Use it again")),),
        (Choice("/raise data", _("About my data")),),
        (Choice("/mydata", _("My data"), aside=True), Choice("/home", _("Home"), aside=True)),
    )
    return Say(text, heading=_("What you said isn't used"), rows=rows, replaces=True)


def take_off(session: Session, event: Event, facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key == "again":
        said = Say(facts.words("It's used again. The team can read it and counts it."))
        return Turn(session.goto("home"), (said,), (StartUsing(),))
    return None


STEPS = (Step("using.stop", ask_stop, take_stop), Step("using.off", ask_off, take_off))
