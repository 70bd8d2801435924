"""The list of consultations, and importing a new one from a workbook."""

from collections.abc import Sequence

from conversations.consultations.consultation import AllConsultations, ListedConsultation
from conversations.consultations.effects import ImportForm
from conversations.consultations.form_text import form_words
from conversations.consultations.workbook import Problem, Workbook
from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event, Sent
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Attachment, Choice, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    number_behind,
    on_page,
    page_rows,
    page_turned_to,
    typed_number,
)

_PROBLEMS = 20
_LETTERS = 3500  # of problems, so that they fit in one message


def open_consult(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """/consult, or /consult 3 from a button."""
    number = number_behind(asked.argument)
    return Turn(
        session.goto("consult.list") if number is None else session.goto("consult.one", consultation=number)
    )


def ask_list(session: Session, facts: Facts) -> Say:
    _, listed = facts.words, facts[AllConsultations].listed
    more: tuple[Row, ...] = (
        (Choice("new", _("New: send a workbook")),),
        (Choice("/home", _("Home"), aside=True),),
    )
    heading = _("Ask young people")
    if not listed:
        text = _("There is nothing here yet. It begins with a workbook that holds your questions.")
        return Say(text, heading=heading, rows=more, replaces=True)
    page = session.notes.get("page")
    lines = [f"{place + 1}. {_list_line(listed[place], _)}" for place in on_page(page, len(listed))]
    keys = [f"one:{one.about.id}" for one in listed]
    rows = page_rows(keys, [form_words(one.about.form, _).title for one in listed], page, _)
    return Say("\n".join(lines), heading=heading, rows=(*rows, *more), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    listed, page, number = facts[AllConsultations].listed, page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.goto("consult.list", page=page))
    if number and number <= len(listed):
        return Turn(session.goto("consult.one", consultation=listed[number - 1].about.id))
    match event:
        case Chose(_visit, "new"):
            return Turn(session.goto("consult.new"))
        case Chose(_visit, key) if (chosen := number_behind(key, "one:")) is not None:
            return Turn(session.goto("consult.one", consultation=chosen))
        case Sent():
            return _take_file(session, event, facts)
    return None


def ask_new(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _(
        "Send me the workbook with your questions. It's an XLSForm, as in Kobo or ODK: an Excel file with the sheets survey, choices and settings."
    )
    rows: tuple[Row, ...] = (
        (Choice("sample", _("See a sample workbook")),),
        back_row(_),
    )
    return Say(text, heading=_("A new consultation"), rows=rows, expects="workbook", replaces=True)


def take_new(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Sent():
            return _take_file(session, event, facts)
        case Chose(_visit, "sample"):
            text = _("Change the words, keep the columns, save it as .xlsx, and send it to me.")
            attachment = Attachment("workbook", {"person": facts.person.id})
            return Turn(session, (Say(text, heading=_("A sample workbook"), attachment=attachment),))
        case Chose(_visit, "back"):
            return Turn(session.goto("consult.list"))
    return None


def _take_file(session: Session, event: Sent, facts: Facts) -> Turn:
    if isinstance(event.file, Workbook):
        return _import_workbook(session, event.file, facts)
    return Turn(session, (Say(facts.words("There was no workbook. Choose the file (.xlsx), then send it.")),))


def _import_workbook(session: Session, workbook: Workbook, facts: Facts) -> Turn:
    if workbook.form is None:
        return Turn(session.goto("consult.new"), (_say_problems(workbook.problems, facts.words),))
    return Turn(session.goto("consult.one", code=workbook.form.code), effects=(ImportForm(workbook.form),))


def _say_problems(problems: Sequence[Problem], _: Words) -> Say:
    """As many problems as fit in one message, in the order of the sheets."""
    lines: list[str] = []
    for problem in problems[:_PROBLEMS]:
        line = f"· {_problem_line(problem, _)}"
        if sum(map(len, lines)) + len(line) > _LETTERS:
            break
        lines.append(line)
    left = len(problems) - len(lines)
    more = (
        [_.many("And {n} more. Put these right first.", "And {n} more. Put these right first.", left)]
        if left
        else []
    )
    heading = _.many("One thing to put right", "{n} things to put right", len(problems))
    first = _.many(
        "Nothing was kept. Put this right in the workbook, and send it again:",
        "Nothing was kept. Put these right in the workbook, and send it again:",
        len(problems),
    )
    return Say("\n".join((first, *lines, *more)), heading=heading)


def _problem_line(problem: Problem, _: Words) -> str:
    what = _(problem.words, **problem.values)
    values = {"sheet": problem.sheet, "row": problem.row, "column": problem.column, "what": what}
    if problem.row and problem.column:
        return _("{sheet}, row {row}, {column}: {what}", **values)
    if problem.row:
        return _("{sheet}, row {row}: {what}", **values)
    return _("{sheet}: {what}", **values) if problem.sheet else what


def _list_line(one: ListedConsultation, _: Words) -> str:
    about, title = one.about, form_words(one.about.form, _).title
    match about.state:
        case "draft":
            return _("{title}: a draft", title=title)
        case "scheduled" if about.opens_at:
            return _("{title}: opens {moment}", title=title, moment=_.date_time(about.opens_at))
        case "open":
            return _.many(
                "{title}: open, {n} person so far",
                "{title}: open, {n} people so far",
                one.people,
                title=title,
            )
        case "answered" | "revisited":
            return _.many(
                "{title}: answered, {n} person", "{title}: answered, {n} people", one.people, title=title
            )
    return _.many("{title}: closed, {n} person", "{title}: closed, {n} people", one.people, title=title)
