"""One piece of good news: its state, its heading and area, its audience, and the actions on it."""

from collections.abc import Iterator

from conversations.consultations.manage.import_summary import for_ages
from conversations.consultations.manage.publish import audience_line, bands_offered
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    in_rows,
    number_behind,
    on_page,
    page_rows,
    page_turned_to,
    typed_number,
)
from conversations.core.person import BANDS
from conversations.core.themes import THEMES, theme_names
from conversations.issues.issue import heading_and_area
from conversations.news.article import CurrentNews, NewsAudience, Piece, title_and_text
from conversations.news.effects import CancelNews, DropNews, FileNews, SetNewsAudience
from conversations.news.missed import missed_line
from conversations.news.write import say_gone, variant_lines
from conversations.people.names import band_names
from conversations.team.facts import TeamRules


def ask_one(_session: Session, facts: Facts) -> Say:
    _, piece = facts.words, facts[CurrentNews].piece
    if piece is None:
        return say_gone(_)
    text = "\n".join(f"· {line}" for line in _detail_lines(piece, facts))
    ways = (Choice("/news", _("All good news"), aside=True), Choice("/home", _("Home"), aside=True))
    return Say(text, heading=title_and_text(piece, _)[0], rows=(*_rows(piece, _), ways), replaces=True)


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    piece = facts[CurrentNews].piece
    if piece is None or not isinstance(event, Chose):
        return None
    here = session.goto("news.one", news=piece.id)
    match event.key:
        case "title" | "text" as field if piece.state == "draft":
            return Turn(session.goto(f"news.{field}", news=piece.id, variant=piece.language))
        case "variants" | "theme" | "audience" as step if piece.state == "draft":
            return Turn(session.goto(f"news.{step}", news=piece.id))
        case "preview" | "drop" as step:
            return Turn(session.goto(f"news.{step}", news=piece.id))
        case "send" | "when" as step if piece.state == "draft":
            if not piece.is_complete:
                return Turn(here, (Say(facts.words("The text is still missing. Write it first.")),))
            return Turn(session.goto(f"news.{step}", news=piece.id))
        case "cancel" if piece.state == "scheduled":
            return Turn(here, effects=(CancelNews(piece.id),))
    return None


def _detail_lines(piece: Piece, facts: Facts) -> Iterator[str]:
    _ = facts.words
    if piece.state == "scheduled" and piece.goes_at:
        yield _("It goes out on {moment}.", moment=_.date_time(piece.goes_at))
    elif piece.sent_at:
        yield _("It went out on {moment}.", moment=_.date_time(piece.sent_at))
    else:
        yield _("A draft: nobody has seen it yet.")
        if piece.goes_at:
            yield missed_line(piece.goes_at, _)
    yield from variant_lines(piece, facts)
    if piece.theme or piece.area:
        yield _("Filed under: {what}", what=_filing(piece, _))
    yield for_ages(piece.bands, _)
    if not piece.sent_at:
        yield audience_line(facts[NewsAudience].people, _)


def _filing(piece: Piece, _: Words) -> str:
    return heading_and_area(piece.theme, piece.area or "", _) if piece.theme else piece.area or ""


def _rows(piece: Piece, _: Words) -> tuple[Row, ...]:
    preview, drop = Choice("preview", _("Preview")), Choice("drop", _("Delete it"))
    if piece.state == "sent":
        return ((preview, drop),)
    if piece.state == "scheduled":
        return (preview,), (Choice("cancel", _("Back to a draft")),)
    return (
        (Choice("title", _("Title")), Choice("text", _("Text"))),
        (Choice("variants", _("Languages and versions")), preview),
        (Choice("theme", _("What it is about")), Choice("audience", _("Who is it for?"))),
        (Choice("send", _("Send now")), Choice("when", _("Choose a time"))),
        (Choice("/news", _("Keep as draft")), drop),
    )


# --- heading and area -----------------------------------------------------------------------------


def ask_theme(_session: Session, facts: Facts) -> Say:
    _, piece = facts.words, facts[CurrentNews].piece
    if piece is None:
        return say_gone(_)
    names = theme_names(_)
    rows = in_rows([Choice(key, names[key], ticked=key == piece.theme) for key in THEMES], 2)
    none = Choice("none", _("None of these"), ticked=piece.theme is None)
    return Say("", heading=_("What is it about?"), rows=(*rows, (none,), back_row(_)), replaces=True)


def take_theme(session: Session, event: Event, facts: Facts) -> Turn | None:
    piece = facts[CurrentNews].piece
    if piece is None or not isinstance(event, Chose):
        return None
    onward = session.goto("news.area" if facts[TeamRules].areas else "news.one", news=piece.id)
    match event.key:
        case "back":
            return Turn(session.goto("news.one", news=piece.id))
        case "none":
            return Turn(onward, effects=(FileNews(piece.id, None, piece.area),))
        case key if key in THEMES:
            return Turn(onward, effects=(FileNews(piece.id, key, piece.area),))
    return None


def ask_area(session: Session, facts: Facts) -> Say:
    _, areas, page = facts.words, facts[TeamRules].areas, session.notes.get("page")
    if facts[CurrentNews].piece is None:
        return say_gone(_)
    lines = [f"{n + 1}. {areas[n]}" for n in on_page(page, len(areas))]
    rows = page_rows([f"area:{n}" for n in range(len(areas))], areas, page, _)
    none: Row = (Choice("none", _("The whole place")),)
    return Say("\n".join(lines), heading=_("Where?"), rows=(*rows, none, back_row(_)), replaces=True)


def take_area(session: Session, event: Event, facts: Facts) -> Turn | None:
    piece, areas = facts[CurrentNews].piece, facts[TeamRules].areas
    page, number = page_turned_to(event), typed_number(event)
    if piece is None:
        return None
    if page is not None:
        return Turn(session.with_notes(page=page))
    one, place = session.goto("news.one", news=piece.id), number - 1 if number else None
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("news.theme", news=piece.id))
        case Chose(_, "none"):
            return Turn(one, effects=(FileNews(piece.id, piece.theme, None),))
        case Chose(_, key):
            place = number_behind(key, "area:")
    if place is None or place >= len(areas):
        return None
    return Turn(one, effects=(FileNews(piece.id, piece.theme, areas[place]),))


# --- audience -------------------------------------------------------------------------------------


def ask_audience(_session: Session, facts: Facts) -> Say:
    _, piece = facts.words, facts[CurrentNews].piece
    if piece is None:
        return say_gone(_)
    names = band_names(_)
    bands = [Choice(band, names[band], ticked=band in piece.bands) for band in bands_offered(facts.rules)]
    rows = (
        (Choice("everybody", _("Everybody"), ticked=not piece.bands),),
        *in_rows(bands, 2),
        (Choice("done", _("Done")),),
    )
    text = "\n".join((for_ages(piece.bands, _), audience_line(facts[NewsAudience].people, _)))
    return Say(text, heading=_("Who is it for?"), rows=rows, replaces=True)


def take_audience(session: Session, event: Event, facts: Facts) -> Turn | None:
    piece = facts[CurrentNews].piece
    if piece is None or not isinstance(event, Chose):
        return None
    if event.key == "done":
        return Turn(session.goto("news.one", news=piece.id))
    if event.key == "everybody":
        return Turn(session, effects=(SetNewsAudience(piece.id, ()),))
    if event.key not in bands_offered(facts.rules):
        return None
    chosen = {*piece.bands} ^ {event.key}
    bands = tuple(band for band in BANDS if band in chosen)
    return Turn(session, effects=(SetNewsAudience(piece.id, bands),))


# --- deleting it ----------------------------------------------------------------------------------


def ask_drop(_session: Session, facts: Facts) -> Say:
    _, piece = facts.words, facts[CurrentNews].piece
    if piece is None:
        return say_gone(_)
    if piece.state == "sent":
        text = _("It goes from the list under /changed. Messages that have arrived stay where they are.")
    else:
        text = _("Nobody has seen it.")
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, delete it")), Choice("back", _("No, go back"))),)
    heading = _("Delete “{title}”?", title=title_and_text(piece, _)[0])
    return Say(text, heading=heading, rows=rows, replaces=True)


def take_drop(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, piece = facts.words, facts[CurrentNews].piece
    match event:
        case Chose(_visit, "yes") if piece:
            return Turn(session.goto("news.all"), (Say(_("It is deleted.")),), (DropNews(piece.id),))
        case Chose(_visit, "back"):
            return Turn(session.goto("news.one", news=session.number("news")))
    return None
