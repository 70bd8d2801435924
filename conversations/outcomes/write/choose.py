"""/outcome: choosing a consultation or issue, and starting or resuming its draft."""

from collections.abc import Iterator
from datetime import date

from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import (
    home_row,
    number_behind,
    numbered_rows,
    on_page,
    page_turned_to,
    typed_number,
)
from conversations.outcomes.outcome import Subject
from conversations.outcomes.wording import title_of
from conversations.outcomes.write.draft import AwaitingOutcome, CurrentDraft, Draft
from conversations.outcomes.write.navigation import (
    goto_step,
    numbered_parts,
    say_not_writable,
    take_not_writable,
)
from conversations.outcomes.write.rules import missing_field

# --- which one ------------------------------------------------------------------------------------


def open_outcome(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """/outcome lists what awaits its outcome; "/outcome 3" resumes the draft, "/outcome read 3" previews it."""
    words = asked.argument.split()
    read = words[:1] == ["read"]
    subject = subject_of_key(" ".join(words[1:] if read else words))
    if subject is None:
        return Turn(session.goto("outcome.choose"))
    return Turn(session.goto("outcome.preview" if read else "outcome.begin", **subject.note))


def subject_of_key(key: str) -> Subject | None:
    """The subject that a button's key names: "3" is a consultation, "issue 3" an issue; None for any other key."""
    issue = key.startswith("issue ")
    number = number_behind(key, "issue " if issue else "")
    return None if number is None else Subject("issue" if issue else "consultation", number)


def ask_choose(session: Session, facts: Facts) -> Say:
    _, drafts = facts.words, facts[AwaitingOutcome].drafts
    heading = _("You said, we did")
    if not drafts:
        return Say(
            _("Nothing is waiting for an answer just now."),
            heading=heading,
            rows=(home_row(_),),
            replaces=True,
        )
    page = session.notes.get("page")
    shown = [
        f"{n + 1}. {title_of(drafts[n].about, _)}. {' '.join(_line(drafts[n], facts))}"
        for n in on_page(page, len(drafts))
    ]
    rows = numbered_rows([draft.subject.key for draft in drafts], page, _)
    text = "\n".join((_("Which one do you want to answer?"), *shown))
    return Say(text, heading=heading, rows=(*rows, home_row(_)), replaces=True)


def take_choose(session: Session, event: Event, facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    subjects = [draft.subject for draft in facts[AwaitingOutcome].drafts]
    number = typed_number(event)
    if number and number <= len(subjects):
        return Turn(session.goto("outcome.begin", **subjects[number - 1].note))
    chosen = subject_of_key(event.key) if isinstance(event, Chose) else None
    return Turn(session.goto("outcome.begin", **chosen.note)) if chosen in subjects and chosen else None


def _line(draft: Draft, facts: Facts) -> Iterator[str]:
    _ = facts.words
    if draft.subject.kind == "issue":
        yield _("One young person raised it. Everybody reads the answer: write so that nobody can tell who.")
    elif draft.people:
        yield _.many("{n} person took part.", "{n} people took part.", draft.people)
    else:
        yield _("Nobody has taken part yet.")
    if draft.about.reply_by:
        today = facts.today
        yield due_sentence(draft.about.reply_by, today, _)
    if draft.publish_at:
        yield _("The answer goes out on {when}.", when=_.date_time(draft.publish_at))
    elif draft.approval and draft.approval.state == "asked":
        yield _("The answer waits for a second yes.")
    elif draft.outcome.parts:
        yield _("An answer has been started.")


def due_sentence(by: date, today: date, _: Words) -> str:
    """The promised day, and the days left or overdue."""
    days = (by - today).days
    if days < 0:
        return _.many(
            "Promised by {date}, {n} day ago.",
            "Promised by {date}, {n} days ago.",
            -days,
            date=_.short_date(by),
        )
    if days == 0:
        return _("Promised for today.")
    return _.many(
        "Promised by {date}, {n} day left.", "Promised by {date}, {n} days left.", days, date=_.short_date(by)
    )


# --- starting or resuming the draft ---------------------------------------------------------------


def ask_begin(_session: Session, facts: Facts) -> Say:
    """Shows what the draft holds so far; a new one starts with its first finding."""
    _ = facts.words
    draft = facts[CurrentDraft].draft
    if draft is None or not draft.is_writable:
        return say_not_writable(draft, facts)
    text, title = " ".join(_line(draft, facts)), title_of(draft.about, _)
    if not draft.outcome.parts:
        words = _("In about a minute: what they said, what you heard in it, and what comes of it.")
        rows: tuple[Row, ...] = ((Choice("on", _("Begin")),), home_row(_))
        return Say(f"{text}\n\n{words}", heading=title, rows=rows, replaces=True)
    text = "\n".join((text, "", _("So far it is about this:"), *numbered_parts(draft)))
    return Say(text, heading=title, rows=((Choice("on", _("Go on")),), home_row(_)), replaces=True)


def take_begin(session: Session, event: Event, facts: Facts) -> Turn | None:
    draft = facts[CurrentDraft].draft
    if draft and draft.is_writable and isinstance(event, Chose) and event.key == "on":
        return Turn(goto_next_gap(session, draft))
    return take_not_writable(session, event, draft)


def goto_next_gap(session: Session, draft: Draft) -> Session:
    """The step for the next thing that the draft needs: a field, the decider, or the preview."""
    outcome = draft.outcome
    if not outcome.parts:
        return goto_step(session, "you_said", part=draft.new_place)
    for part in outcome.parts:
        field = missing_field(outcome, part)
        if field:
            return goto_step(session, field, part=part.place)
    return goto_step(session, "preview" if outcome.who else "more")
