"""The whole of an outcome: its parts, who decided, and the look at it as they get it."""

from collections.abc import Iterator
from dataclasses import replace

from conversations.effects import DropPart, PartField, PublishOutcome, SetDecider
from conversations.engine import Turn
from conversations.events import Chose, Event, Said
from conversations.facts import Facts
from conversations.form_words import form_words
from conversations.outcome import part as one_part
from conversations.outcome.choosing import (
    to,
)
from conversations.outcome.draft import (
    FIELD_MOST,
    WHOLE_MOST,
    Draft,
    GoesTo,
    fields_of,
    letters,
    missing,
    outcome_of,
    unfinished,
    whole,
)
from conversations.outcome.part import too_long
from conversations.outcome_words import outcome_heading, outcome_text, shortened
from conversations.pages import numbered_rows, on_page, turned_to, typed_number
from conversations.rules import next_waking
from conversations.speech import Choice, Row, Say, Session

PARTS_MOST = 10


# --- another part? --------------------------------------------------------------------------------


def ask_more(_session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    lines = [f"{n}. {shortened(part.you_said)}" for n, part in enumerate(draft.parts, 1)]
    add = ((Choice("add", _("Add another part")),),) if len(draft.parts) < PARTS_MOST else ()
    rows: tuple[Row, ...] = (*add, (Choice("done", _("That's all")),), _keep(facts))
    text = "\n".join((*lines, "", _("Is there another thing they said, with its own answer?")))
    return Say(text, rows=rows, replaces=True)


def take_more(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "add") if len(draft.parts) < PARTS_MOST:
            return Turn(to(session, "you_said", part=draft.new_place))
        case Chose(_, "done"):
            return Turn(to(session, "preview" if draft.who else "who"))
    return None


# --- who decided ----------------------------------------------------------------------------------


def ask_who(_session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    text = _("Who decided? In words they know, such as: the councillor for transport.")
    named = draft.who or _promised_by(draft, facts)
    rows: tuple[Row, ...] = ((Choice("use", _("Use this")),), _keep(facts)) if named else (_keep(facts),)
    if named:
        text = "\n\n".join((text, _("You could say: {who}", who=named)))
    return Say(text, rows=rows, expects="text", replaces=True)


def take_who(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "use") if named := draft.who or _promised_by(draft, facts):
            return _decided_by(session, draft, named)
        case Said(text) if len(text) > FIELD_MOST:
            return Turn(session, (Say(too_long(text, facts.words)),))
        case Said(text) if text.strip():
            return _decided_by(session, draft, " ".join(text.split()))
    return None


def _decided_by(session: Session, draft: Draft, who: str) -> Turn:
    return Turn(to(session, "preview"), effects=(SetDecider(draft.about.id, who),))


def _promised_by(draft: Draft, facts: Facts) -> str:
    """Who was named as the one who decides, when people were asked."""
    return form_words(draft.about.form, facts.words)(draft.about.form.decision_maker)[:FIELD_MOST]


# --- the look at the whole ------------------------------------------------------------------------


def ask_preview(_session: Session, draft: Draft, facts: Facts) -> Say:
    """Exactly what they get, but for their own answers; and how many get it."""
    _, outcome = facts.words, replace(outcome_of(draft), published=facts.now)
    change: Row = (Choice("change", _("Change a part")), Choice("who", _("Who decided")))
    if not draft.parts or unfinished(draft) or not draft.who:
        rows: tuple[Row, ...] = ((Choice("on", _("Go on")),), change, _keep(facts))
        return Say(_("Something is still missing."), rows=rows, replaces=True)
    message = "\n".join((outcome_heading(outcome, _), outcome_text(outcome, None, _)))
    if letters(draft) > WHOLE_MOST:
        rows = (change, _keep(facts))
        notes = [_("All together it is too long for one message. Make a part shorter.")]
    else:
        send: Row = (Choice("send", _("Send now")), Choice("time", _("Choose a time")))
        rows = (send, change, _keep(facts))
        notes = list(_goes_to(draft, facts))
    return Say(
        "\n\n".join((message, " ".join(notes))),
        heading=_("This is what they will get"),
        rows=rows,
        replaces=True,
    )


def take_preview(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    part = unfinished(draft)
    match event:
        case Chose(_, "send"):
            return Turn(to(session, "sent"), effects=(PublishOutcome(draft.about.id),))
        case Chose(_, "time" | "change" | "who" as step):
            return Turn(to(session, step))
        case Chose(_, "on") if part or not draft.parts:
            return Turn(one_part.onward(session, part or draft.part(draft.new_place)))
        case Chose(_, "on"):
            return Turn(to(session, "preview" if draft.who else "who"))
    return None


def _goes_to(draft: Draft, facts: Facts) -> Iterator[str]:
    _, people = facts.words, facts[GoesTo].people
    if people:
        yield _.many("It goes to {n} person who took part.", "It goes to {n} people who took part.", people)
        yield _("They see their own answer beside it.")
    else:
        yield _("Nobody gets a message, because nobody who took part can be reached.")
    yield _("It will be on /changed too, for everybody.")
    if draft.about.state == "open":
        yield _("Nobody can change their answers after that: the consultation closes.")
    waking = next_waking(facts.now, facts.rules)
    if waking > facts.now:
        yield _("It is quiet time now: the messages leave on {when}.", when=_.moment(waking))


# --- changing a part ------------------------------------------------------------------------------


def ask_change(session: Session, draft: Draft, facts: Facts) -> Say:
    _, page = facts.words, session.notes.get("page")
    lines = [f"{n + 1}. {shortened(draft.parts[n].you_said)}" for n in on_page(page, len(draft.parts))]
    rows = numbered_rows([str(part.place) for part in draft.parts], page, _)
    add = ((Choice("add", _("Add another part")),),) if len(draft.parts) < PARTS_MOST else ()
    back: Row = (Choice("back", _("Back"), aside=True),)
    return Say("\n".join((_("Which part?"), *lines)), rows=(*rows, *add, back), replaces=True)


def take_change(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    page = turned_to(event)
    if page is not None:
        return Turn(session.noting(page=page))
    number = typed_number(event)
    places = [part.place for part in draft.parts]
    if number and number <= len(places):
        return Turn(to(session, "part", part=places[number - 1]))
    match event:
        case Chose(_, "back"):
            return Turn(to(session, "preview"))
        case Chose(_, "add") if len(places) < PARTS_MOST:
            return Turn(to(session, "you_said", part=draft.new_place, back=True))
        case Chose(_, key) if key in map(str, places):
            return Turn(to(session, "part", part=int(key)))
    return None


def ask_part(session: Session, draft: Draft, facts: Facts) -> Say:
    """One part as it stands, with a way to change each of its fields."""
    _, part = facts.words, one_part.part_of(session, draft)
    names: dict[PartField, str] = {
        "you_said": _("You said"), "we_heard": _("We heard"), "decision": _("What comes of it"), "what": _("In words"),
        "because": _("Because"), "owner": _("Who will do it"), "due": _("By when"),
    }  # fmt: skip
    choices = [Choice(field, names[field]) for field in fields_of(part.decision)]
    fields: list[Row] = [tuple(choices[n : n + 2]) for n in range(0, len(choices), 2)]
    ways: Row = (Choice("drop", _("Delete this part")), Choice("back", _("Back"), aside=True))
    only = replace(outcome_of(draft), parts=() if missing(part) else (whole(part),), who="")
    text = outcome_text(only, None, _) or _("You said: {what}", what=part.you_said)
    text = "\n\n".join((text, _("What would you like to change?")))
    return Say(text, rows=(*fields, ways), replaces=True)


def take_part(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    part = one_part.part_of(session, draft)
    match event:
        case Chose(_, "back"):
            return Turn(to(session, "change"))
        case Chose(_, "drop"):
            return Turn(to(session, "change"), effects=(DropPart(draft.about.id, part.place),))
        case Chose(_, field) if field in fields_of(part.decision):
            return Turn(to(session, field, part=part.place, back=True))
    return None


def _keep(facts: Facts) -> Row:
    return (Choice("/home", facts.words("Keep as draft"), aside=True),)
