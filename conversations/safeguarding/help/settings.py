"""/helplines: the team's helplines, their ages, and the day when each is checked again."""

from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import home_row, page_rows, page_turned_to
from conversations.core.person import BANDS
from conversations.core.record import replace
from conversations.people.names import LANGUAGES, band_names
from conversations.safeguarding.help.effects import CheckHelpline, RemoveHelpline, SetHelpline
from conversations.safeguarding.help.ways import EMERGENCY, Helpline, Helplines

_OWN = "own-"  # begins the key of a helpline that the team added


def open_helplines(session: Session, _asked: Asked, _facts: Facts) -> Turn:
    return Turn(session.goto("helplines.list"))


def ask_list(session: Session, facts: Facts) -> Say:
    _, lines = facts.words, facts[Helplines].lines
    told = _("Young people see these when they may need help, in this order.")
    text = "\n".join(
        (told, "", *(f"{n}. {_list_line(line, facts)}" for n, line in enumerate(lines, start=1)))
    )
    keys, names = [f"line:{line.key}" for line in lines], [line.name for line in lines]
    rows = (*page_rows(keys, names, session.notes.get("page"), _), (Choice("add", _("Add a helpline")),))
    return Say(text, heading=_("Helplines"), rows=(*rows, home_row(_)), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.goto("helplines.list", page=page))
    match event:
        case Chose(_, "add"):
            return Turn(session.goto("helplines.value", key=_new_key(facts), what="name"))
        case Chose(_, key) if facts[Helplines].one(key.removeprefix("line:")):
            return Turn(session.goto("helplines.one", key=key.removeprefix("line:")))
    return None


def ask_one(session: Session, facts: Facts) -> Say:
    _, line = facts.words, line_of(session, facts)
    if line is None:
        return say_gone(_)
    rows: tuple[Row, ...] = ((Choice("checked", _("I checked it today")),),)
    if line.key != EMERGENCY.key:
        rows += (
            (Choice("number", _("Number")), Choice("text", _("Text message"))),
            (Choice("chat", _("Chat")), Choice("ages", _("Ages"))),
            (Choice("words", _("What people read")), Choice("remove", _("Take it away"))),
        )
    text = "\n".join(f"· {one}" for one in _detail_lines(line, facts))
    return Say(text, heading=line.name, rows=(*rows, list_row(_)), replaces=True)


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    key, _ = str(session.notes["key"]), facts.words
    match event:
        case Chose(_visit, "checked"):
            said = Say(_("Thank you. You are asked again in half a year."))
            return Turn(session.goto("helplines.one", key=key), (said,), (CheckHelpline(key),))
        case Chose(_visit, "number" | "text" | "chat" as what) if key != EMERGENCY.key:
            return Turn(session.goto("helplines.value", key=key, what=what))
        case Chose(_visit, "words") if key != EMERGENCY.key:
            if len(facts.rules.languages) == 1:
                return Turn(session.goto("helplines.words", key=key, language=facts.rules.languages[0]))
            return Turn(session.goto("helplines.language", key=key))
        case Chose(_visit, "ages" | "remove" as what) if key != EMERGENCY.key:
            return Turn(session.goto(f"helplines.{what}", key=key))
    return None


# --- ages -----------------------------------------------------------------------------------------


def ask_ages(session: Session, facts: Facts) -> Say:
    _, line = facts.words, line_of(session, facts)
    if line is None:
        return say_gone(_)
    names = band_names(_)
    ages = [Choice(band, names[band], ticked=band in line.bands) for band in BANDS]
    rows = (*(tuple(ages[at : at + 2]) for at in range(0, len(ages), 2)), (Choice("done", _("Done")),))
    return Say(
        _("“{unsaid}” also means everybody whose age I don't know yet.", unsaid=names["unsaid"]),
        heading=_("Who is it for?"),
        rows=rows,
        replaces=True,
    )


def take_ages(session: Session, event: Event, facts: Facts) -> Turn | None:
    line = line_of(session, facts)
    match event:
        case Chose(_, "done"):
            return Turn(session.goto("helplines.one", key=session.notes["key"]))
        case Chose(_, band) if line and band in BANDS:
            bands = tuple(one for one in BANDS if (one in line.bands) != (one == band))
            return Turn(session, effects=(SetHelpline(replace(line, bands=bands)),))
    return None


# --- taking one away ------------------------------------------------------------------------------


def ask_remove(session: Session, facts: Facts) -> Say:
    _, line = facts.words, line_of(session, facts)
    if line is None:
        return say_gone(_)
    rows: tuple[Row, ...] = ((Choice("yes", _("Take it away")), Choice("back", _("No, go back"))),)
    text = _("Young people no longer see it from now on.")
    return Say(text, heading=_("Take {name} away?", name=line.name), rows=rows, replaces=True)


def take_remove(session: Session, event: Event, _facts: Facts) -> Turn | None:
    key = str(session.notes["key"])
    match event:
        case Chose(_, "yes"):
            return Turn(session.goto("helplines.list"), effects=(RemoveHelpline(key),))
        case Chose(_, "back"):
            return Turn(session.goto("helplines.one", key=key))
    return None


# --- in words -------------------------------------------------------------------------------------


def line_of(session: Session, facts: Facts) -> Helpline | None:
    """The helpline that the session's note `key` names; None if it is gone."""
    return facts[Helplines].one(str(session.notes["key"]))


def say_gone(_: Words) -> Say:
    return Say(_("That helpline is no longer there."), rows=(list_row(_),), replaces=True)


def list_row(_: Words) -> Row:
    return (Choice("/helplines", _("All helplines"), aside=True), *home_row(_))


def _new_key(facts: Facts) -> str:
    numbers = (
        key.removeprefix(_OWN)
        for key in (line.key for line in facts[Helplines].lines)
        if key.startswith(_OWN)
    )
    return f"{_OWN}{max(map(int, numbers), default=0) + 1}"


def _list_line(line: Helpline, facts: Facts) -> str:
    return " ".join(
        (line.line(facts.words).removeprefix("· "), *_unseen(line, facts.words), _review(line, facts))
    )


def _detail_lines(line: Helpline, facts: Facts) -> tuple[str, ...]:
    _, names = facts.words, band_names(facts.words)
    read = (
        _("{language}: {text}", language=LANGUAGES[code], text=line.line(facts.library.words(code, None)).removeprefix("· "))
        for code in facts.rules.languages
    )  # fmt: skip
    ages = _("For: {ages}.", ages=_.comma_list(names[band] for band in line.bands)) if line.bands else ""
    chat = _("Chat: {address}", address=line.chat) if line.chat else ""
    return tuple(filter(None, (*read, ages, chat, *_unseen(line, _), _review(line, facts))))


def _unseen(line: Helpline, _: Words) -> tuple[str, ...]:
    if line.bands and line.can_be_reached:
        return ()
    return (_("Nobody sees it yet: it needs a way to reach it, and ages."),)


def _review(line: Helpline, facts: Facts) -> str:
    _, day = facts.words, facts.words.long_date(line.review_on)
    if line.review_on <= facts.today:
        return _("It was to be checked by {day}.", day=day)
    return _("To be checked by {day}.", day=day)
