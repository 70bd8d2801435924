"""Choosing what to correct: something published, one of its texts, and in which language or reading version."""

from collections.abc import Iterator

from conversations.consultations.form import Texts
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    home_row,
    number_behind,
    numbered_rows,
    on_page,
    page_turned_to,
    typed_number,
)
from conversations.core.text import shorten
from conversations.corrections.facts import AllPublished, OnePublished
from conversations.outcomes.outcome import current_variants, outdated_variant
from conversations.people.variants import Reader, readers
from conversations.team.rights import Rights

_SHORT = 60  # letters of a text in the list


# --- which of what is published -------------------------------------------------------------------


def ask_list(session: Session, facts: Facts) -> Say:
    _, things, page = facts.words, facts[AllPublished].things, session.notes.get("page")
    heading = _("What is published")
    if not things:
        return Say(_("Nothing is published yet."), heading=heading, rows=(home_row(_),), replaces=True)
    lines = [
        _("{n}. {title}, {date}.", n=n + 1, title=things[n].title(_), date=_.long_date(things[n].at))
        for n in on_page(page, len(things))
    ]
    text = "\n".join((_("Which one do you want to correct or take back?"), *lines))
    rows = numbered_rows([thing.key for thing in things], page, _)
    return Say(text, heading=heading, rows=(*rows, home_row(_)), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    things, page, number = facts[AllPublished].things, page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    chosen = things[number - 1].key if number and number <= len(things) else ""
    if isinstance(event, Chose):
        chosen = event.key
    thing = next((one for one in things if one.key == chosen), None)
    return Turn(session.goto("correct.one", kind=thing.kind, about=thing.id)) if thing else None


# --- which of its texts ---------------------------------------------------------------------------


def ask_one(session: Session, facts: Facts) -> Say:
    _, found, page = facts.words, facts[OnePublished], session.notes.get("page")
    if found.thing is None:
        return say_gone(_)
    lines = [f"{n + 1}. {_line(found, n, _)}" for n in on_page(page, len(found.texts))]
    text = "\n".join((_("Which text do you want to correct?"), *lines))
    withdraw: Row = (Choice("withdraw", _("Take all of it back")),)
    owner = facts.person.may(Rights.WITHDRAW_PUBLISHED) and found.thing.kind != "asked"
    rows = numbered_rows([f"text:{n}" for n in range(len(found.texts))], page, _)
    rows = (*rows, *((withdraw,) if owner else ()), back_row(_))
    return Say(text, heading=found.thing.title(_), rows=rows, replaces=True)


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    found, page, number = facts[OnePublished], page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if isinstance(event, Chose) and event.key == "back":
        return Turn(session.goto("correct.list"))
    if isinstance(event, Chose) and event.key == "withdraw" and found.thing and found.thing.kind != "asked":
        return Turn(session.goto("correct.why", **thing_notes(session)))
    place = number - 1 if number else None
    if isinstance(event, Chose):
        place = number_behind(event.key, "text:")
    if place is None or place >= len(found.texts):
        return None
    key = found.texts[place].key
    variants = list(current_variants(found.text(key)))
    several = len(_readers(found, found.text(key), facts)) > 1
    notes = {**thing_notes(session), "text": key}
    if several:
        return Turn(session.goto("correct.variant", **notes))
    variant = found.language if found.language in variants else variants[0]
    return Turn(session.goto("correct.why", **notes, variant=variant))


def _line(found: OnePublished, place: int, _: Words) -> str:
    text = found.texts[place]
    said = text.texts.get(found.language) or next(iter(text.texts.values()))
    return f"{text_name(text.key, _)}: {shorten(said, _SHORT)}"


def text_name(key: str, _: Words) -> str:
    """What a text is, as its readers see it."""
    names = {
        "you_said": _("You said"), "we_heard": _("We heard"), "what": _("What comes of it"), "because": _("Because"),
        "owner": _("Who will do it"), "who": _("Who decided"), "picture": _("What the picture shows"),
        "title": _("Title"), "text": _("Text"),
        "moved": _("Why its day was moved"), "changed": _("Why we can't"), "note": _("What you added"),
        "reason": _("Why it was closed"), "about": _("What it is about"), "decision_maker": _("Who decides"),
        "label": _("Question"), "hint": _("Hint"), "constraint_message": _("What a wrong answer is told"),
        "option": _("Option"),
    }  # fmt: skip
    return names[key.rpartition(" ")[2]]


# --- in which language or version -----------------------------------------------------------------


def ask_variant(session: Session, facts: Facts) -> Say:
    _, found = facts.words, facts[OnePublished]
    texts = found.text(session.notes.get("text"))
    if not texts:
        return say_gone(_)
    each = _readers(found, texts, facts)
    lines = [f"{reader.name}: {shorten(_said(texts, reader.variant), _SHORT)}" for reader in each]
    rows: list[Row] = [(Choice(f"in:{reader.variant}", reader.name),) for reader in each]
    text = _(
        "Begin with the first one: when you correct it, the others wait until you correct them too, and people read the first."
    )
    return Say(
        "\n".join((*(f"· {line}" for line in lines), "", text)),
        heading=_("Which one do you want to correct?"),
        rows=(*rows, back_row(_)),
        replaces=True,
    )


def take_variant(session: Session, event: Event, facts: Facts) -> Turn | None:
    found = facts[OnePublished]
    texts = found.text(session.notes.get("text"))
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("correct.one", **thing_notes(session)))
        case Chose(_, key) if key in {f"in:{reader.variant}" for reader in _readers(found, texts, facts)}:
            notes = {**thing_notes(session), "text": session.notes["text"]}
            return Turn(session.goto("correct.why", **notes, variant=key.removeprefix("in:")))
    return None


def _readers(found: OnePublished, texts: Texts, facts: Facts) -> list[Reader]:
    """The variants that there are, the original first."""
    there = [reader for reader in readers(facts) if _said(texts, reader.variant)]
    return sorted(there, key=lambda reader: reader.variant != found.language)


def _said(texts: Texts, variant: str) -> str:
    return current_variants(texts).get(variant) or outdated_variant(texts, variant)


# --- for all steps --------------------------------------------------------------------------------


def thing_notes(session: Session) -> dict[str, Note]:
    return {"kind": session.notes["kind"], "about": session.notes["about"]}


def say_gone(_: Words) -> Say:
    return Say(_("That one isn't there any more."), rows=(back_row(_),), replaces=True)


def reach_lines(found: OnePublished, _: Words) -> Iterator[str]:
    """Where it is, and what nobody can take back."""
    reach = found.reach
    if reach.edited:
        yield _.many("{n} message in a chat is changed.", "{n} messages in chats are changed.", reach.edited)
    if reach.beyond:
        yield _.many(
            "{n} message came together with others, or may not have arrived. It gets a new one.",
            "{n} messages came together with others, or may not have arrived. They get a new one.",
            reach.beyond,
        )
    yield _("The page, the feed and the data are changed within a minute.")
    yield _("What somebody copied, printed, photographed or looked up in a chat can't be changed.")
