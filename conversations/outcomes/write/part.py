"""The steps that write a part of an outcome: you said, we heard, the decision and what follows from it."""

from datetime import date, timedelta

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words, language_name
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row, home_row
from conversations.core.record import replace
from conversations.core.typed.dates import day_in
from conversations.core.typed.years import ask_year
from conversations.outcomes.effects import WritePart
from conversations.outcomes.outcome import PART_TEXTS, Decision, Part, PartField, Spot
from conversations.outcomes.write.checks import check_text
from conversations.outcomes.write.draft import Draft
from conversations.outcomes.write.findings import count_lines, suggest_finding
from conversations.outcomes.write.navigation import goto_next_field, goto_step, keep_row, part_notes
from conversations.outcomes.write.reasons import SAYS_NOTHING, says_nothing
from conversations.outcomes.write.rules import FIELD_MOST, fields_of

DECISIONS: tuple[Decision, ...] = ("did", "doing", "will", "cant")
_MONTHS = (1, 3, 6)


# --- you said, we heard ---------------------------------------------------------------------------


def ask_you_said(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    finding = suggest_finding(draft, facts)
    lines = [
        _("What did they say? One finding, in words they would recognise."),
        "",
        *count_lines(draft, facts),
    ]
    if finding:
        lines += ["", _("You could say: {finding}", finding=finding.words)]
    rows = ((Choice("use", _("Use this")),),) if finding else ()
    return _say_text_question("\n".join(lines), draft.outcome.original(part.you_said), draft, facts, rows)


def take_you_said(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key == "use" and (finding := suggest_finding(draft, facts)):
        place, language = session.number("part"), draft.outcome.language
        part = replace(
            draft.outcome.part(place), you_said={language: finding.words}, question=finding.question
        )
        said = WritePart(draft.subject, place, "you_said", finding.words)
        about = WritePart(draft.subject, place, "question", finding.question)
        return Turn(goto_next_field(session, draft, part), effects=(said, about))
    return _take_text(session, event, draft, facts, "you_said")


def ask_we_heard(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    text = _("What did you hear in that? One or two sentences, such as: it's the dark, not the bus.")
    text = f"{you_said_line(part, draft, _)}\n\n{text}"
    return _say_text_question(text, draft.outcome.original(part.we_heard), draft, facts)


def take_we_heard(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    return _take_text(session, event, draft, facts, "we_heard")


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
    text = "\n\n".join((you_said_line(part, draft, _), _("What comes of it?")))
    return Say(text, rows=((*choices[:2],), (*choices[2:],), navigation_row(draft, facts)), replaces=True)


def take_decision(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key in DECISIONS:
        return write_field(session, draft, "decision", event.key)
    return take_button(session, event, draft, "decision")


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
    return _say_text_question(text, draft.outcome.original(part.what), draft, facts)


def take_what(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    return _take_text(session, event, draft, facts, "what")


def ask_because(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    text = _("A “can't” needs its because. What would you say to someone who asked for it?")
    return _say_text_question(text, draft.outcome.original(part.because), draft, facts)


def take_because(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    if isinstance(event, Said) and event.text.strip() and says_nothing(event.text):
        return Turn(session, (Say(facts.words(SAYS_NOTHING)),))
    return _take_text(session, event, draft, facts, "because")


def ask_owner(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    text = _("Who will do it? A team or a post that people can ask, such as: Highways.")
    return _say_text_question(text, draft.outcome.original(part.owner), draft, facts)


def take_owner(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    return _take_text(session, event, draft, facts, "owner")


def ask_due(session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    part = part_of(session, draft)
    text = _("By when? Choose, or write a day, such as: 31 March.")
    choices = tuple(Choice(f"months:{n}", _.many("In {n} month", "In {n} months", n)) for n in _MONTHS)
    return say_question(text, _.long_date(part.due) if part.due else "", draft, facts, (choices,))


def take_due(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    today = facts.today
    match event:
        case Chose(_, key) if key.removeprefix("months:") in map(str, _MONTHS):
            day = months_on(today, int(key.removeprefix("months:")))
            return write_field(session, draft, "due", day)
        case Said(text):
            named = day_in(text, facts.now, facts.words)
            if isinstance(named, str):
                return Turn(session, (Say(facts.words(named)),))
            asked = ask_year(session, event, named, facts)
            return asked or write_field(session, draft, "due", named)
    return take_button(session, event, draft, "due")


def months_on(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a shorter month."""
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


# --- shared ---------------------------------------------------------------------------------------


def part_of(session: Session, draft: Draft) -> Part:
    return draft.outcome.part(session.number("part"))


def write_field(session: Session, draft: Draft, field: PartField, value: str | date) -> Turn:
    """Writes a field and goes to the next one; a text with doubtful figures or hard words is asked about first."""
    place, outcome = session.number("part"), draft.outcome
    new = {outcome.language: value} if field in PART_TEXTS else value
    part = replace(outcome.part(place), **{field: new})  # type: ignore[arg-type]
    after = goto_next_field(session, draft, part)
    if field in PART_TEXTS:
        spot = Spot(place, field)
        after = check_text(after, draft, str(value), spot, **part_notes(session, place))
    return Turn(after, effects=(WritePart(draft.subject, place, field, value),))


def take_button(session: Session, event: Event, draft: Draft, field: PartField) -> Turn | None:
    """Handles Keep it and Back."""
    part = part_of(session, draft)
    match event:
        case Chose(_, "keep") if getattr(part, field) not in (None, {}):
            return Turn(goto_next_field(session, draft, part))
        case Chose(_, "back"):
            return _go_back(session, part, draft, field)
    return None


def say_question(text: str, now: str, draft: Draft, facts: Facts, rows: tuple[Row, ...] = ()) -> Say:
    """A question answered by typing. `now` is the current value, which may be kept; "" for none."""
    _ = facts.words
    if now:
        text = f"{text}\n\n{_('It says now: {text}', text=now)}"
        rows = (*rows, (Choice("keep", _("Keep it")),))
    return Say(text, rows=(*rows, navigation_row(draft, facts)), expects="text", replaces=True)


def navigation_row(draft: Draft, facts: Facts) -> Row:
    _ = facts.words
    return (*back_row(_), *keep_row(_)) if draft.outcome.parts else home_row(_)


def you_said_line(part: Part, draft: Draft, _: Words) -> str:
    return _("You said: {what}", what=draft.outcome.original(part.you_said))


def too_long_text(text: str, most: int, _: Words) -> str:
    return _("That is {n} letters long. Say it in {most}, so that people read it.", n=len(text), most=most)


def language_line(draft: Draft, facts: Facts) -> str:
    """Names the language to write in, if the reader's own is another; else ""."""
    _ = facts.words
    if draft.outcome.language == _.language:
        return ""
    return _(
        "Write it in this language: {language}.", language=language_name(draft.outcome.language, _.language)
    )


def _say_text_question(text: str, now: str, draft: Draft, facts: Facts, rows: tuple[Row, ...] = ()) -> Say:
    """A question that takes text in the language of the outcome."""
    return say_question(
        "\n\n".join(filter(None, (text, language_line(draft, facts)))), now, draft, facts, rows
    )


def _take_text(session: Session, event: Event, draft: Draft, facts: Facts, field: PartField) -> Turn | None:
    if not isinstance(event, Said):
        return take_button(session, event, draft, field)
    text = " ".join(event.text.split())
    if len(text) > FIELD_MOST:
        return Turn(session, (Say(too_long_text(text, FIELD_MOST, facts.words)),))
    return write_field(session, draft, field, text) if text else None


def _go_back(session: Session, part: Part, draft: Draft, field: PartField) -> Turn | None:
    fields = fields_of(draft.outcome, part.decision)
    place = fields.index(field) if field in fields else 0
    if place:
        return Turn(goto_step(session, fields[place - 1], **part_notes(session, part.place)))
    if not draft.outcome.parts:
        return None
    return Turn(goto_step(session, "preview" if session.notes.get("back") else "more"))
