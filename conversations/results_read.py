"""What people wrote, to read, and everything that they said, to take away: for those who may see each answer."""

from dataclasses import dataclass

from conversations.effects import ExportAnswers
from conversations.engine import Step, Turn
from conversations.events import Chose, Event
from conversations.facts import Facts
from conversations.pages import turned_to
from conversations.results import READERS
from conversations.speech import Choice, Paper, Row, Say, Session

A_PAGE_OF_TEXTS = 5


@dataclass(frozen=True, slots=True)
class Written:
    """One page of what people wrote to one question, and how many wrote; `first` is the place of the first."""

    texts: tuple[str, ...]
    total: int
    first: int = 0


# --- what they wrote ------------------------------------------------------------------------------


def ask_read(session: Session, facts: Facts) -> Say:
    _, written = facts.words, facts[Written]
    rows: tuple[Row, ...] = ((Choice("back", _("Back"), aside=True),),)
    if not written.texts:
        return Say(_("There is nothing more to read here."), rows=rows, replaces=True)
    texts = [f"{written.first + place}. {text}" for place, text in enumerate(written.texts, 1)]
    page, read = session.number("page"), written.first + len(written.texts)
    ways = [Choice(f"page:{page - 1}", _("Earlier"), aside=True)] if page else []
    ways += [Choice(f"page:{page + 1}", _("More"), aside=True)] if read < written.total else []
    heading = _(
        "What they wrote: {first} to {last} of {total}",
        first=written.first + 1,
        last=read,
        total=written.total,
    )
    return Say(
        "\n\n".join(texts),
        heading=heading,
        rows=(tuple(ways), *rows) if ways else rows,
        replaces=True,
        passing=True,
    )


def take_read(session: Session, event: Event, _facts: Facts) -> Turn | None:
    here = {"consultation": session.number("consultation"), "question": session.number("question")}
    page = turned_to(event)
    if page is not None:
        return Turn(session.to("results.read", page=page, **here))
    if isinstance(event, Chose) and event.key == "back":
        return Turn(session.to("results.one", **here))
    return None


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
    back = session.to("results.one", consultation=number, question=session.number("question"))
    match event:
        case Chose(_visit, "yes"):
            paper = Paper("export", {"person": facts.person.id, "consultation": number})
            return Turn(
                back, (Say(_("Here is the file. Keep it safe."), paper=paper),), (ExportAnswers(number),)
            )
        case Chose(_visit, "back"):
            return Turn(back)
    return None


STEPS = (
    Step("results.read", ask_read, take_read, needs=(Written,), roles=READERS),
    Step("results.export", ask_export, take_export, roles=READERS),
)
