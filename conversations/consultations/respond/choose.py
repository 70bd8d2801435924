"""/say: the consultations open to somebody, and the introduction to one."""

from conversations.consultations import skip_logic
from conversations.consultations.form_text import form_words
from conversations.consultations.respond.commitments import (
    change_deadline,
    decider_lines,
    join_parts,
    why_text,
)
from conversations.consultations.respond.navigation import goto_next, goto_step, leave, response_of, say_gone
from conversations.consultations.respond.response import OpenResponses, Response
from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import (
    names_fit,
    number_behind,
    on_page,
    page_rows,
    page_turned_to,
    typed_number,
)
from conversations.people.using import not_used
from conversations.team.corrections import correction_lines


def open_say(session: Session, asked: Asked, facts: Facts) -> Turn:
    """/say resumes; "/say 3" opens one consultation by its id, "/say all" the list."""
    if elsewhere := not_used(session, facts):
        return elsewhere
    opened = facts[OpenResponses]
    number = number_behind(asked.argument)
    if number is not None:
        return Turn(session.goto("say.intro", consultation=number))
    if opened.last and asked.argument != "all":
        return _resume(session, opened, opened.last, facts)
    if len(opened.responses) == 1:
        return Turn(session.goto("say.intro", consultation=opened.responses[0].about.id))
    return Turn(session.goto("say.list"))


def _resume(session: Session, opened: OpenResponses, response: Response, facts: Facts) -> Turn:
    _ = facts.words
    title = form_words(response.form, _).title
    others: tuple[Row, ...] = (
        ((Choice("/say all", _("What else is open")),),) if len(opened.responses) > 1 else ()
    )
    welcome = Say(_("Welcome back to “{title}”. This is where you were.", title=title), rows=others)
    start = session.goto("say.intro", consultation=response.about.id)
    return Turn(goto_next(start, response, facts), (welcome,))


# --- the list -------------------------------------------------------------------------------------


def ask_list(session: Session, facts: Facts) -> Say:
    _, responses = facts.words, facts[OpenResponses].responses
    if not responses:
        return Say(_nothing_text(facts), rows=((Choice("/home", _("Home")),),), replaces=True)
    titles = [form_words(response.form, _).title for response in responses]
    shown = on_page(session.notes.get("page"), len(responses))
    marks = ["·" if names_fit(titles) else f"{place + 1}." for place in shown]
    lines = [
        f"{mark} {_line(responses[place], titles[place], facts)}"
        for mark, place in zip(marks, shown, strict=True)
    ]
    text = _.many("{n} thing is open for you:", "{n} things are open for you:", len(responses))
    rows = page_rows([str(response.about.id) for response in responses], titles, session.notes.get("page"), _)
    home = (Choice("/home", _("Home"), aside=True),)
    return Say("\n".join([text, *lines]), rows=(*rows, home), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    responses = facts[OpenResponses].responses
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    wanted = None
    if isinstance(event, Chose):
        wanted = next((response for response in responses if str(response.about.id) == event.key), None)
    number = typed_number(event)
    if number and number <= len(responses):
        wanted = responses[number - 1]
    return Turn(session.goto("say.intro", consultation=wanted.about.id)) if wanted else None


def _line(response: Response, title: str, facts: Facts) -> str:
    _ = facts.words
    if response.finished:
        return _("{title}: done. You can still change your answers.", title=title)
    if response.is_begun:
        return _("{title}: started.", title=title)
    closes = response.about.closes_at
    if closes is None:
        return _("{title}: {questions}, {minutes}.", title=title, **_size(response, _))
    return _(
        "{title}: {questions}, {minutes}. Open until {date}.",
        title=title,
        date=_.short_date(closes),
        **_size(response, _),
    )


def _nothing_text(facts: Facts) -> str:
    _ = facts.words
    if facts.person.is_staff and not facts.person.agreed:
        return _("You're here as one of the team. /consult shows you a preview of what young people see.")
    return nothing_open(facts)


def _time_lines(response: Response, facts: Facts) -> tuple[str, ...]:
    """How long it takes and when it closes; once finished, how long answers can be changed."""
    _, closes = facts.words, response.about.closes_at
    if response.finished:
        return (_("You've answered this one."), change_deadline(response, facts))
    return (_how_long(response, _), _("Open until {date}.", date=_.short_date(closes)) if closes else "")


def _how_long(response: Response, _: Words) -> str:
    if any(question.relevant for question in response.form.questions):
        return _("At most {questions}, about {minutes}.", **_size(response, _))
    return _("{questions}, about {minutes}.", **_size(response, _))


def _size(response: Response, _: Words) -> dict[str, str]:
    return {
        "questions": _.many("{n} question", "{n} questions", skip_logic.how_many(response.form)),
        "minutes": _.many("{n} minute", "{n} minutes", skip_logic.minutes(response.form)),
    }


# --- before it begins -----------------------------------------------------------------------------


def ask_intro(session: Session, facts: Facts) -> Say:
    _, response = facts.words, response_of(session, facts)
    if response is None or not response.open:
        return say_gone(response, facts)
    said = form_words(response.form, _)
    corrected = correction_lines(response.form.corrections, _)
    about = (said(response.form.about), *decider_lines(response, facts), *corrected)
    left = _time_lines(response, facts)
    rows: tuple[Row, ...] = (
        (Choice("start", _start_label(response, _)),),
        (Choice("why", _("Why ask me?")), Choice("later", _("Not now"))),
    )
    return Say(join_parts(said.language_note, about, left), heading=said.title, rows=rows, replaces=True)


def take_intro(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, response = facts.words, response_of(session, facts)
    if response is None or not response.open:
        return None
    session = session.with_notes(
        consultation=response.about.id
    )  # by a poster's code somebody comes without it
    match event:
        case Chose(_visit, "start") if response.finished:
            return Turn(goto_step(session, "review"))
        case Chose(_visit, "start"):
            return Turn(goto_next(session, response, facts))
        case Chose(_visit, "why"):
            return Turn(session, (Say(why_text(response, facts), heading=_("Why ask me?")),))
        case Chose(_visit, "later"):
            return leave(session, facts, _("That's fine. You'll find it here any time: /say."))
    return None


def _start_label(response: Response, _: Words) -> str:
    if response.finished:
        return _("Change my answers")
    return _("Go on") if response.is_begun else _("Start")


def nothing_open(facts: Facts) -> str:
    """Nothing is open. It promises a message only to people who get messages."""
    _ = facts.words
    if facts.person.stopped:
        return _("Nothing is open for you just now.")
    return _("Nothing is open for you just now. I'll tell you when something is.")
