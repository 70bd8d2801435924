"""/revisit: participants say whether what was promised has really happened."""

from collections.abc import Iterator

from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.menus import HelpLine
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import number_behind, numbered_rows, on_page, page_turned_to, typed_number
from conversations.followup.effects import AnswerRevisit
from conversations.followup.facts import MyRevisits, OneRevisit, Revisit
from conversations.followup.rounds import SAYS
from conversations.outcomes.standing import Says
from conversations.outcomes.wording import decision_sentence, reading_words, text_of, title_of, with_full_stop
from conversations.people.using import not_used


def says_names(_: Words) -> dict[Says, str]:
    return {"yes": _("Yes"), "partly": _("Partly"), "no": _("No"), "unsure": _("Can't tell")}


def promise_text(revisit: Revisit, facts: Facts) -> str:
    """What a part promised, or says was done, in the language that somebody reads the outcome in."""
    read = reading_words(revisit.outcome, facts.words, facts.library)
    part = revisit.part
    what = with_full_stop(text_of(revisit.outcome, part.what, read))
    return decision_sentence(part.decision, what, read) if part.decision else what


# --- the message ----------------------------------------------------------------------------------


def say_revisit(_session: Session, facts: Facts) -> Say | None:
    """The question, with what was promised. None for somebody who has answered it, or may not."""
    revisit = facts[OneRevisit].revisit
    if revisit is None or revisit.state != "people" or revisit.mine or not revisit.allowed:
        return None
    return _say_question(revisit, facts)


def _say_question(revisit: Revisit, facts: Facts) -> Say:
    _, names = facts.words, says_names(facts.words)
    buttons = [
        Choice(
            f"/revisit {revisit.id} {says}",
            names[says],
            ticked=says == revisit.mine if revisit.mine else None,
        )
        for says in SAYS
    ]
    lines = "\n".join(_lines(revisit, facts))
    return Say(
        lines,
        heading=title_of(revisit.outcome.about, _),
        rows=(tuple(buttons[:2]), tuple(buttons[2:])),
    )


def _lines(revisit: Revisit, facts: Facts) -> Iterator[str]:
    _, part, since = facts.words, revisit.part, revisit.outcome.published
    if since:
        yield _("Our answer of {date} said:", date=_.long_date(since))
    yield promise_text(revisit, facts)
    if part.due:
        yield _("By: {date}.", date=_.long_date(part.due))
    yield ""
    yield _("Has it really happened? You know best what you see.")
    yield _("We show how many said what, not who.")


# --- /revisit -------------------------------------------------------------------------------------


def open_revisit(session: Session, asked: Asked, facts: Facts) -> Turn:
    """Takes "/revisit 12 yes" as an answer without leaving the current step; "/revisit 12 more" takes a comment, and /revisit
    lists what can be answered now.
    """
    if elsewhere := not_used(session, facts):
        return elsewhere
    number, _space, word = asked.argument.partition(" ")
    revisit = number_behind(number)
    if revisit is None or word not in {*SAYS, "more"}:
        return Turn(session.goto("revisit.list"))
    if word == "more":
        return Turn(session.goto("after.more", revisit=revisit))
    says: Says = word  # type: ignore[assignment]
    return Turn(session, (_say_stored(revisit, says, facts),), (AnswerRevisit(revisit, says),))


def _say_stored(revisit: int, says: Says, facts: Facts) -> Say:
    _ = facts.words
    lines = [
        _(
            "I've kept your answer: {answer}. You can change it: tap another one.",
            answer=says_names(_)[says],
        )
    ]
    if says in {"partly", "no"}:
        lines.append(_("Who promised it sees how many of you say so. If most do, it stays open."))
    return Say(" ".join(lines), rows=((Choice(f"/revisit {revisit} more", _("Say more")),),))


def ask_list(session: Session, facts: Facts) -> Say:
    _, revisits, page = facts.words, facts[MyRevisits].revisits, session.notes.get("page")
    home: Row = (Choice("/home", _("Home"), aside=True),)
    heading = _("Has it really happened?")
    if not revisits:
        return Say(_("Nothing to answer here just now."), heading=heading, rows=(home,), replaces=True)
    lines = [f"{n + 1}. {_list_line(revisits[n], facts)}" for n in on_page(page, len(revisits))]
    rows = numbered_rows([f"one:{revisit.id}" for revisit in revisits], page, _)
    return Say("\n".join(lines), heading=heading, rows=(*rows, home), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    ids, number = [revisit.id for revisit in facts[MyRevisits].revisits], typed_number(event)
    chosen = ids[number - 1] if number and number <= len(ids) else None
    if isinstance(event, Chose):
        chosen = number_behind(event.key, "one:")
    if chosen is None or chosen not in ids:
        return None
    return Turn(session.goto("revisit.one", revisit=chosen))


def ask_one(_session: Session, facts: Facts) -> Say:
    _, revisit = facts.words, facts[OneRevisit].revisit
    back: Row = (Choice("/revisit", _("Back"), aside=True),)
    if revisit is None or revisit.state != "people":
        return Say(_("That question is over."), rows=(back,), replaces=True)
    asked = _say_question(revisit, facts)
    return Say(asked.text, heading=asked.heading, rows=(*asked.rows, back), replaces=True)


def take_one(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    return None


def _list_line(revisit: Revisit, facts: Facts) -> str:
    _ = facts.words
    said = promise_text(revisit, facts)
    if revisit.mine is None:
        return said
    return _("{what} You said: {answer}.", what=said, answer=says_names(_)[revisit.mine])


STEPS = (
    Step("revisit.list", ask_list, take_list, needs=(MyRevisits,)),
    Step("revisit.one", ask_one, take_one, needs=(OneRevisit,)),
)
COMMANDS = (
    Command(
        "revisit",
        open_revisit,
        help=(HelpLine(50, "joined", N_("· /revisit: say whether it has really happened.")),),
    ),
)
