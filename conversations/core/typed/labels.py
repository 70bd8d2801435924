"""A button's own words, typed instead of tapped: they count as that button, in every language and reading version.

At a question for words, only the buttons beside the answer count: Skip skips. Any other, such as Back, may be the answer
itself: Heard asks once, and takes it as the answer when it is sent again.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from conversations.core.events import Asked, Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.messages import Choice, Say, Session
from conversations.core.record import Record
from conversations.core.typed.plain_words import STOP, in_plain_letters, says_only

_LONGEST = 60  # letters of a label
# Labels of buttons beside the answers. They are understood in all languages and versions, whichever somebody reads.
_BESIDE = (
    *(N_("Back"), N_("Skip"), N_("Stop"), N_("Keep it"), N_("Delete my answer"), N_("Not now"), N_("Home")),
    *(N_("Stop here"), N_("I'm OK, go on"), N_("More"), N_("Earlier"), N_("Done"), N_("Go on")),
)


class Unclear(Record):
    """Typed words that may be an answer as well as this button."""

    choice: Choice


def may_be_label(event: Event) -> bool:
    """Whether an event is short enough typed text to be a button's label."""
    return isinstance(event, Said) and 0 < len(event.text.strip()) <= _LONGEST


def button_typed(question: Say, session: Session, event: Event, facts: Facts) -> Event | Unclear:
    """The event of the button whose label was typed; the event itself if it names none, or if the question takes it."""
    if not isinstance(event, Said) or event.visit not in {session.visit, None}:
        return event
    named = tuple(_named(question, event.text, facts))
    beside = [choice for choice in named if choice.aside]
    if says_only(event.text, STOP):
        return Asked("unsubscribe", "here") if any(one.key == "stop" for one in beside) else event
    if question.expects in {"text", "number"}:
        named = tuple(beside)
    if len(named) != 1:
        return event
    choice = named[0]
    if question.expects == "text" and choice.key != "skip":
        return event if session.notes.get("typed") == _note(session, choice) else Unclear(choice)
    if question.expects == "words" and not choice.aside and not choice.key.startswith("/"):
        return event  # an option: the question knows its options
    return Chose(session.visit, choice.key)


def ask_which(session: Session, unclear: Unclear, facts: Facts) -> tuple[Session, Say]:
    """Asks whether the button or the answer was meant. The session remembers that it did, for this visit."""
    _ = facts.words
    label = unclear.choice.label
    text = _(
        "Do you mean the button “{label}”? Then tap it. If that's your answer, send it again.", label=label
    )
    return session.with_notes(typed=_note(session, unclear.choice)), Say(text)


def _note(session: Session, choice: Choice) -> tuple[int, str]:
    return (session.visit, choice.key)


def _named(question: Say, text: str, facts: Facts) -> Iterator[Choice]:
    """The buttons whose label this is: as they are shown, or as another language or version says it."""
    typed = in_plain_letters(text)
    shown = {in_plain_letters(facts.words(message)) for message in _messages_of(typed, facts)}
    for choice in chain.from_iterable(question.rows):
        if isinstance(choice, Choice) and typed:
            label = in_plain_letters(choice.label)
            if label == typed or (choice.aside and label in shown):
                yield choice


def _messages_of(typed: str, facts: Facts) -> Iterable[str]:
    for words in facts.library.offered(facts.rules.languages):
        if typed in _labels(words):
            yield _labels(words)[typed]


@lru_cache(maxsize=64)
def _labels(_: Words) -> dict[str, str]:
    return {in_plain_letters(_(message)): message for message in _BESIDE}
