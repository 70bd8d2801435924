"""The list of issues: new ones first, then by promised day; all of them, or filtered by theme or area."""

from collections.abc import Iterator
from datetime import date

from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    number_behind,
    numbered_rows,
    on_page,
    page_rows,
    page_turned_to,
    typed_number,
)
from conversations.core.themes import theme_names
from conversations.issues.effects import ReadIssue
from conversations.issues.facts import Filters, Inbox
from conversations.issues.issue import Issue, filed_heading, heading_and_area, summary
from conversations.team.rights import Rights


def open_inbox(session: Session, asked: Asked, facts: Facts) -> Turn:
    """/inbox; "/inbox 12" and "/inbox wave 3" come from buttons. A young reviewer gets the quarterly report."""
    if not facts.person.may(Rights.ANSWER_ISSUES):
        return Turn(session.goto("inbox.quarter"))
    if (number := number_behind(asked.argument)) is not None:
        return open_issue(session, number)
    wave = number_behind(asked.argument, "wave ")
    return Turn(session.goto("inbox.list") if wave is None else session.goto("inbox.list", wave=wave))


def open_issue(session: Session, number: int, **back: Note) -> Turn:
    """Opens one issue, and logs that it was read. `back` are the notes of the list to return to."""
    return Turn(session.goto("inbox.one", issue=number, **back), effects=(ReadIssue(number),))


# --- the list -------------------------------------------------------------------------------------


def ask_list(session: Session, facts: Facts) -> Say:
    _, inbox = facts.words, facts[Inbox]
    page = session.notes.get("page")
    shown = zip(on_page(page, len(inbox.ids)), inbox.page, strict=True)
    lines = [*_filter_line(inbox, _), *(f"{n + 1}. {_line(issue, inbox, facts)}" for n, issue in shown)]
    if not inbox.ids:
        lines.append(_("There is nothing here."))
    rows = numbered_rows([f"one:{number}" for number in inbox.ids], page, _)
    heading = _("What was raised before") if inbox.over else _("What young people raise")
    return Say(
        "\n".join(lines),
        heading=heading,
        rows=(*rows, *_filter_rows(inbox, _)),
        replaces=True,
        ephemeral=True,
    )


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    ids, page, number = facts[Inbox].ids, page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if number and number <= len(ids):
        return open_issue(session, ids[number - 1], **_list_notes(session))
    match event:
        case Chose(_, "theme" | "area" | "counts" as step):
            return Turn(session.goto(f"inbox.{step}"))
        case Chose(_, "all"):
            return Turn(session.goto("inbox.list"))
        case Chose(_, "over"):
            return Turn(session.goto("inbox.list", over=True))
        case Chose(_, key) if (chosen := number_behind(key, "one:")) is not None:
            return open_issue(session, chosen, **_list_notes(session))
    return None


def back_to_list(session: Session) -> Turn:
    """Goes back to the list that an issue was opened from."""
    return Turn(session.goto("inbox.list", **_list_notes(session)))


def _list_notes(session: Session) -> dict[str, Note]:
    """The notes that name a list, so that an issue can lead back to it."""
    return {
        name: note
        for name, note in session.notes.items()
        if name in {"theme", "area", "wave", "over", "page"}
    }


def _line(issue: Issue, inbox: Inbox, facts: Facts) -> str:
    _, today = facts.words, facts.today
    parts = []
    if issue.unread and issue.is_waiting:
        parts.append(_("They wrote back.") if issue.id in inbox.spoken else _("New."))
    parts += [f"{filed_heading(issue, _)}:", f"{summary(issue, _)}.", *due_sentences(issue, today, _)]
    return " ".join(parts)


def due_sentences(issue: Issue, today: date, _: Words) -> Iterator[str]:
    """When the answer is due; for an issue that no longer waits, its result."""
    by = issue.reply_by
    if not issue.is_waiting or by is None:
        yield result_sentence(issue, _)
        return
    if issue.state == "asked":
        yield _("They were asked something.")
    days = (by - today).days
    if days < 0:
        yield _.many("The answer is {n} day late.", "The answer is {n} days late.", -days)
    elif days == 0:
        yield _("To be answered today.")
    else:
        yield _.many(
            "Answer by {date}, {n} day left.", "Answer by {date}, {n} days left.", days, date=_.short_date(by)
        )


def result_sentence(issue: Issue, _: Words) -> str:
    match issue.state:
        case "merged" if issue.about:
            return _("Part of “{title}”.", title=issue.about.title(_))
        case "closed":
            return _("Closed with a reason.")
        case "done":
            return _("They need no answer any more.")
        case "lapsed":
            return _("Its words were deleted before anybody answered.")
    return _("It was answered.")


def _filter_line(inbox: Inbox, _: Words) -> Iterator[str]:
    if inbox.theme is not None:
        yield _("Only these: {which}", which=heading_and_area(inbox.theme, inbox.area or "", _))
    elif inbox.area is not None:
        yield _("Only these: {which}", which=inbox.area or _("no area said"))


def _filter_rows(inbox: Inbox, _: Words) -> Iterator[Row]:
    if inbox.over or inbox.theme is not None or inbox.area is not None:
        yield (Choice("all", _("All that wait")),)
    elif len(inbox.ids) > 1:
        yield (Choice("theme", _("By theme")), Choice("area", _("By area")))
    before = () if inbox.over else (Choice("over", _("Those before")),)
    yield (Choice("counts", _("In numbers")), *before)
    yield (Choice("/home", _("Home"), aside=True),)


# --- filters --------------------------------------------------------------------------------------


def ask_theme(_session: Session, facts: Facts) -> Say:
    _, themes = facts.words, facts[Filters].themes
    names = theme_names(_)
    rows = [(Choice(key, names.get(key, key)),) for key in themes]
    lines = [f"· {names.get(key, key)}: {n}" for key, n in themes.items()]
    return Say("\n".join(lines), heading=_("Which theme?"), rows=(*rows, back_row(_)), replaces=True)


def take_theme(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("inbox.list"))
        case Chose(_, key) if key in facts[Filters].themes:
            return Turn(session.goto("inbox.list", theme=key))
    return None


def ask_area(session: Session, facts: Facts) -> Say:
    _, areas = facts.words, facts[Filters].areas
    page, names = session.notes.get("page"), [name or _("no area said") for name in areas]
    counts = list(areas.values())
    lines = [f"{n + 1}. {names[n]}: {counts[n]}" for n in on_page(page, len(names))]
    rows = page_rows([f"area:{n}" for n in range(len(names))], names, page, _)
    return Say("\n".join(lines), heading=_("Which area?"), rows=(*rows, back_row(_)), replaces=True)


def take_area(session: Session, event: Event, facts: Facts) -> Turn | None:
    areas, page, number = list(facts[Filters].areas), page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if number and number <= len(areas):
        return Turn(session.goto("inbox.list", area=areas[number - 1]))
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("inbox.list"))
        case Chose(_, key) if (place := number_behind(key, "area:")) is not None and place < len(areas):
            return Turn(session.goto("inbox.list", area=areas[place]))
    return None
