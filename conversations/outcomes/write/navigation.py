"""What the steps of writing an outcome share: going to the next one, and refusing when it cannot be written."""

from collections.abc import Callable, Iterator
from datetime import datetime

from conversations.core.config import next_waking
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.pagination import home_row
from conversations.core.text import shorten
from conversations.outcomes.effects import CancelOutcome
from conversations.outcomes.outcome import Part, Spot, TextName, spots
from conversations.outcomes.wording import title_of
from conversations.outcomes.write.draft import CurrentDraft, Draft, subject_of
from conversations.outcomes.write.rules import missing_field

Ask = Callable[[Session, Facts], Say]
Take = Callable[[Session, Event, Facts], Turn | None]


def goto_step(session: Session, step: str, **notes: Note) -> Session:
    """Goes to another step about the same subject."""
    return session.goto(f"outcome.{step}", **subject_of(session).note, **notes)


def goto_next_field(session: Session, draft: Draft, part: Part) -> Session:
    """Goes to the next field that the part needs; once it is complete, to the list of parts or the preview."""
    field = missing_field(draft.outcome, part)
    if field:
        return goto_step(session, field, **part_notes(session, part.place))
    return goto_step(session, "preview" if session.notes.get("back") else "more")


def part_notes(session: Session, place: int) -> dict[str, Note]:
    """The notes that name a part, and keep whether the preview comes after it."""
    notes: dict[str, Note] = {"part": place}
    return {**notes, "back": True} if session.notes.get("back") else notes


def spot_of(session: Session) -> Spot:
    """The position of the text that the session's notes name."""
    place = session.notes.get("part")
    name: TextName = session.notes["field"]  # type: ignore[assignment]
    return Spot(place if isinstance(place, int) else None, name)


def goto_next_variant(session: Session, draft: Draft) -> Session:
    """Goes to the next text that lacks the variant being written; with the note `all`, to the next text. After the
    last, to the list of variants.
    """
    variant, every = str(session.notes["variant"]), bool(session.notes.get("all"))
    here = spot_of(session) if "field" in session.notes else None
    found = list(spots(draft.outcome))
    places = [spot for spot, _texts in found]
    later = found[places.index(here) + 1 :] if here in places else found
    for spot, texts in later:
        if every or not texts.get(variant):
            notes: dict[str, Note] = {"variant": variant, "field": spot.name, "part": spot.place}
            return goto_step(session, "word", **notes, **({"all": True} if every else {}))
    return goto_step(session, "words")


def ask_if_writable(ask: Callable[[Session, Draft, Facts], Say]) -> Ask:
    """Wraps a step's question: if the draft can no longer be written, it says why instead."""

    def ask_or_refuse(session: Session, facts: Facts) -> Say:
        draft = facts[CurrentDraft].draft
        return ask(session, draft, facts) if draft and draft.is_writable else say_not_writable(draft, facts)

    return ask_or_refuse


def take_if_writable(take: Callable[[Session, Event, Draft, Facts], Turn | None]) -> Take:
    """Wraps a step's `take`: if the draft can no longer be written, only what is left to do with it works."""

    def take_or_refuse(session: Session, event: Event, facts: Facts) -> Turn | None:
        draft = facts[CurrentDraft].draft
        if draft and draft.is_writable:
            return take(session, event, draft, facts)
        return take_not_writable(session, event, draft) or Turn(goto_step(session, "begin"))

    return take_or_refuse


def say_not_writable(draft: Draft | None, facts: Facts) -> Say:
    """Says why nothing can be written: it is gone, published, scheduled, or cannot be answered now."""
    _ = facts.words
    if draft is None:
        return Say(_("That consultation isn't there any more."), rows=(home_row(_),), replaces=True)
    title = title_of(draft.about, _)
    if draft.stage == "published":
        rows: tuple[Row, ...] = ((Choice(f"/changed {draft.outcome.id}", _("See it")),), home_row(_))
        return Say(_("The answer has gone out."), heading=title, rows=rows, replaces=True)
    if draft.stage == "scheduled" and draft.publish_at:
        text = " ".join(publication_lines(draft, draft.publish_at, facts))
        rows = ((Choice("time", _("Change the time")), Choice("back", _("Take it back"))), home_row(_))
        return Say(text, heading=title, rows=rows, replaces=True)
    return Say(_("This one can't be answered now."), heading=title, rows=(home_row(_),), replaces=True)


def take_not_writable(session: Session, event: Event, draft: Draft | None) -> Turn | None:
    """Handles the buttons of `say_not_writable`: reschedules a scheduled outcome, or takes it back."""
    match event:
        case Chose(_, "time") if draft and draft.stage == "scheduled":
            return Turn(goto_step(session, "time"))
        case Chose(_, "back") if draft and draft.stage == "scheduled":
            return Turn(goto_step(session, "preview"), effects=(CancelOutcome(draft.subject),))
    return None


def publication_lines(draft: Draft, at: datetime, facts: Facts) -> Iterator[str]:
    """When it is published, and when the messages follow if that is in quiet hours."""
    _ = facts.words
    yield _("The answer goes out on {when}.", when=_.date_time(at))
    if draft.zone and draft.zone != facts.rules.zone.key:
        yield _(
            "It was chosen by the clock of {then}. The team's clock is {now} since: the moment stays the same.",
            then=draft.zone,
            now=facts.rules.zone.key,
        )
    if draft.approval and draft.approval.state == "given":
        yield _("A colleague has said yes to it.")
    waking = next_waking(at, facts.rules)
    if waking > at:
        yield _("That is quiet time: the messages follow on {when}.", when=_.date_time(waking))
        yield _("On the web page it is there at once.")


def quiet_hours_lines(facts: Facts) -> Iterator[str]:
    """When messages sent now go out, if these are quiet hours."""
    _, waking = facts.words, next_waking(facts.now, facts.rules)
    if waking > facts.now:
        yield _("It is quiet time now: the messages leave on {when}.", when=_.date_time(waking))
        yield _("On the web page it is there at once.")


def numbered_parts(draft: Draft) -> list[str]:
    """The parts as a numbered list of their findings."""
    findings = (draft.outcome.original(part.you_said) for part in draft.outcome.parts)
    return [f"{n}. {shorten(finding)}" for n, finding in enumerate(findings, 1)]


def keep_row(_: Words) -> Row:
    return (Choice("/home", _("Keep as draft"), aside=True),)
