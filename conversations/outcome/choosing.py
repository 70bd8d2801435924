"""/outcome begins: which consultation gets its answer, and where its draft was left."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from conversations.effects import CancelOutcome
from conversations.engine import Turn
from conversations.events import Asked, Chose, Event
from conversations.facts import Facts
from conversations.outcome.draft import CurrentDraft, Draft, ToAnswer, missing, unfinished
from conversations.outcome_words import shortened
from conversations.pages import number_behind, numbered_rows, on_page, turned_to, typed_number
from conversations.rules import next_waking
from conversations.speech import Choice, Note, Row, Say, Session
from conversations.words import Words

Ask = Callable[[Session, Facts], Say]
Take = Callable[[Session, Event, Facts], Turn | None]


# --- which one ------------------------------------------------------------------------------------


def open_outcome(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """/outcome lists what waits for its answer; "/outcome 3" goes on with that one."""
    number = number_behind(asked.argument)
    return Turn(
        session.to("outcome.choose") if number is None else session.to("outcome.begin", consultation=number)
    )


def ask_choose(session: Session, facts: Facts) -> Say:
    _, drafts = facts.words, facts[ToAnswer].drafts
    home: Row = (Choice("/home", _("Home"), aside=True),)
    heading = _("You said, we did")
    if not drafts:
        return Say(
            _("Nothing is waiting for an answer just now."), heading=heading, rows=(home,), replaces=True
        )
    page = session.notes.get("page")
    shown = [
        f"{n + 1}. {drafts[n].about.title(_)}. {' '.join(_line(drafts[n], facts))}"
        for n in on_page(page, len(drafts))
    ]
    rows = numbered_rows([str(draft.about.id) for draft in drafts], page, _)
    text = "\n".join((_("Which one do you want to answer?"), *shown))
    return Say(text, heading=heading, rows=(*rows, home), replaces=True)


def take_choose(session: Session, event: Event, facts: Facts) -> Turn | None:
    page = turned_to(event)
    if page is not None:
        return Turn(session.noting(page=page))
    ids = [draft.about.id for draft in facts[ToAnswer].drafts]
    number = typed_number(event)
    if number and number <= len(ids):
        return Turn(session.to("outcome.begin", consultation=ids[number - 1]))
    if isinstance(event, Chose) and event.key in map(str, ids):
        return Turn(session.to("outcome.begin", consultation=int(event.key)))
    return None


def _line(draft: Draft, facts: Facts) -> Iterator[str]:
    _ = facts.words
    if draft.people:
        yield _.many("{n} person took part.", "{n} people took part.", draft.people)
    else:
        yield _("Nobody has taken part yet.")
    if draft.about.reply_by:
        today = facts.now.astimezone(facts.rules.zone).date()
        yield promised(draft.about.reply_by, today, _)
    if draft.publish_at:
        yield _("The answer goes out on {when}.", when=_.moment(draft.publish_at))
    elif draft.parts:
        yield _("An answer has been started.")


def promised(by: date, today: date, _: Words) -> str:
    """By when an answer was promised, and how long that is."""
    days = (by - today).days
    if days < 0:
        return _.many(
            "Promised by {date}, {n} day ago.", "Promised by {date}, {n} days ago.", -days, date=_.date(by)
        )
    if days == 0:
        return _("Promised for today.")
    return _.many(
        "Promised by {date}, {n} day left.", "Promised by {date}, {n} days left.", days, date=_.date(by)
    )


# --- where its draft was left ---------------------------------------------------------------------


def ask_begin(_session: Session, facts: Facts) -> Say:
    """What is there already; a new one begins with its first finding."""
    _ = facts.words
    draft = facts[CurrentDraft].draft
    if draft is None or draft.stage in {"scheduled", "published"} or not draft.writable:
        return over(draft, facts)
    text, title = " ".join(_line(draft, facts)), draft.about.title(_)
    if not draft.parts:
        words = _("In about a minute: what they said, what you heard in it, and what comes of it.")
        rows: tuple[Row, ...] = ((Choice("on", _("Begin")),), home(_))
        return Say(f"{text}\n\n{words}", heading=title, rows=rows, replaces=True)
    lines = [f"{n}. {shortened(part.you_said)}" for n, part in enumerate(draft.parts, 1)]
    text = "\n".join((text, "", _("So far it is about this:"), *lines))
    return Say(text, heading=title, rows=((Choice("on", _("Go on")),), home(_)), replaces=True)


def take_begin(session: Session, event: Event, facts: Facts) -> Turn | None:
    draft = facts[CurrentDraft].draft
    if draft is None:
        return None
    match event:
        case Chose(_, "on") if draft.writable:
            return Turn(where_left(session, draft))
        case Chose(_, "time") if draft.stage == "scheduled":
            return Turn(to(session, "time"))
        case Chose(_, "back") if draft.stage == "scheduled":
            return Turn(to(session, "preview"), effects=(CancelOutcome(draft.about.id),))
    return None


def where_left(session: Session, draft: Draft) -> Session:
    """The next thing that the draft needs: a field, who decided, or the look at the whole."""
    part = unfinished(draft)
    if part:
        return to(session, missing(part) or "you_said", part=part.place)
    if not draft.parts:
        return to(session, "you_said", part=draft.new_place)
    return to(session, "preview" if draft.who else "more")


# --- what every step of it shares -----------------------------------------------------------------


def to(session: Session, step: str, **notes: Note) -> Session:
    """Another step about the same consultation."""
    return session.to(f"outcome.{step}", consultation=session.number("consultation"), **notes)


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
        return take(session, event, draft, facts) if draft and draft.writable else Turn(to(session, "begin"))

    return taking


def over(draft: Draft | None, facts: Facts) -> Say:
    """Where nothing can be written: it is gone, has been answered, or has its time already."""
    _ = facts.words
    if draft is None:
        return Say(_("That consultation isn't there any more."), rows=(home(_),), replaces=True)
    title = draft.about.title(_)
    if draft.stage == "published":
        rows: tuple[Row, ...] = ((Choice(f"/changed {draft.id}", _("See it")),), home(_))
        return Say(_("The answer has gone out."), heading=title, rows=rows, replaces=True)
    if draft.stage == "scheduled" and draft.publish_at:
        text = " ".join(when_it_goes(draft.publish_at, facts))
        rows = ((Choice("time", _("Change the time")), Choice("back", _("Take it back"))), home(_))
        return Say(text, heading=title, rows=rows, replaces=True)
    return Say(_("This one can't be answered now."), heading=title, rows=(home(_),), replaces=True)


def when_it_goes(at: datetime, facts: Facts) -> Iterator[str]:
    """When it stands for everybody to read, and when the messages follow if that is in quiet hours."""
    _ = facts.words
    yield _("The answer goes out on {when}.", when=_.moment(at))
    waking = next_waking(at, facts.rules)
    if waking > at:
        yield _("That is quiet time: the messages follow on {when}.", when=_.moment(waking))


def home(_: Words) -> Row:
    return (Choice("/home", _("Home"), aside=True),)
