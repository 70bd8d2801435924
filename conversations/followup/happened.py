"""/happened: the team says whether what it promised has happened, and closes what it can't keep with a reason."""

from collections.abc import Iterator

from conversations.core.engine import Step, Turn
from conversations.core.events import Asked, Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import (
    back_row,
    home_row,
    number_behind,
    numbered_rows,
    on_page,
    page_turned_to,
    typed_number,
)
from conversations.followup.effects import CloseRevisit, NoteHappened, SayHappened
from conversations.followup.facts import OneRevisit, OpenRevisits, Revisit
from conversations.followup.revisit import promise_text, says_names
from conversations.followup.rounds import OPEN, OWNER_SAYS, ROUNDS
from conversations.outcomes.standing import OwnerSays, Says, standing_text
from conversations.outcomes.wording import text_of, title_of
from conversations.outcomes.write.reasons import SAYS_NOTHING, says_nothing
from conversations.outcomes.write.rules import FIELD_MOST
from conversations.team.rights import Rights

# --- the message ----------------------------------------------------------------------------------


def say_has_it_happened(_session: Session, facts: Facts) -> Say | None:
    """On the due day: has it happened? After the last round: why does it stay as it is?"""
    _, revisit = facts.words, facts[OneRevisit].revisit
    if revisit is None or not facts.person.may(Rights.FOLLOW_UP):
        return None
    look: Row = (Choice(f"/happened {revisit.id}", _("Look at it")),)
    if revisit.state == "owner" and revisit.standing.owner is None:
        heading = _("Has it happened? {title}", title=title_of(revisit.outcome.about, _))
        return Say(
            "\n".join(_promise_lines(revisit, facts)), heading=heading, rows=(_answer_row(revisit, _), look)
        )
    if revisit.state == "reason":
        heading = _("It needs a reason: {title}", title=title_of(revisit.outcome.about, _))
        return Say("\n".join(_promise_lines(revisit, facts)), heading=heading, rows=(look,))
    return None


def _answer_row(revisit: Revisit, _: Words) -> Row:
    names, owner = says_names(_), revisit.standing.owner
    return tuple(
        Choice(f"/happened {revisit.id} {says}", names[says], ticked=says == owner if owner else None)
        for says in OWNER_SAYS
    )


def _promise_lines(revisit: Revisit, facts: Facts) -> Iterator[str]:
    """The promise, its owner, its day and its state, one line each."""
    _, part = facts.words, revisit.part
    yield promise_text(revisit, facts)
    if part.due:
        yield _("By: {date}.", date=_.long_date(part.due))
    if part.owner:
        yield _("Who: {who}. Ask them, if you don't know.", who=text_of(revisit.outcome, part.owner, _))
    yield from count_lines(revisit, _)
    match revisit.state:
        case "owner":
            yield _("In a few weeks I ask those who took part whether it has really happened.")
        case "people":
            yield _("Those who took part are being asked now. They have four weeks.")
        case "reason":
            yield _(
                "It was asked {n} times, and those who took part don't see it done. Close it with a reason, or give it a new day.",
                n=ROUNDS,
            )


def count_lines(revisit: Revisit, _: Words) -> Iterator[str]:
    """The owner's answer and the true counts of the participants' answers. Not for the public."""
    names, standing = says_names(_), revisit.standing
    if standing.owner:
        yield _("You said: {answer}.", answer=names[standing.owner])
    if standing.note:
        yield f"“{standing.note}”"
    said: list[tuple[Says, int]] = [(says, n) for says, n in standing.counts.items() if n]
    if said:
        yield _("They say: {counts}.", counts=", ".join(f"{names[says]} {n}" for says, n in said))
    elif standing.asked:
        yield _("Nobody has answered yet.")


# --- /happened ------------------------------------------------------------------------------------


def open_happened(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """Takes "/happened 12 yes" as an answer; "/happened 12" shows one promise, and /happened lists the open ones."""
    number, _space, word = asked.argument.partition(" ")
    revisit = number_behind(number)
    if revisit is None:
        return Turn(session.goto("happened.list"))
    one = session.goto("happened.one", revisit=revisit)
    if word not in OWNER_SAYS:
        return Turn(one)
    says: OwnerSays = word
    return Turn(one, effects=(SayHappened(revisit, says),))


def ask_list(session: Session, facts: Facts) -> Say:
    _, revisits, page = facts.words, facts[OpenRevisits].revisits, session.notes.get("page")
    heading = _("What stands open")
    if not revisits:
        text = _("Nothing that was promised stands open.")
        return Say(text, heading=heading, rows=(home_row(_),), replaces=True)
    lines = [f"{n + 1}. {_list_line(revisits[n], facts)}" for n in on_page(page, len(revisits))]
    rows = numbered_rows([f"one:{revisit.id}" for revisit in revisits], page, _)
    return Say("\n".join(lines), heading=heading, rows=(*rows, home_row(_)), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    page = page_turned_to(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    ids, number = [revisit.id for revisit in facts[OpenRevisits].revisits], typed_number(event)
    chosen = ids[number - 1] if number and number <= len(ids) else None
    if isinstance(event, Chose):
        chosen = number_behind(event.key, "one:")
    return Turn(session.goto("happened.one", revisit=chosen)) if chosen in ids else None


def _list_line(revisit: Revisit, facts: Facts) -> str:
    _ = facts.words
    states = {
        "waiting": _("You are asked when its day comes."),
        "owner": _("It waits for your answer."),
        "people": _("They are being asked."),
        "reason": _("It needs a reason."),
    }
    if revisit.state == "owner" and revisit.standing.owner:
        states["owner"] = _("They are asked in a few weeks.")
    title = title_of(revisit.outcome.about, _)
    return f"{title}: {promise_text(revisit, facts)} {states.get(revisit.state, '')}".strip()


# --- one of them ----------------------------------------------------------------------------------


def ask_one(_session: Session, facts: Facts) -> Say:
    _, revisit = facts.words, facts[OneRevisit].revisit
    if revisit is None:
        return Say(_("That one isn't there any more."), rows=(_list_row(_),), replaces=True)
    lines = list(_promise_lines(revisit, facts))
    public = standing_text(revisit.standing, facts.rules.small_number, _)
    if public:
        lines += ["", _("Everybody reads: {text}", text=public)]
    rows: list[Row] = []
    if revisit.state in {"owner", "people"}:
        rows.append(_answer_row(revisit, _))
        rows.append((Choice("note", _("Add a line")),))
    if revisit.state in OPEN and revisit.part.stands in {"doing", "will"}:
        rows.append((Choice(f"/promises part {revisit.part.id}", _("Move the day")),))
    if revisit.state in OPEN:
        rows.append((Choice("close", _("Close it with a reason")),))
    heading = title_of(revisit.outcome.about, _)
    return Say("\n".join(lines), heading=heading, rows=(*rows, _list_row(_)), replaces=True)


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    revisit = facts[OneRevisit].revisit
    match event:
        case Chose(_, "note") if revisit and revisit.state in {"owner", "people"}:
            return Turn(session.goto("happened.note", revisit=revisit.id))
        case Chose(_, "close") if revisit and revisit.state in OPEN:
            return Turn(session.goto("happened.close", revisit=revisit.id))
    return None


# --- a note, or a reason to close it --------------------------------------------------------------


def ask_note(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("What should people know about it? One line, such as: one lamp stands, the other comes in May. Everybody can read it.")  # fmt: skip
    return Say(text, rows=(back_row(_),), expects="text", replaces=True)


def take_note(session: Session, event: Event, facts: Facts) -> Turn | None:
    if isinstance(event, Said) and event.text.strip():
        noted = NoteHappened(session.number("revisit"), _one_line(event.text))
        return _take_text(session, event.text, facts, noted)
    return _go_back(session, event)


def ask_close(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    text = _("Why does it stay as it is? Say it as you would to somebody who waits for it. Everybody can read it, and nobody is asked about it again.")  # fmt: skip
    return Say(text, rows=(back_row(_),), expects="text", replaces=True)


def take_close(session: Session, event: Event, facts: Facts) -> Turn | None:
    if isinstance(event, Said) and event.text.strip():
        if says_nothing(event.text):
            return Turn(session, (Say(facts.words(SAYS_NOTHING)),))
        closing = CloseRevisit(session.number("revisit"), _one_line(event.text))
        return _take_text(session, event.text, facts, closing)
    return _go_back(session, event)


def _take_text(session: Session, text: str, facts: Facts, effect: NoteHappened | CloseRevisit) -> Turn:
    _ = facts.words
    if len(_one_line(text)) > FIELD_MOST:
        told = _(
            "That is {n} letters long. Say it in {most}, so that people read it.",
            n=len(text),
            most=FIELD_MOST,
        )
        return Turn(session, (Say(told),))
    return Turn(session.goto("happened.one", revisit=session.number("revisit")), effects=(effect,))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _go_back(session: Session, event: Event) -> Turn | None:
    if isinstance(event, Chose) and event.key == "back":
        return Turn(session.goto("happened.one", revisit=session.number("revisit")))
    return None


def _list_row(_: Words) -> Row:
    return (Choice("/happened", _("All that stands open"), aside=True), *home_row(_))


STEPS = (
    Step("happened.list", ask_list, take_list, needs=(OpenRevisits,), right=Rights.FOLLOW_UP),
    Step("happened.one", ask_one, take_one, needs=(OneRevisit,), right=Rights.FOLLOW_UP),
    Step("happened.note", ask_note, take_note, right=Rights.FOLLOW_UP),
    Step("happened.close", ask_close, take_close, right=Rights.FOLLOW_UP),
)
