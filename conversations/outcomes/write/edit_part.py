"""Editing a part of a draft: its fields, and the sentence quoted in it."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    number_behind,
    numbered_rows,
    on_page,
    page_turned_to,
    typed_number,
)
from conversations.core.record import replace
from conversations.outcomes.effects import DropPart, SetQuote
from conversations.outcomes.outcome import PartField
from conversations.outcomes.wording import outcome_text
from conversations.outcomes.write.draft import Draft, Quotable
from conversations.outcomes.write.navigation import goto_step, numbered_parts
from conversations.outcomes.write.part import part_of
from conversations.outcomes.write.rules import PARTS_MOST, fields_of


def ask_change(session: Session, draft: Draft, facts: Facts) -> Say:
    _, page, parts = facts.words, session.notes.get("page"), draft.outcome.parts
    lines = [numbered_parts(draft)[n] for n in on_page(page, len(parts))]
    rows = numbered_rows([str(part.place) for part in parts], page, _)
    add = ((Choice("add", _("Add another part")),),) if len(parts) < PARTS_MOST else ()
    return Say("\n".join((_("Which part?"), *lines)), rows=(*rows, *add, back_row(_)), replaces=True)


def take_change(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    number = typed_number(event)
    places = [part.place for part in draft.outcome.parts]
    if number and number <= len(places):
        return Turn(goto_step(session, "part", part=places[number - 1]))
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "preview"))
        case Chose(_, "add") if len(places) < PARTS_MOST:
            return Turn(goto_step(session, "you_said", part=draft.new_place, back=True))
        case Chose(_, key) if key in map(str, places):
            return Turn(goto_step(session, "part", part=int(key)))
    return None


# --- one part -------------------------------------------------------------------------------------


def ask_part(session: Session, draft: Draft, facts: Facts) -> Say:
    """Shows one part, with a button to change each of its fields."""
    _, part, outcome = facts.words, part_of(session, draft), draft.outcome
    names = _fields(_)
    choices = [Choice(field, names[field]) for field in fields_of(outcome, part.decision)]
    fields: list[Row] = [tuple(choices[n : n + 2]) for n in range(0, len(choices), 2)]
    if draft.quotable or part.quote:
        fields.append((Choice("quote", _("A sentence of theirs")),))
    drop: Row = (Choice("drop", _("Delete this part")), *back_row(_))
    text = outcome_text(
        replace(outcome, parts=(part,), who={}), (), facts.library.words(outcome.language, None)
    )
    text = "\n\n".join((text, _("What would you like to change?")))
    return Say(text, rows=(*fields, drop), replaces=True)


def take_part(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    part = part_of(session, draft)
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "change"))
        case Chose(_, "drop"):
            return Turn(goto_step(session, "change"), effects=(DropPart(draft.subject, part.place),))
        case Chose(_, "quote"):
            return Turn(goto_step(session, "quote", part=part.place))
        case Chose(_, field) if field in fields_of(draft.outcome, part.decision):
            return Turn(goto_step(session, field, part=part.place, back=True))
    return None


def _fields(_: Words) -> dict[PartField, str]:
    return {
        "you_said": _("You said"), "question": _("Which question"), "we_heard": _("We heard"),
        "decision": _("What comes of it"), "what": _("In words"), "because": _("Because"),
        "owner": _("Who will do it"), "due": _("By when"),
    }  # fmt: skip


# --- the quote ------------------------------------------------------------------------------------


def ask_quote(session: Session, draft: Draft, facts: Facts) -> Say:
    """Lists the sentences whose writers agreed to be quoted."""
    _, quotes, page = facts.words, facts[Quotable].quotes, session.notes.get("page")
    lines = [f"{n + 1}. {quotes[n].words}" for n in on_page(page, len(quotes))]
    rows = numbered_rows([f"quote:{quote.id}" for quote in quotes], page, _)
    none: tuple[Row, ...] = ((Choice("none", _("No sentence")),),) if part_of(session, draft).quote else ()
    text = _("Whose sentence may stand here is not known to anybody, and is not shown.")
    if not quotes:
        text = _("No sentence may be quoted any more.")
    heading = _("Which sentence?")
    return Say(
        "\n".join((text, *lines)),
        heading=heading,
        rows=(*rows, *none, back_row(_)),
        replaces=True,
        ephemeral=True,
    )


def take_quote(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    place, ids = session.number("part"), [quote.id for quote in facts[Quotable].quotes]
    back_to_it, number = goto_step(session, "part", part=place), typed_number(event)
    chosen = ids[number - 1] if number and number <= len(ids) else None
    match event:
        case Chose(_, "back"):
            return Turn(back_to_it)
        case Chose(_, "none"):
            return Turn(back_to_it, effects=(SetQuote(draft.subject, place, None),))
        case Chose(_, key) if (named := number_behind(key, "quote:")) in ids:
            chosen = named
    return Turn(back_to_it, effects=(SetQuote(draft.subject, place, chosen),)) if chosen else None
