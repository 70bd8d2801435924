"""Reading people's free text, asking to quote it, and exporting all answers; for staff with the right to it."""

from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Attachment, Choice, Row, Say, Session
from conversations.core.pagination import back_row, number_behind, page_turned_to, typed_number
from conversations.core.personal.asking import personal_lines
from conversations.results.effects import AskToQuote, ExportAnswers
from conversations.results.facts import QUOTE_MOST, TEXT_GONE, OneText, TextAnswers
from conversations.team.rights import Rights

# --- what they wrote ------------------------------------------------------------------------------


def with_lead_lines(_: Words, *, with_lead: bool) -> tuple[str, ...]:
    """Says, without a number, that not everything which was written to a consultation can be read."""
    return (_("Something that was written here is with the safeguarding lead."),) if with_lead else ()


def ask_read(session: Session, facts: Facts) -> Say:
    _, written = facts.words, facts[TextAnswers]
    rows: tuple[Row, ...] = (back_row(_),)
    head = with_lead_lines(_, with_lead=written.with_lead)
    if not written.texts:
        nothing = _("There is nothing more to read here.")
        return Say("\n\n".join((*head, nothing)), rows=rows, replaces=True)
    texts = [f"{written.first + place}. {text}" for place, text in enumerate(written.texts, 1)]
    page, read = session.number("page"), written.first + len(written.texts)
    numbers: Row = tuple(Choice(f"text:{n}", str(written.first + n + 1)) for n in range(len(written.texts)))
    ways = [Choice(f"page:{page - 1}", _("Earlier"), aside=True)] if page else []
    ways += [Choice(f"page:{page + 1}", _("More"), aside=True)] if read < written.total else []
    place = {"first": written.first + 1, "last": read, "total": written.total}
    heading = (
        _("What they wrote: {first} to {last} of {total}", **place)
        if len(texts) > 1
        else _("What they wrote: {last} of {total}", last=read, total=written.total)
    )
    rows = (numbers, *((tuple(ways),) if ways else ()), *rows)
    return Say("\n\n".join((*head, *texts)), heading=heading, rows=rows, replaces=True, ephemeral=True)


def take_read(session: Session, event: Event, facts: Facts) -> Turn | None:
    here = {"consultation": session.number("consultation"), "question": session.number("question")}
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.goto("results.read", page=page, **here))
    if isinstance(event, Chose) and event.key == "back":
        return Turn(session.goto("results.one", **here))
    number, written = typed_number(event), facts[TextAnswers]
    place = number - 1 - written.first if number else None
    if isinstance(event, Chose):
        place = number_behind(event.key, "text:")
    if place is None or not 0 <= place < len(written.writers):
        return None
    return Turn(
        session.goto("results.text", writer=written.writers[place], page=session.number("page"), **here)
    )


# --- one text, and whether it may be quoted -------------------------------------------------------


def ask_text(_session: Session, facts: Facts) -> Say:
    """Shows one text. Its writer can be asked to quote it by a message; staff do not learn who that is."""
    _, text = facts.words, facts[OneText]
    back: Row = back_row(_)
    if text.words is None:
        return Say(_(TEXT_GONE), rows=(back,), replaces=True)
    why_not = _objection(text, facts)
    ask: tuple[Row, ...] = () if why_not else ((Choice("ask", _("Ask to quote it")),),)
    said = why_not or _(
        "If you'd like to show this sentence in the answer, I can ask whoever wrote it. I ask once, and only show it with their yes."
    )
    personal = () if why_not else personal_lines((text.words,), _, facts.rules.contact)
    lines = "\n".join(f"· {line}" for line in personal)
    return Say(
        "\n\n".join(filter(None, (f'"{text.words}"', lines, said))),
        rows=(*ask, back),
        replaces=True,
        ephemeral=True,
    )


def take_text(session: Session, event: Event, facts: Facts) -> Turn | None:
    here = {"consultation": session.number("consultation"), "question": session.number("question")}
    text = facts[OneText]
    match event:
        case Chose(_, "back"):
            return Turn(session.goto("results.read", page=session.number("page"), **here))
        case Chose(_, "ask") if text.words is not None and not _objection(text, facts):
            asked = AskToQuote(here["consultation"], text.question, session.number("writer"))
            return Turn(session.goto("results.text", **session.notes), effects=(asked,))
    return None


def _objection(text: OneText, facts: Facts) -> str:
    """Why its writer cannot be asked to quote it, or not again; "" if they can."""
    _ = facts.words
    match text.asked:
        case "asked":
            return _("They have been asked whether it may be quoted. They haven't answered yet.")
        case "yes":
            return _(
                "They said yes: it may be quoted. You find it where the answer is written, under “Change a part”."
            )
        case "no":
            return _("They said no: it isn't quoted.")
    if facts.is_alarming(text.words or ""):
        return _("There may be a sign of danger in it, so it is never quoted.")
    if len(text.words or "") > QUOTE_MOST:
        return _("It is too long to quote: up to {most} letters are shown.", most=QUOTE_MOST)
    return ""


# --- the export -----------------------------------------------------------------------------------


def ask_export(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _(
        "The file holds everything that people said, word for word. Keep it where only your team can open it, and delete it when you're done. I make a note that you exported it."
    )
    rows: tuple[Row, ...] = ((Choice("yes", _("Make the file")), Choice("back", _("No, go back"))),)
    return Say(text, heading=_("Export everything?"), rows=rows, replaces=True)


def take_export(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, number = facts.words, session.number("consultation")
    back = session.goto("results.one", consultation=number, question=session.number("question"))
    match event:
        case Chose(_visit, "yes"):
            attachment = Attachment("export", {"person": facts.person.id, "consultation": number})
            return Turn(
                back,
                (Say(_("Here is the file. Keep it safe."), attachment=attachment),),
                (ExportAnswers(number),),
            )
        case Chose(_visit, "back"):
            return Turn(back)
    return None


STEPS = (
    Step("results.read", ask_read, take_read, needs=(TextAnswers,), right=Rights.READ_ANSWERS),
    Step("results.text", ask_text, take_text, needs=(OneText,), right=Rights.READ_ANSWERS),
    Step("results.export", ask_export, take_export, right=Rights.READ_ANSWERS),
)
