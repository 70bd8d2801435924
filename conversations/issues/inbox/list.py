"""Which one: what is new first, then what is to be answered soonest; all of it, or of one theme or area."""

from collections.abc import Iterator
from datetime import date

from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.pagination import (
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
from conversations.issues.issue import Issue, filed, filed_under, in_short
from conversations.team.rights import Rights


def open_inbox(session: Session, asked: Asked, facts: Facts) -> Turn:
    """/inbox, or /inbox 12 and /inbox wave 3 from the buttons of a message. A young reviewer sees counts."""
    if not facts.person.may(Rights.ANSWER_ISSUES):
        return Turn(session.goto("inbox.quarter"))
    if (number := number_behind(asked.argument)) is not None:
        return opened(session, number)
    wave = number_behind(asked.argument, "wave ")
    return Turn(session.goto("inbox.list") if wave is None else session.goto("inbox.list", wave=wave))


def opened(session: Session, number: int, **back: Note) -> Turn:
    """One issue; that it is read is noted."""
    return Turn(session.goto("inbox.one", issue=number, **back), effects=(ReadIssue(number),))


# --- the list -------------------------------------------------------------------------------------


def ask_list(session: Session, facts: Facts) -> Say:
    _, inbox = facts.words, facts[Inbox]
    page = session.notes.get("page")
    shown = zip(on_page(page, len(inbox.ids)), inbox.page, strict=True)
    lines = [*_only(inbox, _), *(f"{n + 1}. {_line(issue, inbox, facts)}" for n, issue in shown)]
    if not inbox.ids:
        lines.append(_("There is nothing here."))
    rows = numbered_rows([f"one:{number}" for number in inbox.ids], page, _)
    heading = _("What was raised before") if inbox.over else _("What young people raise")
    return Say(
        "\n".join(lines), heading=heading, rows=(*rows, *_ways(inbox, _)), replaces=True, ephemeral=True
    )


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    ids, page, number = facts[Inbox].ids, page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if number and number <= len(ids):
        return opened(session, ids[number - 1], **_which(session))
    match event:
        case Chose(_, "theme" | "area" | "counts" as step):
            return Turn(session.goto(f"inbox.{step}"))
        case Chose(_, "all"):
            return Turn(session.goto("inbox.list"))
        case Chose(_, "over"):
            return Turn(session.goto("inbox.list", over=True))
        case Chose(_, key) if (chosen := number_behind(key, "one:")) is not None:
            return opened(session, chosen, **_which(session))
    return None


def back_to_list(session: Session) -> Turn:
    """To the list that an issue was opened from."""
    return Turn(session.goto("inbox.list", **_which(session)))


def _which(session: Session) -> dict[str, Note]:
    """Which list it is: that goes with somebody through an issue and back."""
    return {
        name: note
        for name, note in session.notes.items()
        if name in {"theme", "area", "wave", "over", "page"}
    }


def _line(issue: Issue, inbox: Inbox, facts: Facts) -> str:
    _, today = facts.words, facts.today
    parts = []
    if issue.unread and issue.waits:
        parts.append(_("They wrote back.") if issue.id in inbox.spoken else _("New."))
    parts += [f"{filed(issue, _)}:", f"{in_short(issue, _)}.", *answer_by(issue, today, _)]
    return " ".join(parts)


def answer_by(issue: Issue, today: date, _: Words) -> Iterator[str]:
    """By when it is to be answered, or what became of it."""
    by = issue.reply_by
    if not issue.waits or by is None:
        yield what_became(issue, _)
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


def what_became(issue: Issue, _: Words) -> str:
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


def _only(inbox: Inbox, _: Words) -> Iterator[str]:
    if inbox.theme is not None:
        yield _("Only these: {which}", which=filed_under(inbox.theme, inbox.area or "", _))
    elif inbox.area is not None:
        yield _("Only these: {which}", which=inbox.area or _("no area said"))


def _ways(inbox: Inbox, _: Words) -> Iterator[Row]:
    if inbox.over or inbox.theme is not None or inbox.area is not None:
        yield (Choice("all", _("All that wait")),)
    elif len(inbox.ids) > 1:
        yield (Choice("theme", _("By theme")), Choice("area", _("By area")))
    before = () if inbox.over else (Choice("over", _("Those before")),)
    yield (Choice("counts", _("In numbers")), *before)
    yield (Choice("/home", _("Home"), aside=True),)


# --- only some of them ----------------------------------------------------------------------------


def ask_theme(_session: Session, facts: Facts) -> Say:
    _, themes = facts.words, facts[Filters].themes
    names = theme_names(_)
    rows = [(Choice(key, names.get(key, key)),) for key in themes]
    lines = [f"· {names.get(key, key)}: {n}" for key, n in themes.items()]
    return Say("\n".join(lines), heading=_("Which theme?"), rows=(*rows, _back(_)), replaces=True)


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
    return Say("\n".join(lines), heading=_("Which area?"), rows=(*rows, _back(_)), replaces=True)


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


def _back(_: Words) -> Row:
    return (Choice("back", _("Back"), aside=True),)
