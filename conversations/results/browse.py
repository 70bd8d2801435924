"""/results: the results of a consultation, question by question, in words or as a picture."""

from conversations.consultations.consultation import AllConsultations, Consultation, ListedConsultation
from conversations.consultations.form import Shape
from conversations.consultations.form_text import form_words
from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.menus import HelpLine, HomeButton
from conversations.core.messages import Attachment, Choice, Row, Say, Scalar, Session
from conversations.core.pagination import number_behind, on_page, page_rows, page_turned_to
from conversations.results.counting import (
    QuestionResult,
    Results,
    counted_at_lines,
    participants_sentence,
    result_sentences,
    to_results,
)
from conversations.results.effects import ReadAnswers
from conversations.results.facts import ConsultationCounts
from conversations.results.responses import with_lead_lines
from conversations.results.visibility import is_shown, sees_true, visible_results
from conversations.team.rights import Rights

# --- which one ------------------------------------------------------------------------------------


def open_results(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """/results; "/results 3", "/results ways" and "/results time" come from buttons."""
    if asked.argument == "ways":
        return Turn(session.goto("results.ways"))
    if asked.argument == "time":
        return Turn(session.goto("after.time"))
    number = number_behind(asked.argument)
    return Turn(session.goto("results.list") if number is None else _goto_detail(session, number))


def ask_list(session: Session, facts: Facts) -> Say:
    _, asked = facts.words, _visible_consultations(facts)
    home: Row = (Choice("/home", _("Home"), aside=True),)
    if not asked:
        return Say(
            _("Nobody has been asked anything yet."), heading=_("Results"), rows=(home,), replaces=True
        )
    page = session.notes.get("page")
    lines = [f"{place + 1}. {_list_line(asked[place], facts)}" for place in on_page(page, len(asked))]
    keys = [f"one:{one.about.id}" for one in asked]
    rows = page_rows(keys, [form_words(one.about.form, _).title for one in asked], page, _)
    over_time: Row = (Choice("/results time", _("Over time")),)
    return Say("\n".join(lines), heading=_("Results"), rows=(*rows, over_time, home), replaces=True)


def take_list(session: Session, event: Event, _facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.goto("results.list", page=page))
    number = number_behind(event.key, "one:") if isinstance(event, Chose) else None
    return None if number is None else Turn(_goto_detail(session, number))


def _goto_detail(session: Session, number: int) -> Session:
    return session.goto("results.one", consultation=number, question=0)


def _visible_consultations(facts: Facts) -> list[ListedConsultation]:
    return [one for one in facts[AllConsultations].listed if is_shown(one.about, facts.person)]


def _list_line(one: ListedConsultation, facts: Facts) -> str:
    """Whoever sees small numbers hidden reads how many took part in the result itself, which decides what to hide."""
    _, title = facts.words, form_words(one.about.form, facts.words).title
    if not sees_true(facts.person):
        return title
    return _.many("{title}: {n} person", "{title}: {n} people", one.people, title=title)


# --- one question at a time -----------------------------------------------------------------------


def ask_one(session: Session, facts: Facts) -> Say:
    """Shows one question's numbers, in words or as a picture."""
    _, about = facts.words, facts[ConsultationCounts].about
    if about is None or not is_shown(about, facts.person):
        return _say_gone(_)
    results = _results(facts, about)
    if not results.questions:
        return Say(
            participants_sentence(results, _), heading=results.title, rows=(_list_row(_),), replaces=True
        )
    place = min(session.number("question"), len(results.questions) - 1)
    question = results.questions[place]
    picture = bool(session.notes.get("picture")) and _can_be_drawn(question)
    lead = with_lead_lines(_, with_lead=facts[ConsultationCounts].with_lead)
    above = (participants_sentence(results, _), *counted_at_lines(facts[ConsultationCounts].at, _), *lead)
    text = "\n".join((*above, "", question.label, *result_sentences(question, _)))
    rows = (
        *_question_buttons(place, len(results.questions), _),
        *_view_buttons(question, facts, picture=picture),
        *_responses_row(about, facts),
        _list_row(_),
    )
    return Say(
        "\n".join(lead) if picture else text,
        heading=results.title,
        progress=(place + 1, len(results.questions)),
        attachment=_picture(question, facts, about) if picture else None,
        rows=rows,
        replaces=True,
    )


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    about = facts[ConsultationCounts].about
    if about is None or not isinstance(event, Chose) or not is_shown(about, facts.person):
        return None
    place, here = session.number("question"), {"consultation": about.id}
    drawn = {"picture": True} if session.notes.get("picture") else {}
    match event.key:
        case "before" | "after":
            step = -1 if event.key == "before" else 1
            return Turn(session.goto("results.one", question=max(place + step, 0), **here, **drawn))
        case "picture":
            return Turn(session.goto("results.one", question=place, picture=True, **here))
        case "words":
            return Turn(session.goto("results.one", question=place, **here))
        case "read" if facts.person.may(Rights.READ_ANSWERS):
            reading = session.goto("results.read", question=place, page=0, **here)
            return Turn(reading, effects=(ReadAnswers(about.id),))
        case "said" if about.state in {"answered", "revisited"} and sees_true(facts.person):
            return Turn(session.goto("after.seen", **here))
        case "export" if facts.person.may(Rights.READ_ANSWERS):
            return Turn(session.goto("results.export", question=place, **here))
    return None


def _results(facts: Facts, about: Consultation) -> Results:
    counts = facts[ConsultationCounts]
    results = to_results(about.form, counts.tallies, people=counts.people, words=facts.words)
    return visible_results(results, facts.person, facts.rules.small_number)


def _can_be_drawn(question: QuestionResult) -> bool:
    return question.shape is not Shape.TEXT and not question.withheld


def _picture(question: QuestionResult, facts: Facts, about: Consultation) -> Attachment:
    _ = facts.words
    described = "\n".join((question.label, *result_sentences(question, _)))
    names: dict[str, Scalar] = {
        "person": facts.person.id,
        "consultation": about.id,
        "question": question.name,
    }
    return Attachment("chart", names, described)


def _question_buttons(place: int, count: int, _: Words) -> tuple[Row, ...]:
    before = (Choice("before", _("Question before")),) if place else ()
    after = (Choice("after", _("Next question")),) if place + 1 < count else ()
    return ((*before, *after),) if before or after else ()


def _view_buttons(question: QuestionResult, facts: Facts, *, picture: bool) -> tuple[Row, ...]:
    _ = facts.words
    rows: list[Row] = []
    if question.shape is Shape.TEXT:
        if question.answered and facts.person.may(Rights.READ_ANSWERS):
            rows.append((Choice("read", _("Read what they wrote")),))
    elif picture:
        rows.append((Choice("words", _("In words")),))
    elif _can_be_drawn(question):
        rows.append((Choice("picture", _("As a picture")),))
    if facts.person.may(Rights.READ_ANSWERS):
        rows.append((Choice("export", _("Export to Excel")),))
    return tuple(rows)


def _responses_row(about: Consultation, facts: Facts) -> tuple[Row, ...]:
    """A button to the responses to its outcome, once that is published."""
    if about.state not in {"answered", "revisited"} or not sees_true(facts.person):
        return ()
    return ((Choice("said", facts.words("What they say now")),),)


def _say_gone(_: Words) -> Say:
    return Say(_("That one isn't there any more."), rows=(_list_row(_),), replaces=True)


def _list_row(_: Words) -> Row:
    return (Choice("/results", _("Other consultations"), aside=True), Choice("/home", _("Home"), aside=True))


STEPS = (
    Step("results.list", ask_list, take_list, needs=(AllConsultations,), right=Rights.SEE_RESULTS),
    Step("results.one", ask_one, take_one, needs=(ConsultationCounts,), right=Rights.SEE_RESULTS),
)
COMMANDS = (
    Command(
        "results",
        open_results,
        right=Rights.SEE_RESULTS,
        label=N_("Results"),
        page=30,
        help=(
            HelpLine(60, "joined", N_("· /results: see what people said, in numbers.")),
            HelpLine(30, "staff", N_("· /results: what they said, in numbers and as a picture.")),
        ),
        home=(
            HomeButton(60, "joined"),
            HomeButton(70, "joined", label=N_("Ways they chose"), argument="ways"),
            HomeButton(30, "staff"),
            HomeButton(40, "staff", label=N_("Ways they chose"), argument="ways"),
        ),
    ),
)
