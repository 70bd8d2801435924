"""/cases: the register of open and closed cases, its numbers by month, and its export."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Attachment, Choice, Row, Say, Session
from conversations.core.pagination import back_row, on_page, page_buttons, page_turned_to
from conversations.safeguarding.case_words import page_row
from conversations.safeguarding.cases import list_row
from conversations.safeguarding.casework.register import CaseRegister, by_month, month_line, register_line
from conversations.safeguarding.effects import ExportRegister

REGISTER_FILES = (".xlsx", ".csv")


def ask_register(session: Session, facts: Facts) -> Say:
    _, cases = facts.words, facts[CaseRegister].cases
    page = session.notes.get("page")
    shown = on_page(page, len(cases))
    text = "\n\n".join(register_line(cases[place], _) for place in shown) or _("No case yet.")
    rows: tuple[Row, ...] = (
        *page_buttons(shown, len(cases), _),
        *page_row(_("See it as a table"), facts.rules.case_register_address, facts),
        (Choice("months", _("By month")), Choice("export", _("Export"))),
        list_row(_),
    )
    return Say(text, heading=_("Register of cases"), rows=rows, replaces=True)


def take_register(session: Session, event: Event, _facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.goto("cases.register", page=page))
    match event:
        case Chose(_, "months" | "export" as which):
            return Turn(session.goto(f"cases.{which}"))
    return None


def ask_months(session: Session, facts: Facts) -> Say:
    _, months = facts.words, by_month(facts[CaseRegister].cases, facts.rules.zone)
    shown = on_page(session.notes.get("page"), len(months))
    text = "\n\n".join(month_line(months[place], _) for place in shown) or _("No case yet.")
    rows = (*page_buttons(shown, len(months), _), back_row(_))
    return Say(text, heading=_("Cases by month"), rows=rows, replaces=True)


def take_months(session: Session, event: Event, _facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.goto("cases.months", page=page))
    return _go_back(session, event)


def ask_export(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _(
        "The file holds numbers, kinds, times, reasons and who was on it: no words, and no way to reach anybody. Keep it where only those may open it who see cases. I make a note that you exported it."
    )
    files: Row = (Choice(".xlsx", _("Workbook")), Choice(".csv", _("CSV")))
    return Say(text, heading=_("Export the register?"), rows=(files, back_row(_)), replaces=True)


def take_export(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, key) if key in REGISTER_FILES:
            attachment = Attachment("case_register", {"person": facts.person.id, "suffix": key})
            said = Say(_("Here is the file. Keep it safe."), attachment=attachment)
            return Turn(session.goto("cases.register"), (said,), (ExportRegister(),))
    return _go_back(session, event)


def _go_back(session: Session, event: Event) -> Turn | None:
    return Turn(session.goto("cases.register")) if isinstance(event, Chose) and event.key == "back" else None
