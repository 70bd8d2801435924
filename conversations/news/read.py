"""Reading good news: the message, and the list at /changed."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import number_behind, numbered_rows, on_page, page_turned_to, typed_number
from conversations.news.article import OneNews, Piece, SentNews, title_and_text
from conversations.team.corrections import correction_lines, withdrawal_line


def say_news(_session: Session, facts: Facts) -> Say | None:
    """The message with a piece of good news. A page that has shown it shows that it was withdrawn."""
    return news_say(facts[OneNews], facts)


def news_say(found: OneNews, facts: Facts) -> Say | None:
    """The message with a piece of good news, or with the notice in its place; None if there is neither."""
    _, piece, withdrawn = facts.words, found.piece, found.withdrawn
    if piece is None:
        return Say(withdrawal_line(withdrawn, _)) if withdrawn else None
    rows: tuple[Row, ...] = ((Choice("/settings", _("Fewer messages"), aside=True),),)
    return news_message(piece, facts, rows)


def news_message(piece: Piece, facts: Facts, rows: tuple[Row, ...]) -> Say:
    """A piece of good news as its reader sees it."""
    title, words = title_and_text(piece, facts.words)
    text = "\n\n".join((words, *correction_lines(piece.corrections, facts.words)))
    return Say(text, heading=facts.words("Good news: {title}", title=title), rows=rows)


def ask_list(session: Session, facts: Facts) -> Say:
    _, pieces, page = facts.words, facts[SentNews].pieces, session.notes.get("page")
    lines = [f"{n + 1}. {_line(pieces[n], facts)}" for n in on_page(page, len(pieces))]
    text = "\n".join(lines) or _("There is no good news just now.")
    rows = numbered_rows([f"one:{piece.id}" for piece in pieces], page, _)
    back = (Choice("/changed", _("What changed"), aside=True), Choice("/home", _("Home"), aside=True))
    return Say(text, heading=_("Good news"), rows=(*rows, back), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    pieces, page, number = facts[SentNews].pieces, page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if number and number <= len(pieces):
        return Turn(session.goto("news.read", news=pieces[number - 1].id))
    chosen = number_behind(event.key, "one:") if isinstance(event, Chose) else None
    return None if chosen is None else Turn(session.goto("news.read", news=chosen))


def ask_read(_session: Session, facts: Facts) -> Say:
    _, piece = facts.words, facts[OneNews].piece
    rows: tuple[Row, ...] = (
        (Choice("list", _("More good news")),),
        (Choice("/home", _("Home"), aside=True),),
    )
    withdrawn = facts[OneNews].withdrawn
    if piece is None:
        gone = withdrawal_line(withdrawn, _) if withdrawn else _("That one isn't here any more.")
        return Say(gone, rows=rows, replaces=True)
    said = news_message(piece, facts, rows)
    return Say(said.text, heading=said.heading, rows=rows, replaces=True)


def take_read(session: Session, event: Event, _facts: Facts) -> Turn | None:
    return Turn(session.goto("news.list")) if isinstance(event, Chose) and event.key == "list" else None


def _line(piece: Piece, facts: Facts) -> str:
    _ = facts.words
    date = _.long_date(piece.sent_at) if piece.sent_at else ""
    return _("{title}, {date}.", title=title_and_text(piece, _)[0], date=date)
