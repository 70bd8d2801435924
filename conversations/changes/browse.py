"""/changed: published outcomes, next to the reader's own answers."""

from conversations.changes.facts import FilingCounts, HasNews, OneOutcome, PublishedOutcomes, chosen_filter
from conversations.changes.message import withdrawal_notice
from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import ChatLine, HelpLine, HomeButton
from conversations.core.messages import Choice, Link, Row, Say, Session
from conversations.core.pagination import (
    A_PAGE,
    back_row,
    in_rows,
    number_behind,
    numbered_rows,
    on_page,
    page_turned_to,
    typed_number,
)
from conversations.core.record import replace
from conversations.core.themes import theme_names
from conversations.outcomes.message import outcome_with_answers
from conversations.outcomes.outcome import Outcome
from conversations.outcomes.wording import title_of

# --- the list -------------------------------------------------------------------------------------


def open_changed(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """/changed lists what changed; "/changed 4" is one outcome, by its id."""
    number = number_behind(asked.argument)
    return Turn(
        session.goto("changed.list") if number is None else session.goto("changed.one", outcome=number)
    )


def ask_list(session: Session, facts: Facts) -> Say:
    _, changed = facts.words, facts[PublishedOutcomes]
    ways = _filter_rows(session, facts)
    good_news = facts[HasNews].any and not chosen_filter(session)
    news: tuple[Row, ...] = ((Choice("news", _("Good news")),),) if good_news else ()
    heading = _heading(session, facts)
    if not changed.count:
        text = _("Nothing yet. When the people who decide have answered, you'll find it here.")
        return Say(text, heading=heading, rows=(*news, *ways), replaces=True)
    page = session.notes.get("page")
    places = on_page(page, changed.count)
    lines = [
        f"{place + 1}. {_line(outcome, place < changed.mine, facts)}"
        for place, outcome in zip(places, changed.page, strict=True)
    ]
    rows = numbered_rows(_keys(session, changed), page, _)
    return Say("\n".join(lines), heading=heading, rows=(*news, *rows, *ways), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    changed, page, number = facts[PublishedOutcomes], page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if number and number <= changed.count:
        key = _keys(session, changed)[number - 1]
        return _goto_outcome(session, key) if key else Turn(session.with_notes(page=(number - 1) // A_PAGE))
    match event:
        case Chose(_, "themes" | "areas" as which):
            return Turn(session.goto(f"changed.{which}"))
        case Chose(_, "news"):
            return Turn(session.goto("news.list"))
        case Chose(_, "all"):
            return Turn(session.goto("changed.list"))
        case Chose(_, key) if key and key in _keys(session, changed):
            return _goto_outcome(session, key)
    return None


def _goto_outcome(session: Session, key: str) -> Turn:
    return Turn(session.goto("changed.one", **{**session.notes, "outcome": int(key)}))


def _keys(session: Session, changed: PublishedOutcomes) -> list[str]:
    """The key of each button in the whole list; empty on pages other than the current one."""
    keys = [""] * changed.count
    for place, outcome in zip(on_page(session.notes.get("page"), changed.count), changed.page, strict=True):
        keys[place] = str(outcome.id)
    return keys


def _filter_rows(session: Session, facts: Facts) -> tuple[Row, ...]:
    """Buttons to filter by heading or area, if anything is filed so, and to clear the filter."""
    _, filings = facts.words, facts[FilingCounts]
    row = [Choice("all", _("Everything"), aside=True)] if chosen_filter(session) else []
    row += [Choice("themes", _("By theme"), aside=True)] if filings.themes else []
    row += [Choice("areas", _("By area"), aside=True)] if filings.areas else []
    return (*((tuple(row),) if row else ()), (Choice("/home", _("Home"), aside=True),))


def _heading(session: Session, facts: Facts) -> str:
    _, narrowed = facts.words, chosen_filter(session)
    if narrowed is None:
        return _("What changed because of you")
    kind, name = narrowed
    return _("What changed: {what}", what=theme_names(_).get(name, name) if kind == "theme" else name)


def _line(outcome: Outcome, mine: bool, facts: Facts) -> str:
    _ = facts.words
    title = title_of(outcome.about, _)
    date = _.long_date(outcome.published) if outcome.published else ""
    if mine:
        return _("{title}, {date}. You took part.", title=title, date=date)
    return _("{title}, {date}.", title=title, date=date)


# --- by heading, by area --------------------------------------------------------------------------


def ask_themes(_session: Session, facts: Facts) -> Say:
    _, filings = facts.words, facts[FilingCounts]
    found = [(key, name) for key, name in theme_names(_).items() if key in filings.themes]
    lines = [f"· {name}: {filings.themes[key]}" for key, name in found]
    rows = in_rows([Choice(key, name) for key, name in found], 2)
    back: Row = back_row(_)
    return Say("\n".join(lines), heading=_("What is it about?"), rows=(*rows, back), replaces=True)


def take_themes(session: Session, event: Event, facts: Facts) -> Turn | None:
    if not isinstance(event, Chose):
        return None
    if event.key == "back":
        return Turn(session.goto("changed.list"))
    return (
        Turn(session.goto("changed.list", theme=event.key))
        if event.key in facts[FilingCounts].themes
        else None
    )


def ask_areas(session: Session, facts: Facts) -> Say:
    _, filings = facts.words, facts[FilingCounts]
    names, page = _areas(filings), session.notes.get("page")
    lines = [
        f"{place + 1}. {names[place]}: {filings.areas[names[place]]}" for place in on_page(page, len(names))
    ]
    rows = numbered_rows([f"area:{place}" for place in range(len(names))], page, _)
    back: Row = back_row(_)
    return Say("\n".join(lines), heading=_("Which area?"), rows=(*rows, back), replaces=True)


def take_areas(session: Session, event: Event, facts: Facts) -> Turn | None:
    names, page, number = _areas(facts[FilingCounts]), page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if isinstance(event, Chose) and event.key == "back":
        return Turn(session.goto("changed.list"))
    place = number_behind(event.key, "area:") if isinstance(event, Chose) else None
    if number:
        place = number - 1
    if place is None or place >= len(names):
        return None
    return Turn(session.goto("changed.list", area=names[place]))


def _areas(filings: FilingCounts) -> list[str]:
    return sorted(filings.areas, key=str.casefold)


# --- one outcome ----------------------------------------------------------------------------------


def ask_one(_session: Session, facts: Facts) -> Say:
    _, found = facts.words, facts[OneOutcome]
    home: Row = (Choice("/home", _("Home"), aside=True),)
    rows: tuple[Row, ...] = ((Choice("list", _("What else changed")),), home)
    if found.outcome is None:
        gone = withdrawal_notice(found, facts) or Say(_("That one isn't here any more."))
        return replace(gone, rows=rows, replaces=True)
    if facts.rules.is_reachable:
        page: Row = (Link(_("A page to share"), facts.rules.outcome_address(found.outcome.id)),)
        rows = (rows[0], page, home)
    return replace(outcome_with_answers(found.outcome, found.answers, facts), rows=rows, replaces=True)


def take_one(session: Session, event: Event, _facts: Facts) -> Turn | None:
    """Goes back to the page of the list that the outcome was opened from."""
    if isinstance(event, Chose) and event.key == "list":
        kept = {name: note for name, note in session.notes.items() if name != "outcome"}
        return Turn(session.goto("changed.list", **kept))
    return None


STEPS = (
    Step("changed.list", ask_list, take_list, needs=(PublishedOutcomes, FilingCounts, HasNews)),
    Step("changed.themes", ask_themes, take_themes, needs=(FilingCounts,)),
    Step("changed.areas", ask_areas, take_areas, needs=(FilingCounts,)),
    Step("changed.one", ask_one, take_one, needs=(OneOutcome,)),
)
COMMANDS = (
    Command(
        "changed",
        open_changed,
        label=N_("What changed"),
        address="/changed",
        page=50,
        chat=ChatLine(40, N_("What changed because of you")),
        help=(HelpLine(40, "joined", N_("· /changed: see what changed because of you.")),),
        home=(HomeButton(50, "joined"),),
    ),
)
