"""/mydata: everything that Heard stores about somebody, to read here or download."""

from conversations.consultations.form_text import form_words
from conversations.consultations.kinds.registry import kind_of
from conversations.core.engine import Command, Step, Turn, at_home
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.menus import ChatLine, HelpLine
from conversations.core.messages import EVERYTHING, Attachment, Choice, Row, Say, Session
from conversations.core.text import shorten
from conversations.followup.own_responses import own_lines
from conversations.general.facts import MyAnswers, MyData, MyRows
from conversations.general.row_words import headed_rows
from conversations.general.withheld import withheld_lines
from conversations.involvement.ways import WAYS
from conversations.issues.issue import filed_heading, summary, thread
from conversations.issues.raising.standing import status_text
from conversations.people.facts import OwnCases
from conversations.people.names import LANGUAGES, band_names, version_names

_SHOWN = 5  # consultations; the file has all of them
_CUT = 120  # letters of one answer; the file has all of it
_ROWS, _VALUE_CUT, _TEXT_MOST = 2, 60, 3500  # rows of a table in the chat; letters of one value, and of all


def open_mydata(session: Session, _asked: Asked, facts: Facts) -> Turn:
    if not at_home(facts.person):
        _ = facts.words
        cases = _cases(facts[OwnCases].numbers, facts)
        text = _(
            "I haven't kept anything you said. For one day I remember your language, where we are, and how to answer you."
        )
        besides = _(
            "Besides that, I remember for one day your language, where we are, and how to answer you."
        )
        return Turn(session, (Say("\n".join((*cases, besides)) if cases else text),))
    return Turn(session.goto("mydata.read"))


def ask_read(_session: Session, facts: Facts) -> Say:
    _, mine = facts.words, facts[MyData]
    lines = [
        *(f"· {line}" for line in about_lines(facts)),
        "",
        *_answer_lines(mine, _),
        *_issue_lines(mine, facts),
    ]
    quotes: tuple[Row, ...] = ((Choice("/quote", _("What may be quoted")),),) if mine.quoted else ()
    rows: tuple[Row, ...] = (
        *quotes,
        (Choice("file", _("Get it as a file")), Choice("rest", _("Bit by bit"))),
        (Choice("take", _("Take something back")),),
        (Choice("using", _("Don't use my words") if not facts.person.unused else _("Use it again")),),
        (Choice("/delete", _("Delete it")), Choice("/home", _("Back"), aside=True)),
    )
    heading = _("What I keep about you")
    return Say("\n".join(lines), heading=heading, rows=rows, replaces=True, repeats_answer=EVERYTHING)


def take_read(session: Session, event: Event, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "file"):
            return Turn(session, _files(facts))
        case Chose(_, "rest"):
            return Turn(session.goto("mydata.rest"))
        case Chose(_, "take"):
            return Turn(session.goto("takeback.list"))
        case Chose(_, "using"):
            return Turn(session.goto("using.off" if facts.person.unused else "using.stop"))
    return None


def _files(facts: Facts) -> tuple[Say, ...]:
    """To read, and for another program: both hold everything."""
    _, about = facts.words, {"person": facts.person.id}
    to_read = _("Here is everything I keep about you. It's a page that opens in any browser.")
    as_data = _("And the same for other apps to read.")
    return (
        Say(to_read, attachment=Attachment("mydata", about)),
        Say(as_data, attachment=Attachment("mydata_json", about)),
    )


def ask_rest(_session: Session, facts: Facts) -> Say:
    """What is stored, row by row. Long tables are counted; the file has all of them."""
    _ = facts.words
    lines: list[str] = []
    for heading, rows in headed_rows(facts[MyRows], _, _VALUE_CUT):
        lines += [heading, *_shown_rows(rows, _), ""]
    text = "\n".join(lines)
    if len(text) > _TEXT_MOST:
        text = "\n".join((text[:_TEXT_MOST].rpartition("\n")[0], _("The file has the rest.")))
    ways: Row = (Choice("withheld", _("What I leave out")), Choice("/mydata", _("Back"), aside=True))
    return Say(text, heading=_("Bit by bit"), rows=(ways,), replaces=True, repeats_answer=EVERYTHING)


def _shown_rows(rows: list[list[str]], _: Words) -> list[str]:
    if len(rows) > _ROWS:
        return [_("· The file has all {n}.", n=len(rows))]
    return [f"· {line}" for row in rows for line in row]


def take_rest(session: Session, event: Event, _facts: Facts) -> Turn | None:
    if isinstance(event, Chose) and event.key == "withheld":
        return Turn(session.goto("mydata.withheld"))
    return None


def ask_withheld(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    lines = [f"· {line}" for line in withheld_lines(facts)]
    rows: tuple[Row, ...] = ((Choice("/mydata", _("Back"), aside=True),),)
    return Say("\n".join(lines), heading=_("What I leave out"), rows=rows, replaces=True)


def take_nothing(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    # Its only button is a command.
    return None


def answers_in_words(mine: MyAnswers, _: Words, most: int) -> list[tuple[str, str]]:
    """(question, answer) pairs as this person reads them, in form order; answers are cut at `most` letters."""
    say = form_words(mine.form, _)
    asked = (question for question in mine.form.questions if question.name in mine.answers)
    return [
        (say(question.label), kind_of(question).answer_text(question, mine.answers[question.name], say, most))
        for question in asked
    ]


def about_lines(facts: Facts) -> list[str]:
    """Everything stored besides answers and issues, one line each."""
    _, mine, person = facts.words, facts[MyData], facts.person
    chosen = [way.name(_) for way in WAYS if way.key in mine.ways]
    band = band_names(_)[person.band] if person.band else _("not known")
    lines = [
        _("Here since {day}", day=_.long_date(mine.since)),
        _("Age: {band}", band=band),
        _("Language: {language}", language=LANGUAGES[_.language]),
        _("How Heard writes: {version}", version=version_names(_)[_.version]),
    ]
    if chosen:
        lines.append(_("Ways you chose: {ways}", ways=_.comma_list(chosen)))
    lines.append(_("A way to reach you, locked away: {doors}", doors=_.comma_list(_channel_names(mine, _))))
    lines += [_('It may be quoted that you wrote: "{words}"', words=words) for words in mine.quoted]
    lines += own_lines(mine.after, _)
    lines += _cases(mine.cases, facts)
    if mine.case_thread:
        lines.append(_("What you and whoever helps you wrote to each other here: the file has it."))
    if mine.called:
        lines.append(_("The team calls you: {name}", name=mine.called))
    lines += [
        _(
            'You also wrote: "{words}". I keep it for {n} days.',
            words=shorten(words, _CUT),
            n=facts.rules.shown_days,
        )
        for words in mine.besides
    ]
    if mine.typed:
        lines.append(_("What you did and wrote on the page in the last {n} days", n=facts.rules.shown_days))
    return lines


def _cases(numbers: tuple[int, ...], facts: Facts) -> list[str]:
    """The open cases, what they keep, and how to see it; what could harm somebody may be held back."""
    _ = facts.words
    if not numbers:
        return []
    keeps = _(
        "Until it's closed, a case keeps a way to reach you, your language and a copy of the words that I was worried about. What you and the team wrote to each other stays too. To see what is in it, ask {contact}. They may hold something back if it could put someone in danger.",
        contact=facts.rules.contact,
    )
    return [*(_("An open case, to help you be safe: number {n}", n=case) for case in numbers), keeps]


def _answer_lines(mine: MyData, _: Words) -> list[str]:
    if not mine.answers:
        return [_("You haven't answered any questions yet.")]
    lines: list[str] = []
    for one in mine.answers[:_SHOWN]:
        lines.append(form_words(one.form, _).title)
        lines += [f"· {_line(label, answer, _)}" for label, answer in answers_in_words(one, _, _CUT)]
    if len(mine.answers) > _SHOWN:
        lines.append(_("The file has the rest."))
    return lines


def _issue_lines(mine: MyData, facts: Facts) -> list[str]:
    _ = facts.words
    if not mine.raised:
        return []
    lines = [f"· {summary(issue, _)}: {status_text(issue, facts)}" for issue in mine.raised[:_SHOWN]]
    more = [_("The file has the rest.")] if len(mine.raised) > _SHOWN else []
    return ["", _("What you raised"), *lines, *more]


def threads(facts: Facts) -> list[tuple[str, list[str]]]:
    """For each issue that the person raised, its heading with its status, and its thread."""
    _ = facts.words
    return [
        (f"{filed_heading(issue, _)}: {status_text(issue, facts)}", thread(issue, facts, own=True))
        for issue in facts[MyData].raised
    ]


def case_lines(facts: Facts) -> list[str]:
    """What the person and a helper wrote to each other in a case."""
    _ = facts.words
    return [
        f"{_.date_time(one.at)}, {_('Somebody in the team') if one.by else _('You')}: {one.text}"
        for one in facts[MyData].case_thread
    ]


def _line(label: str, answer: str, _: Words) -> str:
    return _("{question} – {answer}", question=label, answer=answer)


def _channel_names(mine: MyData, _: Words) -> list[str]:
    return [_(channel.called) for channel in mine.channels]


STEPS = (
    Step("mydata.read", ask_read, take_read, needs=(MyData,)),
    Step("mydata.rest", ask_rest, take_rest, needs=(MyRows,)),
    Step("mydata.withheld", ask_withheld, take_nothing, needs=(MyRows,)),
)
COMMANDS = (
    Command(
        "mydata",
        open_mydata,
        needs=(OwnCases,),
        anytime=True,
        label=N_("My data"),
        page=60,
        chat=ChatLine(60, N_("See what I keep about you")),
        help=(HelpLine(80, "joined", N_("· /mydata: see everything I keep about you. /delete: delete it.")),),
    ),
)
