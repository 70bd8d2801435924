"""/sent lists broadcasts with their delivery results, and resends what may not have arrived."""

from collections.abc import Iterator

from conversations.broadcasts.effects import DropHeld, SendAgain, SendHeld
from conversations.broadcasts.facts import AllBroadcasts, DeliveryReport, OneBroadcast
from conversations.broadcasts.progress import Progress, count_sentences, title_of
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


def open_sent(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """/sent, or "/sent 12" from the button under a progress message."""
    number = number_behind(asked.argument)
    return Turn(session.goto("sent.list") if number is None else session.goto("sent.one", broadcast=number))


def ask_list(session: Session, facts: Facts) -> Say:
    _, found = facts.words, facts[AllBroadcasts]
    heading = _("What was sent")
    if not found.ids:
        return Say(
            _("Nothing has been sent to many yet."), heading=heading, rows=(home_row(_),), replaces=True
        )
    page = session.notes.get("page")
    shown = zip(on_page(page, len(found.ids)), found.page, strict=True)
    lines = [f"{place + 1}. {_list_line(report, _)}" for place, report in shown]
    rows = numbered_rows([str(number) for number in found.ids], page, _)
    return Say("\n".join(lines), heading=heading, rows=(*rows, home_row(_)), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.goto("sent.list", page=page))
    ids = facts[AllBroadcasts].ids
    number = typed_number(event)
    if number and number <= len(ids):
        return Turn(session.goto("sent.one", broadcast=ids[number - 1]))
    chosen = number_behind(event.key) if isinstance(event, Chose) else None
    return Turn(session.goto("sent.one", broadcast=chosen)) if chosen in ids else None


def ask_one(_session: Session, facts: Facts) -> Say:
    _, report = facts.words, facts[OneBroadcast].report
    if report is None:
        return Say(_("That one isn't there any more."), rows=(_ways_out(_),), replaces=True)
    rows: list[Row] = []
    if report.progress.doubtful:
        label = _.many("Send again to {n} person", "Send again to those {n}", report.progress.doubtful)
        rows.append((Choice("again", label),))
    if report.progress.held:
        label = _.many("Send {n} that is held", "Send {n} that are held", report.progress.held)
        rows.append((Choice("held", label), Choice("drop", _("Let it go"))))
    elif report.progress.stopped:
        rows.append((Choice("held", _("Let it go on")), Choice("drop", _("Let it go"))))
    text = "\n".join((_sent_line(report, _), *count_sentences(report.progress, _)))
    return Say(text, heading=_title(report, _), rows=(*rows, _ways_out(_)), replaces=True)


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    report = facts[OneBroadcast].report
    match event:
        case Chose(_, "again" | "held" | "drop" as which) if report is not None:
            return Turn(session.goto("sent.sure", broadcast=report.id, which=which))
    return None


def ask_sure(session: Session, facts: Facts) -> Say:
    """Asks for confirmation before messages are sent, resent or discarded."""
    _, report = facts.words, facts[OneBroadcast].report
    if report is None:
        return Say(_("That one isn't there any more."), rows=(_ways_out(_),), replaces=True)
    if session.notes["which"] == "drop":
        text = _("They are not sent. I count them as “may have arrived”, and nobody gets one twice.")
        heading = _("Let it go?")
    elif session.notes["which"] == "held":
        text = _(
            "They were held because the database was put back from a backup: they may have gone out before."
        )
        heading = _.many("Send {n} message now?", "Send {n} messages now?", report.progress.held)
    else:
        text = _("Nobody knows whether they arrived. Whoever has it already gets it a second time.")
        heading = _.many("Send {n} message again?", "Send {n} messages again?", report.progress.doubtful)
    yes = _("Yes, let it go") if session.notes["which"] == "drop" else _("Yes, send it")
    rows: tuple[Row, ...] = ((Choice("yes", yes), Choice("no", _("No, go back"))),)
    return Say(text, heading=heading, rows=rows, replaces=True)


def take_sure(session: Session, event: Event, _facts: Facts) -> Turn | None:
    number = session.number("broadcast")
    one = session.goto("sent.one", broadcast=number)
    match event:
        case Chose(_, "yes") if session.notes["which"] == "held":
            return Turn(one, effects=(SendHeld(number),))
        case Chose(_, "yes") if session.notes["which"] == "drop":
            return Turn(one, effects=(DropHeld(number),))
        case Chose(_, "yes"):
            return Turn(one, effects=(SendAgain(number),))
        case Chose(_, "no"):
            return Turn(one)
    return None


# --- in words -----------------------------------------------------------------------------------------


def _title(report: DeliveryReport, _: Words) -> str:
    return title_of(report.progress, _) or _("Something that is gone")


def _sent_line(report: DeliveryReport, _: Words) -> str:
    return _(report.progress.broadcast.sent, moment=_.date_time(report.at))


def _list_line(report: DeliveryReport, _: Words) -> str:
    return " ".join((f"{_title(report, _)}.", _sent_line(report, _), *_main_counts(report.progress, _)))


def _main_counts(progress: Progress, _: Words) -> Iterator[str]:
    yield next(count_sentences(progress, _))
    if progress.doubtful:
        yield _.many("{n} may not have arrived.", "{n} may not have arrived.", progress.doubtful)


def _ways_out(_: Words) -> Row:
    return (Choice("/sent", _("All that was sent"), aside=True), Choice("/home", _("Home"), aside=True))
