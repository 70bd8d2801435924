"""See it as they do: the message as each reader gets it, with a sample where their own answer will stand."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.record import replace
from conversations.outcomes.message import message
from conversations.outcomes.own_answers import sample
from conversations.outcomes.wording import read_in
from conversations.outcomes.write.draft import CurrentDraft, Draft
from conversations.outcomes.write.navigation import back, over, to
from conversations.people.variants import readers

_KEY = "as:"  # before a reader's variant on a button


def ask_seeing(_session: Session, _draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    rows: list[Row] = [(Choice(f"{_KEY}{reader.variant}", reader.name),) for reader in readers(facts)]
    text = _("As whom do you want to see it? Their own answer in it is a sample.")
    return Say(text, heading=_("See it as they do"), rows=(*rows, back(_)), replaces=True)


def take_seeing(session: Session, event: Event, _draft: Draft, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "back"):
            return Turn(to(session, "preview"))
        case Chose(_, key):
            chosen = (reader for reader in readers(facts) if key == f"{_KEY}{reader.variant}")
            reader = next(chosen, None)
            if reader:
                return Turn(to(session, "seen", language=reader.language, version=reader.version))
    return None


def as_they_do(session: Session, facts: Facts) -> Facts:
    """The facts as they are to somebody who reads in the chosen language and version, and is not of the team."""
    language, version = str(session.notes["language"]), str(session.notes["version"])
    reader = replace(facts.person, language=language, version=version, roles=frozenset())
    return replace(facts, person=reader)


def ask_seen(_session: Session, facts: Facts) -> Say:
    """Exactly the message, but for the buttons under it."""
    draft = facts[CurrentDraft].draft
    if draft is None or not draft.outcome.parts:
        return over(draft, facts)
    outcome = replace(draft.outcome, published=draft.outcome.published or facts.now)
    _ = read_in(outcome, facts.words, facts.library)
    shown = message(outcome, sample(outcome, _), _, facts)
    return replace(shown, rows=(back(facts.words),))


def take_seen(session: Session, event: Event, _facts: Facts) -> Turn | None:
    return Turn(to(session, "seeing")) if isinstance(event, Chose) and event.key == "back" else None
