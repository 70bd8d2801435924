"""Sending good news: the preview for each reader, the time, and the confirmation with the recipient count."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from conversations.consultations.manage.import_summary import for_ages
from conversations.core.config import next_waking
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    number_behind,
    numbered_rows,
    on_page,
    page_turned_to,
    typed_number,
)
from conversations.core.typed.dates import moment_in
from conversations.core.typed.years import ask_year
from conversations.news.article import CurrentNews, NewsAudience, title_and_text, variants
from conversations.news.effects import SendNews
from conversations.news.read import news_message
from conversations.news.write import say_gone, variant_name

_HOURS = (time(9), time(16))


# --- preview --------------------------------------------------------------------------------------


def ask_preview(session: Session, facts: Facts) -> Say:
    _, page = facts.words, session.notes.get("page")
    if facts[CurrentNews].piece is None:
        return say_gone(_)
    names = [variant_name(variant, facts) for variant in variants(facts.rules.languages, facts.library)]
    lines = [f"{n + 1}. {names[n]}" for n in on_page(page, len(names))]
    rows = numbered_rows([f"as:{n}" for n in range(len(names))], page, _)
    text = "\n".join((_("Whose version do you want to see?"), *lines))
    return Say(text, heading=_("Preview"), rows=(*rows, back_row(_)), replaces=True)


def take_preview(session: Session, event: Event, facts: Facts) -> Turn | None:
    found, number, page = (
        variants(facts.rules.languages, facts.library),
        typed_number(event),
        page_turned_to(event),
    )
    if page is not None:
        return Turn(session.with_notes(page=page))
    place = number - 1 if number else None
    match event:
        case Chose(_, "back"):
            return _back_to_detail(session)
        case Chose(_, key):
            place = number_behind(key, "as:")
    if place is None or place >= len(found):
        return None
    language, _dash, version = found[place].partition("-")
    notes: dict[str, Note] = {"news": session.number("news"), "language": language}
    return Turn(session.goto("news.shown", **notes, version=version or "normal"))


def ask_shown(_session: Session, facts: Facts) -> Say:
    """Shows the message as its reader gets it, with a button back to the preview."""
    _, piece = facts.words, facts[CurrentNews].piece
    return news_message(piece, facts, (back_row(_),)) if piece else say_gone(_)


def take_shown(session: Session, event: Event, _facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key == "back":
        return Turn(session.goto("news.preview", news=session.number("news")))
    return None


# --- when -----------------------------------------------------------------------------------------


def ask_when(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    if facts[CurrentNews].piece is None:
        return say_gone(_)
    rows = tuple((Choice(f"at:{int(at.timestamp())}", _.date_time(at)),) for at in _times(facts))
    text = _("Choose a time, or write one: 20 December 16:00.")
    heading = _("When does it go out?")
    return Say(text, heading=heading, rows=(*rows, back_row(_)), expects="text", replaces=True)


def take_when(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, "back"):
            return _back_to_detail(session)
        case Chose(_visit, key) if (seconds := number_behind(key, "at:")) is not None:
            return Turn(session.goto("news.send", news=session.number("news"), at=seconds))
        case Said(text):
            at = moment_in(text, facts.now, _)
            if isinstance(at, str):
                return Turn(session, (Say(_(at)),))
            asked = ask_year(session, event, at, facts)
            return asked or Turn(
                session.goto("news.send", news=session.number("news"), at=int(at.timestamp()))
            )
    return None


def _times(facts: Facts) -> list[datetime]:
    """Tomorrow morning and tomorrow after school, in UTC."""
    zone = facts.rules.zone
    tomorrow = facts.today + timedelta(days=1)
    return [datetime.combine(tomorrow, clock, zone).astimezone(UTC) for clock in _HOURS]


# --- confirmation ---------------------------------------------------------------------------------


def ask_send(session: Session, facts: Facts) -> Say:
    _, piece, at = facts.words, facts[CurrentNews].piece, _moment(session)
    if piece is None:
        return say_gone(_)
    title = title_and_text(piece, _)[0]
    if at:
        heading = _("Send “{title}” on {moment}?", title=title, moment=_.date_time(at))
    else:
        heading = _("Send “{title}” now?", title=title)
    lines = (
        *_recipient_lines(facts[NewsAudience].people, _),
        for_ages(piece.bands, _),
        *_quiet_hours_lines(at, facts),
    )
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, send it")), Choice("back", _("No, go back"))),)
    return Say("\n".join(f"· {line}" for line in lines), heading=heading, rows=rows, replaces=True)


def take_send(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, number, at = facts.words, session.number("news"), _moment(session)
    match event:
        case Chose(_visit, "back"):
            return _back_to_detail(session)
        case Chose(_visit, "yes"):
            goes = at or next_waking(facts.now, facts.rules)
            if goes > facts.now:
                said = _(
                    "Done. It goes out on {moment}. You can take it back until then.",
                    moment=_.date_time(goes),
                )
            else:
                said = _("It is going out now, and I'll show you how far it has got.")
            return Turn(session.goto("news.one", news=number), (Say(said),), (SendNews(number, at),))
    return None


def _recipient_lines(people: int, _: Words) -> Iterator[str]:
    if people:
        yield _.many("It goes to {n} person.", "It goes to {n} people.", people)
        yield _("It stands under /changed then, too.")
    else:
        yield _("Nobody can be reached now. It stands under /changed all the same.")


def _quiet_hours_lines(at: datetime | None, facts: Facts) -> Iterator[str]:
    """When messages go out if that is in quiet hours; and, if it is scheduled, that the count may change."""
    _ = facts.words
    waking = next_waking(at or facts.now, facts.rules)
    if waking > (at or facts.now):
        yield _("That is quiet time: the messages leave on {when}.", when=_.date_time(waking))
        yield _("On the web page it is there at once.")
    if at:
        yield _("I count again when it goes out.")


def _moment(session: Session) -> datetime | None:
    seconds = session.notes.get("at")
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def _back_to_detail(session: Session) -> Turn:
    return Turn(session.goto("news.one", news=session.number("news")))
