"""Asks once about figures that look wrong and words that are hard to read. The text is stored meanwhile."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.text import shorten
from conversations.outcomes.number_checks import doubts
from conversations.outcomes.outcome import Spot, text_at
from conversations.outcomes.write.draft import Draft
from conversations.outcomes.write.navigation import goto_next_field, goto_next_variant, goto_step, spot_of
from conversations.outcomes.write.readability import hard_words


def check_text(after: Session, draft: Draft, text: str, spot: Spot, **notes: Note) -> Session:
    """The step that asks about a text, if it raises a doubt; otherwise `after`. `notes` are for that step."""
    if not (doubts(text, draft.people) or any(hard_words(text))):
        return after
    return goto_step(after, "figures", field=spot.name, **notes)


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
            return Turn(_goto_next(session, draft))
        case Chose(_, "again"):
            return Turn(_goto_rewrite(session))
    return None


def _text(session: Session, draft: Draft) -> str:
    variant = str(session.notes.get("variant", draft.outcome.language))
    return text_at(draft.outcome, spot_of(session)).get(variant, "")


def _goto_rewrite(session: Session) -> Session:
    notes = {
        name: note
        for name, note in session.notes.items()
        if name in {"part", "field", "variant", "back", "all"}
    }
    if "variant" in notes:
        return goto_step(session, "word", **notes)
    steps = {"picture": "picture_words"}
    field = str(notes.pop("field"))
    return goto_step(session, steps.get(field, field), **notes)


def _goto_next(session: Session, draft: Draft) -> Session:
    if "variant" in session.notes:
        return goto_next_variant(session, draft)
    spot = spot_of(session)
    if spot.place is None:
        return goto_step(session, "preview")
    return goto_next_field(session, draft, draft.outcome.part(spot.place))
