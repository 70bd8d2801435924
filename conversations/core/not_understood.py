"""The replies to whatever the current question does not take."""

from collections.abc import Callable

from conversations.core.events import Event, Said, Sent, Unreadable
from conversations.core.facts import Facts
from conversations.core.messages import Say
from conversations.core.text import TYPED_MOST


def say_not_understood(say_unreadable: Callable[[Unreadable, Facts], Say], event: Event, facts: Facts) -> Say:
    """The reply to what the current question does not take."""
    _ = facts.words
    if isinstance(event, Sent):
        return say_unreadable(event.kind, facts)
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
