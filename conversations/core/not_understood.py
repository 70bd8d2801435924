"""The replies to whatever the current question does not take."""

from collections.abc import Callable

from conversations.core.events import Chose, Elsewhere, Event, Said, Sent, Unreadable
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.messages import Say, Session
from conversations.core.record import replace
from conversations.core.text import TYPED_MOST


def say_not_understood(say_unreadable: Callable[[Unreadable, Facts], Say], event: Event, facts: Facts) -> Say:
    """The reply to what the current question does not take."""
    _ = facts.words
    if isinstance(event, Sent):
        say = say_unreadable(event.kind, facts)
        unused = _("I haven't used the words that came with it. To use them, send them alone.")
        return replace(say, text=f"{unused}\n{say.text}") if event.caption.strip() else say
    if isinstance(event, Said) and not event.text.strip():
        return Say(_("Your message was empty. Write something first, or use a button."))
    return Say(_unexpected_text_reply(facts))


def _unexpected_text_reply(facts: Facts) -> str:
    """The reply to text that no question asked for."""
    _ = facts.words
    if facts.person.is_staff or not facts.person.agreed:
        return _("I didn't get that. Use a button here. Who can help: /help.")
    return "\n".join(
        (
            _("I don't take words here, only where I ask for them."),
            _("To have your say: /say."),
            # Add any other command that accepts free text here.
            _("To talk to a person: /help."),
        )
    )


def say_too_long(facts: Facts) -> Say:
    """The reply to a text that is longer than any question takes."""
    return Say(
        facts.words("That's longer than I can keep. Can you say it in {most} letters?", most=TYPED_MOST)
    )


def is_elsewhere(event: Event) -> bool:
    """Whether these words may not be meant for the current question."""
    return isinstance(event, Said) and event.elsewhere is not None


def say_elsewhere(event: Event, session: Session, facts: Facts) -> Say | None:
    """The reply to what belongs to another question, or may do so; None for all else. Words are used when they are sent
    again. Before somebody joins, no question takes words.
    """
    _ = facts.words
    if isinstance(event, Chose | Said) and event.visit not in {session.visit, None}:
        return Say(_("That question is over. Here is where we are now."))
    if isinstance(event, Said) and event.elsewhere and (facts.person.agreed or facts.person.is_staff):
        return Say(_(_ELSEWHERE[event.elsewhere]))
    return None


_ELSEWHERE: dict[Elsewhere, str] = {
    "early": N_(
        "Your last message came before you could see what I ask now, so I haven't used it. "
        "Does it belong to your answer before? Then edit that one. If it's your answer here, send it again."
    ),
    "reply": N_(
        "You replied to another message of mine, so I haven't used it. "
        "To change an answer, edit it. If this is your answer here, send it again, not as a reply."
    ),
    "forwarded": N_("You forwarded this, so I haven't used it. If it's your answer here, write it yourself."),
}
