"""Figures that look wrong, and words that are hard to read, are asked about once; what was typed is kept meanwhile."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.text import shorten
from conversations.outcomes.number_checks import doubts
from conversations.outcomes.outcome import Spot, text_at
from conversations.outcomes.write.draft import Draft
from conversations.outcomes.write.navigation import next_word, onward, spot_of, to
from conversations.outcomes.write.readability import hard_words


def figures_or(after: Session, draft: Draft, text: str, spot: Spot, **notes: Note) -> Session:
    """The step about figures and words, where a text gives cause; else `after`. The notes say how one goes on there."""
    if not (doubts(text, draft.people) or any(hard_words(text))):
        return after
    return to(after, "figures", field=spot.name, **notes)


def ask_figures(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    text = _text(session, draft)
    wrong, hard = doubts(text, draft.people), tuple(hard_words(text))
    lines = [_("You wrote: {text}", text=shorten(text, 200)), ""]
    lines += [f"· {_(doubt.words, **doubt.values)}" for doubt in (*wrong, *hard)]
    rows: tuple[Row, ...] = (
        (Choice("keep", _("Keep it as it is")),),
        (Choice("again", _("Write it again")),),
    )
    heading = _("Are these figures right?") if wrong else _("Is that easy to read?")
    return Say("\n".join(lines), heading=heading, rows=rows, replaces=True)


def take_figures(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "keep"):
            return Turn(_onward(session, draft))
        case Chose(_, "again"):
            return Turn(_again(session))
    return None


def _text(session: Session, draft: Draft) -> str:
    variant = str(session.notes.get("variant", draft.outcome.language))
    return text_at(draft.outcome, spot_of(session)).get(variant, "")


def _again(session: Session) -> Session:
    notes = {
        name: note
        for name, note in session.notes.items()
        if name in {"part", "field", "variant", "back", "all"}
    }
    if "variant" in notes:
        return to(session, "word", **notes)
    steps = {"picture": "picture_words"}
    field = str(notes.pop("field"))
    return to(session, steps.get(field, field), **notes)


def _onward(session: Session, draft: Draft) -> Session:
    if "variant" in session.notes:
        return next_word(session, draft)
    spot = spot_of(session)
    if spot.place is None:
        return to(session, "preview")
    return onward(session, draft, draft.outcome.part(spot.place))
