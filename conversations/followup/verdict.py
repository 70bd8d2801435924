"""Did we get it right? The question is under each outcome's message, and one tap answers it on the spot."""

from conversations.core.engine import Command, Turn
from conversations.core.events import Asked
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import number_behind
from conversations.followup.effects import JudgeOutcome
from conversations.people.using import not_used


def verdict_row(outcome: int, _: Words) -> Row:
    """The two answer buttons under an outcome's message."""
    return (
        Choice(f"/right {outcome} yes", _("You got it right")),
        Choice(f"/right {outcome} no", _("Not really")),
    )


def open_right(session: Session, asked: Asked, facts: Facts) -> Turn:
    """Takes "/right 4 yes" or "/right 4 no" as an answer without leaving the current step; "/right 4 more" takes a comment, and
    "/right 4 pulse" asks the four short questions.
    """
    if elsewhere := not_used(session, facts):
        return elsewhere
    number, _space, word = asked.argument.partition(" ")
    outcome = number_behind(number)
    if outcome is None or word not in {"yes", "no", "more", "pulse"}:
        told = facts.words("You find those buttons under what we told you. All of it: /changed.")
        return Turn(session, (Say(told),))
    if word == "more":
        return Turn(session.goto("after.more", outcome=outcome))
    if word == "pulse":
        return Turn(session.goto("after.pulse", outcome=outcome, at=0))
    return Turn(
        session, (_say_stored(outcome, word == "yes", facts),), (JudgeOutcome(outcome, word == "yes"),)
    )


def _say_stored(outcome: int, right: bool, facts: Facts) -> Say:
    """Confirms the answer. After a "not really" it says what may follow, and promises nothing more."""
    _ = facts.words
    if right:
        text = _("OK, I've kept that. You can change it: tap the other answer.")
    else:
        text = " ".join(
            (
                _("OK, I've kept that. The people who wrote the answer see how many of you say so."),
                _("They can look at it again and tell you more. They may also leave it as it is."),
                _("If you say what is missing, they read that too, without your name."),
            )
        )
    more: Row = (Choice(f"/right {outcome} more", _("Say more")),)
    pulse: Row = (Choice(f"/right {outcome} pulse", _("Four short questions")),)
    return Say(text, rows=(more, pulse))


STEPS = ()
COMMANDS = (Command("right", open_right),)
