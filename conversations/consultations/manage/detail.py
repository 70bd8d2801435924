"""One consultation: its state, what Heard understood of the workbook, and what can be done with it."""

from conversations.consultations.consultation import (
    Consultation,
    ConsultationAudience,
    OneConsultation,
    OutcomeTimes,
)
from conversations.consultations.effects import CancelOpening, CloseConsultation, DropDraft, RemoveSample
from conversations.consultations.form_text import form_words
from conversations.consultations.manage.import_summary import summary_lines
from conversations.consultations.manage.missed import missed_line
from conversations.consultations.manage.publish import (
    audience_line,
    list_row,
    next_before_sending,
    say_gone,
    say_no_decider,
)
from conversations.consultations.respond.preview_state import preview_session
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Attachment, Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.people.variants import readers
from conversations.team.rights import Rights


def ask_one(_session: Session, facts: Facts) -> Say:
    _, about = facts.words, facts[OneConsultation].about
    if about is None:
        return say_gone(_)
    lines = [*_state_lines(about, facts), *summary_lines(about, facts), _audience_line(about, facts)]
    text = "\n".join(f"· {line}" for line in lines if line)
    heading = form_words(about.form, _).title
    return Say(text, heading=heading, rows=(*_rows(about, facts), *_ways_out(about, facts)), replaces=True)


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, about = facts.words, facts[OneConsultation].about
    if about is None or not isinstance(event, Chose):
        return None
    here = {"consultation": about.id}
    match event.key:
        case "preview" | "audience" | "filed" | "reply_by" | "closes" as step:
            return Turn(session.goto(f"consult.{step}", **here))
        case "send" | "when" if (why_not := say_no_decider(about, facts)) is not None:
            return Turn(session, (why_not,))
        case "send":
            return Turn(next_before_sending(session, about, facts, None))
        case "when":
            return Turn(session.goto("consult.when", **here))
        case "poster" if about.state in {"scheduled", "open"}:
            return Turn(session, (_poster(about, facts),))
        case "close" | "drop" as what:
            return Turn(session.goto("consult.sure", what=what, **here))
        case "unsample" if facts.person.may(Rights.REMOVE_SAMPLE):
            return Turn(session.goto("consult.sure", what="unsample", **here))
        case "cancel":
            return Turn(session.goto("consult.one", **here), effects=(CancelOpening(about.id),))
    return None


def _state_lines(about: Consultation, facts: Facts) -> tuple[str, ...]:
    _, answer = facts.words, facts[OutcomeTimes]
    due = _("An answer is set to go out on {moment}.", moment=_.date_time(answer.due)) if answer.due else ""
    sample = _("This is a sample, to try Heard out.") if about.sample else ""
    match about.state:
        case "draft":
            missed = missed_line(about.opens_at, _) if about.opens_at else ""
            return sample, _("A draft: nobody has seen it yet."), missed
        case "scheduled" if about.opens_at:
            return sample, _("It opens on {moment}.", moment=_.date_time(about.opens_at))
        case "open" if about.opens_at:
            return sample, _("Open since {moment}.", moment=_.date_time(about.opens_at)), due
        case "open":
            return sample, _("It is open."), due
    told = _("They were answered on {moment}.", moment=_.date_time(answer.told)) if answer.told else ""
    return sample, _("It is closed. No more answers are taken."), told, due


def _audience_line(about: Consultation, facts: Facts) -> str:
    if about.state not in {"draft", "scheduled"}:
        return ""
    return audience_line(facts[ConsultationAudience].people, facts.words)


def _rows(about: Consultation, facts: Facts) -> tuple[Row, ...]:
    _ = facts.words
    preview, poster = Choice("preview", _("Preview")), Choice("poster", _("Poster"))
    reply, closes = Choice("reply_by", _("Answer by…")), Choice("closes", _("Open until…"))
    send, when = Choice("send", _("Send now")), Choice("when", _("Choose a time"))
    match about.state:
        case "draft":
            keep = Choice("/consult", _("Keep as draft"))
            whom = Choice("audience", _("Who is it for?"))
            return (
                (preview, whom),
                (reply, closes),
                (send, when),
                (keep, Choice("drop", _("Delete the draft"))),
            )
        case "scheduled":
            return (preview, poster), (reply, closes), (send, when), (Choice("cancel", _("Back to a draft")),)
        case "open":
            return (
                (preview, _results(about, _)),
                (closes, poster),
                (Choice("close", _("Close it now")),),
                *_promise_row(about, _),
            )
    return (
        (preview, _results(about, _)),
        (Choice("/outcome", _("You said, we did")),),
        *_promise_row(about, _),
    )


def _promise_row(about: Consultation, _: Words) -> tuple[Row, ...]:
    """A button to the promised answer, while it is still owed."""
    owed = about.reply_by is not None and about.state in {"open", "closed"}
    return ((Choice(f"/promises {about.id}", _("What we promised")),),) if owed else ()


def _results(about: Consultation, _: Words) -> Choice:
    return Choice(f"/results {about.id}", _("Results"))


def _poster(about: Consultation, facts: Facts) -> Say:
    """A poster to print. Its code opens the web page, which needs no account and takes every age."""
    _, rules = facts.words, facts.rules
    address = rules.join_address(about.form.code)
    lines = [_("Print it, or show it on a screen. It leads to: {address}", address=address)]
    if not rules.is_reachable:
        lines.append(
            _("Only this machine knows that address. Before you print it, PUBLIC_URL needs to be set.")
        )
    described = _(
        "A poster to print: {facts} Under it a square code for a phone's camera, and the address in letters.",
        facts=" ".join((f"{about.title(_)}.", *poster_facts(about, _))),
    )
    attachment = Attachment("poster", {"person": facts.person.id, "consultation": about.id}, described)
    return Say("\n".join(lines), heading=about.title(_), attachment=attachment)


def poster_facts(about: Consultation, _: Words) -> tuple[str, ...]:
    """The lines of a poster under its title: who decides, and how long it is open."""
    who = form_words(about.form, _)(about.form.decision_maker)
    return (
        *((_("Who decides: {who}.", who=who),) if who else ()),
        *((_("Open until {date}.", date=_.short_date(about.closes_at)),) if about.closes_at else ()),
    )


def _ways_out(about: Consultation, facts: Facts) -> tuple[Row, ...]:
    _ = facts.words
    answered = about.state in {"answered", "revisited"}
    filed: tuple[Row, ...] = () if answered else ((Choice("filed", _("What it is about")),),)
    if about.sample and facts.person.may(Rights.REMOVE_SAMPLE):
        return (*filed, (Choice("unsample", _("Remove the sample")),), list_row(_))
    return (*filed, list_row(_))


# --- the preview ----------------------------------------------------------------------------------


def ask_preview(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    if facts[OneConsultation].about is None:
        return say_gone(_)
    rows = [(Choice(reader.variant, reader.name),) for reader in readers(facts)]
    text = _(
        "Whose version do you want to see? Nothing that you answer is kept. “End preview” ends it at any time."
    )
    back: Row = back_row(_)
    return Say(text, heading=_("Preview"), rows=(*rows, back), replaces=True)


def take_preview(session: Session, event: Event, facts: Facts) -> Turn | None:
    about = facts[OneConsultation].about
    if about is None or not isinstance(event, Chose):
        return None
    if event.key == "back":
        return Turn(session.goto("consult.one", consultation=about.id))
    for reader in readers(facts):
        if event.key == reader.variant:
            return Turn(preview_session(session, about.id, "consult.one", reader.language, reader.version))
    return None


# --- confirmation ---------------------------------------------------------------------------------


def ask_sure(session: Session, facts: Facts) -> Say:
    _, about = facts.words, facts[OneConsultation].about
    if about is None:
        return say_gone(_)
    title = form_words(about.form, _).title
    match session.notes["what"]:
        case "close":
            heading, yes = _("Close “{title}” now?", title=title), _("Yes, close it")
            text = _("No more answers are taken after that. What was said stays.")
            if about.closes_at:
                until = _.short_date(about.closes_at)
                text += " " + _("People were told that it is open until {day}.", day=until)
        case "unsample":
            heading, yes = _("Remove the sample?"), _("Yes, remove it")
            text = _("It goes with its answers and what came of it. It does not come back.")
        case _drop:
            heading, yes = _("Delete the draft “{title}”?", title=title), _("Yes, delete it")
            text = _("Nobody has seen it. You can send the workbook again at any time.")
    rows: tuple[Row, ...] = ((Choice("yes", yes), Choice("back", _("No, go back"))),)
    return Say(text, heading=heading, rows=rows, replaces=True)


def take_sure(session: Session, event: Event, facts: Facts) -> Turn | None:
    number = session.number("consultation")
    match event:
        case Chose(_visit, "yes"):
            return _apply_confirmed(session, number, facts.words)
        case Chose(_visit, "back"):
            return Turn(session.goto("consult.one", consultation=number))
    return None


def _apply_confirmed(session: Session, number: int, _: Words) -> Turn:
    match session.notes["what"]:
        case "close":
            one = session.goto("consult.one", consultation=number)
            return Turn(one, (Say(_("It is closed.")),), (CloseConsultation(number),))
        case "unsample":
            removed = Say(_("The sample is gone, and so are the answers to it."))
            return Turn(session.goto("consult.list"), (removed,), (RemoveSample(),))
    dropped = Say(_("The draft is deleted."))
    return Turn(session.goto("consult.list"), (dropped,), (DropDraft(number),))
