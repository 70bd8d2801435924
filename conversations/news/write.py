"""/news: the list of pieces, and writing a title and text, first in the team's language and then in the others."""

from collections.abc import Iterator
from typing import Literal

from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words, language_name
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    number_behind,
    numbered_rows,
    on_page,
    page_turned_to,
    typed_number,
)
from conversations.news.article import (
    TEXT_MOST,
    TITLE_MOST,
    AllNews,
    CurrentNews,
    Piece,
    title_and_text,
    variants,
)
from conversations.news.effects import BeginNews, WriteNews
from conversations.people.names import version_names

Field = Literal["title", "text"]


def open_news(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """/news; "/news 3" comes from a button."""
    number = number_behind(asked.argument)
    return Turn(session.goto("news.all") if number is None else session.goto("news.one", news=number))


def ask_all(session: Session, facts: Facts) -> Say:
    _, pieces, page = facts.words, facts[AllNews].pieces, session.notes.get("page")
    lines = [f"{n + 1}. {_list_line(pieces[n], _)}" for n in on_page(page, len(pieces))]
    text = "\n".join(lines) or _(
        "Tell young people what they achieved: a few sentences, to all of them at once."
    )
    rows = numbered_rows([f"one:{piece.id}" for piece in pieces], page, _)
    ways: tuple[Row, ...] = (
        (Choice("new", _("Write good news")),),
        (Choice("/home", _("Home"), aside=True),),
    )
    return Say(text, heading=_("Good news"), rows=(*rows, *ways), replaces=True)


def take_all(session: Session, event: Event, facts: Facts) -> Turn | None:
    pieces, page, number = facts[AllNews].pieces, page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if number and number <= len(pieces):
        return Turn(session.goto("news.one", news=pieces[number - 1].id))
    match event:
        case Chose(_, "new"):
            return Turn(session.goto("news.begin"))
        case Chose(_, key) if (chosen := number_behind(key, "one:")) is not None:
            return Turn(session.goto("news.one", news=chosen))
    return None


def _list_line(piece: Piece, _: Words) -> str:
    title = title_and_text(piece, _)[0]
    if piece.state == "scheduled" and piece.goes_at:
        return _("{title}: goes out on {moment}", title=title, moment=_.date_time(piece.goes_at))
    if piece.sent_at:
        return _("{title}: went out on {date}", title=title, date=_.long_date(piece.sent_at))
    return _("{title}: a draft", title=title)


# --- a new one ------------------------------------------------------------------------------------


def ask_begin(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    language = language_name(facts.rules.languages[0], _.language)
    text = _(
        "Write a title, in this language: {language}. Other languages come after that.", language=language
    )
    return Say(text, heading=_("What is the good news?"), rows=(back_row(_),), expects="text", replaces=True)


def take_begin(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, "back"):
            return Turn(session.goto("news.all"))
        case Said(text) if title := " ".join(text.split()):
            if len(title) > TITLE_MOST:
                return Turn(session, (Say(_too_long_text(title, TITLE_MOST, _)),))
            language = facts.rules.languages[0]
            return Turn(session.goto("news.text", variant=language), effects=(BeginNews(title, language),))
    return None


# --- title and text, in one variant ---------------------------------------------------------------


def ask_title(session: Session, facts: Facts) -> Say:
    return _say_question(session, facts, "title")


def take_title(session: Session, event: Event, facts: Facts) -> Turn | None:
    return _take_text(session, event, facts, "title")


def ask_text(session: Session, facts: Facts) -> Say:
    return _say_question(session, facts, "text")


def take_text(session: Session, event: Event, facts: Facts) -> Turn | None:
    return _take_text(session, event, facts, "text")


def _say_question(session: Session, facts: Facts, field: Field) -> Say:
    _, piece, variant = facts.words, facts[CurrentNews].piece, _variant(session)
    if piece is None:
        return say_gone(_)
    name = variant_name(variant, facts)
    if field == "title":
        lines = [_("The title, in this version: {version}", version=name)]
    else:
        lines = [
            _("The text, in this version: {version}. Up to {most} letters.", version=name, most=TEXT_MOST)
        ]
    texts = piece.title if field == "title" else piece.text
    if variant != piece.language:
        lines += ["", _("As it was written first: {text}", text=texts.get(piece.language, ""))]
    keep: tuple[Row, ...] = ()
    if texts.get(variant):
        lines += ["", _("It says now: {text}", text=texts[variant])]
        out = () if variant == piece.language else (Choice("out", _("Take it out")),)
        keep = ((Choice("keep", _("Keep it")), *out),)
    heading = title_and_text(piece, _)[0]
    return Say("\n".join(lines), heading=heading, rows=(*keep, back_row(_)), expects="text", replaces=True)


def _take_text(session: Session, event: Event, facts: Facts, field: Field) -> Turn | None:
    _, piece, variant = facts.words, facts[CurrentNews].piece, _variant(session)
    if piece is None:
        return Turn(session.goto("news.all"))
    most = TITLE_MOST if field == "title" else TEXT_MOST
    match event:
        case Chose(_visit, "back"):
            return Turn(_goto_next(session, piece, "text"))
        case Chose(_visit, "keep"):
            return Turn(_goto_next(session, piece, field))
        case Chose(_visit, "out") if variant != piece.language:
            return _write_field(session, piece, field, "")
        case Said(text) if len(text.strip()) > most:
            return Turn(session, (Say(_too_long_text(text, most, _)),))
        case Said(text) if text.strip():
            return _write_field(session, piece, field, text)
    return None


def _write_field(session: Session, piece: Piece, field: Field, words: str) -> Turn:
    words = " ".join(words.split()) if field == "title" else words.strip()
    return Turn(
        _goto_next(session, piece, field), effects=(WriteNews(piece.id, field, _variant(session), words),)
    )


def _goto_next(session: Session, piece: Piece, field: Field) -> Session:
    """From the title to the text; from the text back to where it was opened."""
    variant = _variant(session)
    if field == "title":
        return session.goto("news.text", news=piece.id, variant=variant)
    return session.goto("news.one" if variant == piece.language else "news.variants", news=piece.id)


# --- every other language and version -------------------------------------------------------------


def ask_variants(session: Session, facts: Facts) -> Say:
    _, piece, page = facts.words, facts[CurrentNews].piece, session.notes.get("page")
    if piece is None:
        return say_gone(_)
    found = list(variant_lines(piece, facts))
    lines = [f"{n + 1}. {found[n]}" for n in on_page(page, len(found))]
    rows = numbered_rows([f"in:{n}" for n in range(len(found))], page, _)
    text = "\n".join(
        (
            _(
                "Where there is a gap, people read the normal version, or the language it was written in first."
            ),
            *lines,
        )
    )
    heading = _("Languages and versions")
    return Say(text, heading=heading, rows=(*rows, back_row(_)), replaces=True)


def take_variants(session: Session, event: Event, facts: Facts) -> Turn | None:
    piece, page, number = facts[CurrentNews].piece, page_turned_to(event), typed_number(event)
    found = variants(facts.rules.languages, facts.library)
    if piece is None:
        return Turn(session.goto("news.all"))
    if page is not None:
        return Turn(session.with_notes(page=page))
    place = number - 1 if number else None
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("news.one", news=piece.id))
        case Chose(_, key):
            place = number_behind(key, "in:")
    if place is None or place >= len(found):
        return None
    return Turn(session.goto("news.title", news=piece.id, variant=found[place]))


def variant_lines(piece: Piece, facts: Facts) -> Iterator[str]:
    """How complete the piece is in each language and reading version, one line each."""
    _ = facts.words
    for variant in variants(facts.rules.languages, facts.library):
        name = variant_name(variant, facts)
        if piece.has(variant):
            yield _("{version}: complete", version=name)
        elif piece.title.get(variant):
            yield _("{version}: the text is missing", version=name)
        elif piece.text.get(variant):
            yield _("{version}: the title is missing", version=name)
        else:
            yield _("{version}: not there", version=name)


def variant_name(variant: str, facts: Facts) -> str:
    """The name of a variant: "Polish", or "English: Easy Read" if the language has several versions."""
    _ = facts.words
    language, _dash, version = variant.partition("-")
    name = language_name(language, _.language)
    if len(facts.library.versions(language)) == 1:
        return name
    return _("{language}: {version}", language=name, version=version_names(_)[version or "normal"])


# --- shared ---------------------------------------------------------------------------------------


def say_gone(_: Words) -> Say:
    rows: tuple[Row, ...] = ((Choice("/news", _("All good news"), aside=True),),)
    return Say(_("That one isn't there any more."), rows=rows, replaces=True)


def _variant(session: Session) -> str:
    return str(session.notes["variant"])


def _too_long_text(text: str, most: int, _: Words) -> str:
    return _("That is {n} letters long. Say it in {most}, so that people read it.", n=len(text), most=most)
