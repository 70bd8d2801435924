"""Previews the message as each reader gets it, with a sample in place of their own answer."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.core.record import replace
from conversations.outcomes.message import outcome_message
from conversations.outcomes.own_answers import sample_answers
from conversations.outcomes.wording import reading_words
from conversations.outcomes.write.draft import CurrentDraft, Draft
from conversations.outcomes.write.navigation import goto_step, say_not_writable
from conversations.people.variants import readers

_KEY = "as:"  # the prefix of a reader's variant in a button's key


def ask_seeing(_session: Session, _draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    rows: list[Row] = [(Choice(f"{_KEY}{reader.variant}", reader.name),) for reader in readers(facts)]
    text = _("As whom do you want to see it? Their own answer in it is a sample.")
    return Say(text, heading=_("See it as they do"), rows=(*rows, back_row(_)), replaces=True)


def take_seeing(session: Session, event: Event, _draft: Draft, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "preview"))
        case Chose(_, key):
            chosen = (reader for reader in readers(facts) if key == f"{_KEY}{reader.variant}")
            reader = next(chosen, None)
            if reader:
                return Turn(goto_step(session, "seen", language=reader.language, version=reader.version))
    return None


def as_reader(session: Session, facts: Facts) -> Facts:
    """The facts as a young person sees them who reads in the chosen language and version."""
    language, version = str(session.notes["language"]), str(session.notes["version"])
    reader = replace(facts.person, language=language, version=version, roles=frozenset())
    return replace(facts, person=reader)


def ask_seen(_session: Session, facts: Facts) -> Say:
    """Shows exactly the message, apart from its buttons."""
    draft = facts[CurrentDraft].draft
    if draft is None or not draft.outcome.parts:
        return say_not_writable(draft, facts)
    outcome = replace(draft.outcome, published=draft.outcome.published or facts.now)
    _ = reading_words(outcome, facts.words, facts.library)
    shown = outcome_message(outcome, sample_answers(outcome, _), _, facts)
    return replace(shown, rows=(back_row(facts.words),))


def take_seen(session: Session, event: Event, _facts: Facts) -> Turn | None:
    return Turn(goto_step(session, "seeing")) if isinstance(event, Chose) and event.key == "back" else None
