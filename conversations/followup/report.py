"""The responses to an outcome, for the team: counts for each question, and people's comments."""

from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Attachment, Choice, Row, Say, Session
from conversations.core.pagination import back_row, page_turned_to
from conversations.followup.counts import AfterCounts, after_results
from conversations.followup.effects import ReadAfter
from conversations.followup.facts import Comments
from conversations.outcomes.wording import title_of
from conversations.results.counting import result_sentences
from conversations.team.rights import Rights


def ask_seen(_session: Session, facts: Facts) -> Say:
    """All counts in one message: the verdict, the pulse, and each promise."""
    _, after = facts.words, facts[AfterCounts]
    if after.outcome is None:
        return Say(_("It has no answer yet that people could say something about."), rows=(_back_row(_session, _),), replaces=True)  # fmt: skip
    results = after_results(after, after.outcome, _)
    lines: list[str] = []
    for question in results.questions:
        if question.answered:
            lines += [question.label, *(f"· {line}" for line in result_sentences(question, _)), ""]
    if not lines:
        lines = [_("Nobody has said anything about it yet.")]
    rows: list[Row] = []
    if len(lines) > 1:
        rows.append((Choice("picture", _("As a picture")),))
    if after.added and facts.person.may(Rights.READ_ANSWERS):
        rows.append((Choice("read", _("Read what they added")),))
    rows.append((Choice("/happened", _("What stands open")),))
    text = "\n".join(lines).strip()
    heading = _("What they say about it: {title}", title=results.title)
    return Say(text, heading=heading, rows=(*rows, _back_row(_session, _)), replaces=True)


def take_seen(session: Session, event: Event, facts: Facts) -> Turn | None:
    after, number = facts[AfterCounts], session.number("consultation")
    match event:
        case Chose(_, "picture") if after.outcome:
            return Turn(session, (_say_picture(number, facts, after),))
        case Chose(_, "read") if after.outcome and after.added and facts.person.may(Rights.READ_ANSWERS):
            reading = session.goto("after.words", consultation=number, page=0)
            return Turn(reading, effects=(ReadAfter(after.outcome.id),))
    return None


def _say_picture(number: int, facts: Facts, after: AfterCounts) -> Say:
    assert after.outcome is not None
    _, results = facts.words, after_results(after, after.outcome, facts.words)
    lines = [
        line
        for question in results.questions
        if question.answered
        for line in (question.label, *result_sentences(question, _))
    ]
    attachment = Attachment("after", {"person": facts.person.id, "consultation": number}, "\n".join(lines))
    return Say("", heading=title_of(after.outcome.about, _), attachment=attachment)


def ask_words(session: Session, facts: Facts) -> Say:
    _, added, page = facts.words, facts[Comments], session.number("page")
    back: Row = back_row(_)
    if not added.texts:
        return Say(_("There is nothing more to read here."), rows=(back,), replaces=True)
    texts = [f"{added.first + place}. {text}" for place, text in enumerate(added.texts, 1)]
    read = added.first + len(added.texts)
    ways = [Choice(f"page:{page - 1}", _("Earlier"), aside=True)] if page else []
    ways += [Choice(f"page:{page + 1}", _("More"), aside=True)] if read < added.total else []
    heading = _("What they added: {first} to {last} of {total}", first=added.first + 1, last=read, total=added.total)  # fmt: skip
    return Say(
        "\n\n".join(texts),
        heading=heading,
        rows=(*((tuple(ways),) if ways else ()), back),
        replaces=True,
        ephemeral=True,
    )


def take_words(session: Session, event: Event, _facts: Facts) -> Turn | None:
    page, number = page_turned_to(event), session.number("consultation")
    if page is not None:
        return Turn(session.goto("after.words", consultation=number, page=page))
    if isinstance(event, Chose) and event.key == "back":
        return Turn(session.goto("after.seen", consultation=number))
    return None


def _back_row(session: Session, _: Words) -> Row:
    number = session.number("consultation")
    return (Choice(f"/results {number}", _("Back"), aside=True), Choice("/home", _("Home"), aside=True))


STEPS = (
    Step("after.seen", ask_seen, take_seen, needs=(AfterCounts,), right=Rights.SEE_TRUE_COUNTS),
    Step("after.words", ask_words, take_words, needs=(Comments,), right=Rights.READ_ANSWERS),
)
