"""Sending a consultation out: its audience, its opening time, and the confirmation with the recipient count."""

from datetime import UTC, datetime, time, timedelta

from conversations.consultations.consultation import Consultation, ConsultationAudience, OneConsultation
from conversations.consultations.effects import OpenConsultation, SetAudience
from conversations.consultations.form_text import every_text, form_words
from conversations.consultations.manage.import_summary import for_whom
from conversations.core.config import Rules, next_waking
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.pagination import back_row, number_behind
from conversations.core.person import BANDS, Band, youngest
from conversations.core.personal.asking import personal_lines
from conversations.core.typed.dates import moment_in
from conversations.core.typed.years import ask_year
from conversations.people.names import band_names


def next_before_sending(session: Session, about: Consultation, facts: Facts, at: int | None) -> Session:
    """The step that asks for whatever is still missing; once nothing is, the confirmation. `at` is the opening time
    in seconds since 1970, None for now.
    """
    notes = {"consultation": about.id, "at": at}
    today = facts.today
    if about.reply_by is None or about.reply_by < today:
        return session.goto("consult.reply_by", **notes)
    if about.closes_at and about.closes_at <= (_moment(at) or facts.now):
        return session.goto("consult.closes", **notes)
    return session.goto("consult.send", **notes)


def say_no_decider(about: Consultation, facts: Facts) -> Say | None:
    """Says why it can't go out if the form names no decision maker; None if it names one."""
    _ = facts.words
    if form_words(about.form, _)(about.form.decision_maker):
        return None
    return Say(
        _(
            "Young people are told who decides, and the workbook doesn't say. Add a column decision_maker to its settings sheet, and send it to me again."
        )
    )


def audience_line(people: int, _: Words) -> str:
    """The number of people who would be notified now, as a sentence."""
    return _.many("It fits {n} person who can be reached.", "It fits {n} people who can be reached.", people)


# --- for whom -------------------------------------------------------------------------------------


def ask_audience(_session: Session, facts: Facts) -> Say:
    _, about = facts.words, facts[OneConsultation].about
    if about is None:
        return say_gone(_)
    names = band_names(_)
    everybody = Choice("everybody", _("Everybody"), ticked=not about.bands)
    bands = [Choice(band, names[band], ticked=band in about.bands) for band in bands_offered(facts.rules)]
    rows = [
        (everybody,),
        *(tuple(bands[i : i + 2]) for i in range(0, len(bands), 2)),
        (Choice("done", _("Done")),),
    ]
    text = "\n".join((for_whom(about, _), audience_line(facts[ConsultationAudience].people, _)))
    return Say(text, heading=_("Who is it for?"), rows=tuple(rows), replaces=True)


def take_audience(session: Session, event: Event, facts: Facts) -> Turn | None:
    about = facts[OneConsultation].about
    if about is None or not isinstance(event, Chose):
        return None
    if event.key == "done":
        return Turn(session.goto("consult.one", consultation=about.id))
    if event.key == "everybody":
        return Turn(session, effects=(SetAudience(about.id, ()),))
    if event.key not in bands_offered(facts.rules):
        return None
    chosen = {*about.bands} ^ {event.key}
    return Turn(session, effects=(SetAudience(about.id, tuple(band for band in BANDS if band in chosen)),))


def bands_offered(rules: Rules) -> tuple[Band, ...]:
    """The age bands that this team takes."""
    return tuple(band for band in BANDS if band != "26plus" and youngest(band) >= rules.minimum_age)


# --- when -----------------------------------------------------------------------------------------


def ask_when(_session: Session, facts: Facts) -> Say:
    _, about = facts.words, facts[OneConsultation].about
    if about is None:
        return say_gone(_)
    text = _("Choose a time, or write one: 20 December 16:00.")
    rows = tuple((Choice(f"at:{int(at.timestamp())}", _.date_time(at)),) for at in _times(about, facts))
    return Say(
        text, heading=_("When does it open?"), rows=(*rows, back_row(_)), expects="text", replaces=True
    )


def take_when(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, about = facts.words, facts[OneConsultation].about
    if about is None or is_back(event):
        return back_to_detail(session)
    match event:
        case Chose(_visit, key) if (seconds := number_behind(key, "at:")) is not None:
            return Turn(next_before_sending(session, about, facts, seconds))
        case Said(text):
            at = moment_in(text, facts.now, _)
            if isinstance(at, str):
                return Turn(session, (Say(_(at)),))
            asked = ask_year(session, event, at, facts)
            return asked or Turn(next_before_sending(session, about, facts, int(at.timestamp())))
    return None


def _times(about: Consultation, facts: Facts) -> list[datetime]:
    """Likely opening times: the workbook's own day, tomorrow morning, tomorrow after school."""
    zone = facts.rules.zone
    tomorrow = facts.today + timedelta(days=1)
    days = [(tomorrow, time(9)), (tomorrow, time(16))]
    if about.form.opens:
        days.insert(0, (about.form.opens, time(9)))
    moments = [datetime.combine(day, clock, zone).astimezone(UTC) for day, clock in days]
    return sorted({moment for moment in moments if moment > facts.now})


# --- confirmation ---------------------------------------------------------------------------------


def ask_send(session: Session, facts: Facts) -> Say:
    """Shows what will happen, with the current recipient count."""
    _, about, at = facts.words, facts[OneConsultation].about, _moment(session.notes.get("at"))
    if about is None:
        return say_gone(_)
    title = form_words(about.form, _).title
    if at:
        heading = _("Open “{title}” on {moment}?", title=title, moment=_.date_time(at))
    else:
        heading = _("Open “{title}” now?", title=title)
    lines = [
        _recipients_line(facts[ConsultationAudience].people, _),
        for_whom(about, _),
        *_quiet_hours_lines(at or facts.now, facts),
    ]
    if at:
        lines.append(_("I count again when it opens."))
    lines.append(_("After that the questions can't be changed."))
    personal = personal_lines(every_text(about.form), _, facts.rules.contact)
    lines += personal
    yes = _("Publish it all the same") if personal else _("Yes, send it")
    rows: tuple[Row, ...] = ((Choice("yes", yes), Choice("back", _("No, go back"))),)
    return Say("\n".join(f"· {line}" for line in lines), heading=heading, rows=rows, replaces=True)


def take_send(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, about, at = facts.words, facts[OneConsultation].about, _moment(session.notes.get("at"))
    if about is None or is_back(event):
        return back_to_detail(session)
    if not isinstance(event, Chose) or event.key != "yes":
        return None
    if at:
        said = _("Done. It opens on {moment}, and I'll tell people then.", moment=_.date_time(at))
    else:
        said = _("It's open. I'm telling people now, and I'll show you how far it has got.")
    one = session.goto("consult.one", consultation=about.id)
    return Turn(one, (Say(said),), (OpenConsultation(about.id, at),))


def _recipients_line(people: int, _: Words) -> str:
    if people == 0:
        return _("Nobody it fits can be reached now. People who join later will see it at /say.")
    return _.many("It goes to {n} person.", "It goes to {n} people.", people)


def _quiet_hours_lines(at: datetime, facts: Facts) -> tuple[str, ...]:
    """When messages go out, if `at` falls into quiet hours."""
    _, waking = facts.words, next_waking(at, facts.rules)
    if waking == at:
        return ()
    return (
        _(
            "That's quiet time: messages go out from {moment}. On the web page it's there at once.",
            moment=_.date_time(waking),
        ),
    )


def _moment(seconds: Note) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


# --- ways out -------------------------------------------------------------------------------------


def say_gone(_: Words) -> Say:
    """The consultation no longer exists."""
    return Say(_("That one isn't there any more."), rows=(list_row(_),), replaces=True)


def list_row(_: Words) -> Row:
    return (Choice("/consult", _("All consultations"), aside=True), Choice("/home", _("Home"), aside=True))


def is_back(event: Event) -> bool:
    return isinstance(event, Chose) and event.key == "back"


def back_to_detail(session: Session) -> Turn:
    return Turn(session.goto("consult.one", consultation=session.number("consultation")))
