"""One part of an outcome: you said, we heard, and what comes of it; a *can't* has its because."""

from dataclasses import replace
from datetime import date, timedelta

from conversations.effects import Decision, PartField, WritePart
from conversations.engine import Turn
from conversations.events import Chose, Event, Said
from conversations.facts import Facts
from conversations.outcome.choosing import to
from conversations.outcome.draft import (
    FIELD_MOST,
    Draft,
    DraftPart,
    fields_of,
    missing,
)
from conversations.outcome.findings import help_with, suggested
from conversations.speech import Choice, Note, Row, Say, Session
from conversations.times import day_in
from conversations.words import Words

DECISIONS: tuple[Decision, ...] = ("did", "doing", "will", "cant")
_MONTHS = (1, 3, 6)


# --- you said, we heard ---------------------------------------------------------------------------


def ask_you_said(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    finding = suggested(draft, facts)
    lines = [
        _("What did they say? One finding, in words they would recognise."),
        "",
        *help_with(draft, facts),
    ]
    if finding:
        lines += ["", _("You could say: {finding}", finding=finding)]
    rows = ((Choice("use", _("Use this")),),) if finding else ()
    return _asked("\n".join(lines), part.you_said, draft, facts, rows)


def take_you_said(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key == "use" and (finding := suggested(draft, facts)):
        return _wrote(session, draft, "you_said", finding)
    return _typed(session, event, draft, facts, "you_said")


def ask_we_heard(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    text = _("What did you hear in that? One or two sentences, such as: it's the dark, not the bus.")
    return _asked(f"{_said(part, _)}\n\n{text}", part.we_heard, draft, facts)


def take_we_heard(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    return _typed(session, event, draft, facts, "we_heard")


# --- what comes of it -----------------------------------------------------------------------------


def ask_decision(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    names = {
        "did": _("We did it"),
        "doing": _("We are doing it"),
        "will": _("We will do it"),
        "cant": _("We can't"),
    }
    choices = [
        Choice(key, names[key], ticked=key == part.decision if part.decision else None) for key in DECISIONS
    ]
    text = "\n\n".join((_said(part, _), _("What comes of it?")))
    return Say(text, rows=((*choices[:2],), (*choices[2:],), _ways(draft, facts)), replaces=True)


def take_decision(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key in DECISIONS:
        return _wrote(session, draft, "decision", event.key)
    return _around(session, event, draft, "decision")


def ask_what(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    match part.decision:
        case "cant":
            text = _("What can't you do? I'll write “We can't: …”, so go on from there.")
        case "will":
            text = _("What will you do? I'll write “We will: …”, so go on from there.")
        case "doing":
            text = _("What are you doing? I'll write “We are doing: …”, so go on from there.")
        case _:
            text = _("What did you do? I'll write “We did: …”, so go on from there.")
    return _asked(text, part.what, draft, facts)


def take_what(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    return _typed(session, event, draft, facts, "what")


def ask_because(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    text = _("A “can't” needs its because. What would you say to someone who asked for it?")
    return _asked(text, part.because, draft, facts)


def take_because(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    return _typed(session, event, draft, facts, "because")


def ask_owner(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    text = _("Who will do it? A team or a post that people can ask, such as: Highways.")
    return _asked(text, part.owner, draft, facts)


def take_owner(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    return _typed(session, event, draft, facts, "owner")


def ask_due(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    text = _("By when? Choose, or write a day, such as: 31 March.")
    choices = tuple(Choice(f"months:{n}", _.many("In {n} month", "In {n} months", n)) for n in _MONTHS)
    return _asked(text, _.dated(part.due) if part.due else "", draft, facts, (choices,))


def take_due(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    today = facts.now.astimezone(facts.rules.zone).date()
    match event:
        case Chose(_, key) if key.removeprefix("months:") in map(str, _MONTHS):
            return _wrote(session, draft, "due", months_on(today, int(key.removeprefix("months:"))))
        case Said(text):
            day = day_in(text, facts.now, facts.words)
            if isinstance(day, str):
                return Turn(session, (Say(facts.words(day)),))
            return _wrote(session, draft, "due", day)
    return _around(session, event, draft, "due")


def months_on(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that is too short for it."""
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


# --- what they share ------------------------------------------------------------------------------


def part_of(session: Session, draft: Draft) -> DraftPart:
    return draft.part(session.number("part"))


def onward(session: Session, part: DraftPart) -> Session:
    """The next field that this part needs; when it is whole, the list of parts, or the look at the whole."""
    field = missing(part)
    if field:
        return to(session, field, **_noted(session, part))
    return to(session, "preview" if session.notes.get("back") else "more")


def _noted(session: Session, part: DraftPart) -> dict[str, Note]:
    """Which part it is, and whether the look at the whole comes after it."""
    notes: dict[str, Note] = {"part": part.place}
    return {**notes, "back": True} if session.notes.get("back") else notes


def _typed(session: Session, event: Event, draft: Draft, facts: Facts, field: PartField) -> Turn | None:
    _ = facts.words
    if not isinstance(event, Said):
        return _around(session, event, draft, field)
    text = " ".join(event.text.split())
    if len(text) > FIELD_MOST:
        return Turn(session, (Say(too_long(text, _)),))
    return _wrote(session, draft, field, text) if text else None


def too_long(text: str, _: Words) -> str:
    return _(
        "That is {n} letters long. Say it in {most}, so that people read it.", n=len(text), most=FIELD_MOST
    )


def _wrote(session: Session, draft: Draft, field: PartField, value: str | date) -> Turn:
    place = session.number("part")
    part = replace(draft.part(place), **{field: value})  # type: ignore[arg-type]
    effect = WritePart(draft.about.id, place, field, value)
    return Turn(onward(session, part), effects=(effect,))


def _around(session: Session, event: Event, draft: Draft, field: PartField) -> Turn | None:
    """Keeping what stands there, or going back by one field."""
    part = part_of(session, draft)
    match event:
        case Chose(_, "keep") if getattr(part, field):
            return Turn(onward(session, part))
        case Chose(_, "back"):
            return _one_back(session, part, draft, field)
    return None


def _one_back(session: Session, part: DraftPart, draft: Draft, field: PartField) -> Turn | None:
    fields = fields_of(part.decision)
    place = fields.index(field) if field in fields else 0
    if place:
        return Turn(to(session, fields[place - 1], **_noted(session, part)))
    if not draft.parts:
        return None
    return Turn(to(session, "preview" if session.notes.get("back") else "more"))


def _asked(text: str, now: str, draft: Draft, facts: Facts, rows: tuple[Row, ...] = ()) -> Say:
    """A question that takes words; what stands there already may be kept."""
    _ = facts.words
    if now:
        text = f"{text}\n\n{_('It says now: {text}', text=now)}"
        rows = (*rows, (Choice("keep", _("Keep it")),))
    return Say(text, rows=(*rows, _ways(draft, facts)), expects="text", replaces=True)


def _ways(draft: Draft, facts: Facts) -> Row:
    _ = facts.words
    if not draft.parts:
        return (Choice("/home", _("Home"), aside=True),)
    return (Choice("back", _("Back"), aside=True), Choice("/home", _("Keep as draft"), aside=True))


def _said(part: DraftPart, _: Words) -> str:
    return _("You said: {what}", what=part.you_said)
