"""Going from step to step of an outcome: what every one of its steps shares."""

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
from conversations.outcomes.write.rules import missing

Ask = Callable[[Session, Facts], Say]
Take = Callable[[Session, Event, Facts], Turn | None]


def to(session: Session, step: str, **notes: Note) -> Session:
    """Another step about the same subject."""
    return session.goto(f"outcome.{step}", **subject_of(session).note, **notes)


def onward(session: Session, draft: Draft, part: Part) -> Session:
    """The next field that this part needs; when it is whole, the list of parts, or the look at the whole."""
    field = missing(draft.outcome, part)
    if field:
        return to(session, field, **noted(session, part.place))
    return to(session, "preview" if session.notes.get("back") else "more")


def noted(session: Session, place: int) -> dict[str, Note]:
    """Which part it is, and whether the look at the whole comes after it."""
    notes: dict[str, Note] = {"part": place}
    return {**notes, "back": True} if session.notes.get("back") else notes


def spot_of(session: Session) -> Spot:
    """The text that the session's notes name."""
    place = session.notes.get("part")
    name: TextName = session.notes["field"]  # type: ignore[assignment]
    return Spot(place if isinstance(place, int) else None, name)


def next_word(session: Session, draft: Draft) -> Session:
    """The next text that lacks the variant that is being written; with the note `all`, simply the next. After the
    last, the list of variants.
    """
    variant, every = str(session.notes["variant"]), bool(session.notes.get("all"))
    here = spot_of(session) if "field" in session.notes else None
    found = list(spots(draft.outcome))
    places = [spot for spot, _texts in found]
    later = found[places.index(here) + 1 :] if here in places else found
    for spot, texts in later:
        if every or not texts.get(variant):
            notes: dict[str, Note] = {"variant": variant, "field": spot.name, "part": spot.place}
            return to(session, "word", **notes, **({"all": True} if every else {}))
    return to(session, "words")


def writing(ask: Callable[[Session, Draft, Facts], Say]) -> Ask:
    """A step that asks only while the draft may be written; else it says what has happened to it."""

    def asking(session: Session, facts: Facts) -> Say:
        draft = facts[CurrentDraft].draft
        return ask(session, draft, facts) if draft and draft.writable else over(draft, facts)

    return asking


def written(take: Callable[[Session, Event, Draft, Facts], Turn | None]) -> Take:
    """What an answer leads to, while the draft may be written; else the question says what has happened."""

    def taking(session: Session, event: Event, facts: Facts) -> Turn | None:
        draft = facts[CurrentDraft].draft
        if draft and draft.writable:
            return take(session, event, draft, facts)
        return take_over(session, event, draft) or Turn(to(session, "begin"))

    return taking


def over(draft: Draft | None, facts: Facts) -> Say:
    """Where nothing can be written: it is gone, has been answered, or has its time already."""
    _ = facts.words
    if draft is None:
        return Say(_("That consultation isn't there any more."), rows=(home_row(_),), replaces=True)
    title = title_of(draft.about, _)
    if draft.stage == "published":
        rows: tuple[Row, ...] = ((Choice(f"/changed {draft.outcome.id}", _("See it")),), home_row(_))
        return Say(_("The answer has gone out."), heading=title, rows=rows, replaces=True)
    if draft.stage == "scheduled" and draft.publish_at:
        text = " ".join(when_it_goes(draft, draft.publish_at, facts))
        rows = ((Choice("time", _("Change the time")), Choice("back", _("Take it back"))), home_row(_))
        return Say(text, heading=title, rows=rows, replaces=True)
    return Say(_("This one can't be answered now."), heading=title, rows=(home_row(_),), replaces=True)


def take_over(session: Session, event: Event, draft: Draft | None) -> Turn | None:
    """What can be done where nothing can be written: one that has its time gets another, or is taken back."""
    match event:
        case Chose(_, "time") if draft and draft.stage == "scheduled":
            return Turn(to(session, "time"))
        case Chose(_, "back") if draft and draft.stage == "scheduled":
            return Turn(to(session, "preview"), effects=(CancelOutcome(draft.subject),))
    return None


def when_it_goes(draft: Draft, at: datetime, facts: Facts) -> Iterator[str]:
    """When it stands for everybody to read, and when the messages follow if that is in quiet hours."""
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


def quiet_now(facts: Facts) -> Iterator[str]:
    """What quiet hours mean for what is sent now."""
    _, waking = facts.words, next_waking(facts.now, facts.rules)
    if waking > facts.now:
        yield _("It is quiet time now: the messages leave on {when}.", when=_.date_time(waking))
        yield _("On the web page it is there at once.")


def listed(draft: Draft) -> list[str]:
    """The parts by their findings, numbered."""
    findings = (draft.outcome.original(part.you_said) for part in draft.outcome.parts)
    return [f"{n}. {shorten(finding)}" for n, finding in enumerate(findings, 1)]


def keep(_: Words) -> Row:
    return (Choice("/home", _("Keep as draft"), aside=True),)


def back(_: Words) -> Row:
    return (Choice("back", _("Back"), aside=True),)
